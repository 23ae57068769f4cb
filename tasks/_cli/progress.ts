/**
 * Progress on stderr: in a terminal a bar with rate and remaining time, elsewhere a plain
 * line every few seconds.
 *
 * @module
 */

import { SingleBar } from "./deps_cli_progress.ts";
import process from "node:process";

/** Milliseconds between two updates in a terminal. */
const TERMINAL_INTERVAL = 100;
/** Milliseconds between two lines in a log. */
const LOG_INTERVAL = 5000;
/** Width of the bar in characters. */
const WIDTH = 24;

/** Shows the progress of a job. */
export interface ProgressBar {
  /**
   * Shows the current state.
   *
   * @param done Units done so far.
   * @param total Units of the whole job.
   * @param note A few words for the end of the line.
   */
  update(done: number, total: number, note?: string): void;
  /** Draws the last state and ends the line. */
  done(): void;
}

/**
 * Creates a progress bar on stderr.
 *
 * @param label Name of the job, such as `train`.
 * @param unit Unit of its progress, such as `images`; `bytes` are shown as MB.
 * @param options `quiet` or `json` (the flags of those names): show nothing.
 * @returns The bar; nothing is shown before its first update.
 *
 * @example
 * ```ts
 * import { progressBar } from "./progress.ts";
 * const bar = progressBar("count", "numbers", { quiet: true });
 * for (let i = 0; i <= 10; i++) bar.update(i, 10, `at ${i}`);
 * bar.done();
 * ```
 */
export function progressBar(
  label: string,
  unit: string,
  options: { quiet?: boolean; json?: boolean } = {},
): ProgressBar {
  if (options.quiet || options.json) return { update() {}, done() {} };
  return Deno.stderr.isTerminal() ? terminalBar(label, unit) : logLines(label, unit);
}

function terminalBar(label: string, unit: string): ProgressBar {
  const textOf = pace(unit);
  let text = "";
  const bar = new SingleBar({
    fps: 1000 / TERMINAL_INTERVAL,
    stream: process.stderr,
    linewrap: false,
    format: (_options: unknown, { progress }: { progress: number }) => {
      const filled = Math.round(WIDTH * progress);
      return `${label} ${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${text}`;
    },
  });
  let isStarted = false;
  return {
    update(done, total, note) {
      text = textOf(done, total, note);
      if (!isStarted) bar.start(total, done);
      isStarted = true;
      bar.setTotal(total);
      bar.update(done);
    },
    done() {
      bar.stop();
    },
  };
}

function logLines(label: string, unit: string): ProgressBar {
  const textOf = pace(unit);
  let last = performance.now();
  let line = "";
  let isShown = true;
  const show = (now: number) => {
    console.error(line);
    last = now;
    isShown = true;
  };
  return {
    update(done, total, note) {
      const now = performance.now();
      line = `${label} ${textOf(done, total, note)}`;
      isShown = false;
      if (now - last >= LOG_INTERVAL) show(now);
    },
    done() {
      if (!isShown) show(performance.now());
    },
  };
}

/** Gives {@linkcode progressText} the time, and the progress from before this process. */
function pace(unit: string) {
  const start = performance.now();
  let from: number | undefined;
  return (done: number, total: number, note?: string) => {
    const seconds = (performance.now() - start) / 1000;
    // Progress reported at once was made earlier, by a training or download that resumes.
    from ??= seconds < 0.5 ? done : 0;
    return progressText(done, total, { seconds, from, unit, note });
  };
}

/**
 * The text beside the bar.
 *
 * @param done Units done so far.
 * @param total Units of the whole job.
 * @param options `seconds` since the start, units done before it (`from`), name of the
 * `unit`, and a few words for the end (`note`).
 * @returns Such as `40% 400/1000 images, 80 images/s, 8s left, loss 1.2`.
 */
export function progressText(
  done: number,
  total: number,
  options: { seconds: number; from?: number; unit: string; note?: string },
): string {
  const { seconds, from = 0, unit, note } = options;
  const percent = total > 0 ? Math.floor(100 * done / total) : 100;
  const isBytes = unit === "bytes";
  const amount = (value: number) => isBytes ? (value / 1e6).toFixed(1) : String(value);
  const name = isBytes ? "MB" : unit;
  const rate = (done - from) / Math.max(seconds, 1e-3);
  const shownRate = isBytes ? rate / 1e6 : rate;
  const parts = [`${percent}% ${amount(done)}/${amount(total)} ${name}`];
  if (done > from) {
    parts.push(
      shownRate < 0.1
        ? `${(60 * shownRate).toFixed(1)} ${name}/min`
        : `${shownRate.toFixed(shownRate < 10 ? 1 : 0)} ${name}/s`,
    );
  }
  if (done >= total) parts.push(`in ${duration(seconds)}`);
  else if (done > from) parts.push(`${duration((total - done) / rate)} left`);
  if (note) parts.push(note);
  return parts.join(", ");
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h${Math.floor(whole % 3600 / 60)}m`;
}
