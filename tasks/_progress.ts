/**
 * Progress on stderr: a bar with rate and time left in a terminal, a plain line every few
 * seconds elsewhere.
 *
 * @module
 */

import { SingleBar } from "cli-progress";
import process from "node:process";

/** Milliseconds between two drawings in a terminal. */
const TERMINAL_INTERVAL = 100;
/** Milliseconds between two lines elsewhere, such as in a log. */
const LOG_INTERVAL = 5000;
/** Characters of a whole bar. */
const WIDTH = 24;

/** What cli-progress, which has no types, says of a bar when it is drawn. */
interface BarState {
  progress: number;
  value: number;
  total: number;
}

/** Shows how far a job is. */
export interface ProgressBar {
  /**
   * @param done How much is done.
   * @param total How much there is to do.
   * @param note A few words for the end of the line.
   */
  update(done: number, total: number, note?: string): void;
  /** Draws the last state and ends the line. */
  done(): void;
}

/**
 * A progress bar on stderr.
 *
 * @param label What is being done, such as `train`.
 * @param unit What is counted, such as `images`; `bytes` are shown as MB.
 * @param options `quiet` or `json` (the flags of those names): show nothing.
 * @returns The bar; nothing is shown before its first update.
 *
 * @example
 * ```ts
 * import { progressBar } from "./_progress.ts";
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
  const start = performance.now();
  let note = "";
  const bar = new SingleBar({
    fps: 1000 / TERMINAL_INTERVAL,
    stream: process.stderr,
    linewrap: false,
    format: (_options: unknown, params: BarState) => {
      const filled = Math.round(WIDTH * params.progress);
      const drawn = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      const seconds = (performance.now() - start) / 1000;
      return `${label} ${drawn} ${
        progressText(params.value, params.total, seconds, unit, note)
      }`;
    },
  });
  let isStarted = false;
  return {
    update(done, total, text = "") {
      note = text;
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
  const start = performance.now();
  let last = start;
  let line = "";
  let isShown = true;
  const show = (now: number) => {
    console.error(line);
    last = now;
    isShown = true;
  };
  return {
    update(done, total, note = "") {
      const now = performance.now();
      const text = progressText(done, total, (now - start) / 1000, unit, note);
      line = `${label} ${text}`;
      isShown = false;
      if (now - last >= LOG_INTERVAL) show(now);
    },
    done() {
      if (!isShown) show(performance.now());
    },
  };
}

/**
 * What stands beside the bar.
 *
 * @param done How much is done.
 * @param total How much there is to do.
 * @param seconds Time since the start.
 * @param unit What is counted.
 * @param note A few words for the end.
 * @returns Such as `40% 400/1000 images, 80 images/s, 8s left, loss 1.2`.
 */
export function progressText(
  done: number,
  total: number,
  seconds: number,
  unit: string,
  note = "",
): string {
  const percent = total > 0 ? Math.floor(100 * done / total) : 100;
  const rate = done / Math.max(seconds, 1e-3);
  const isBytes = unit === "bytes";
  const amount = (value: number) => isBytes ? (value / 1e6).toFixed(1) : String(value);
  const name = isBytes ? "MB" : unit;
  const speed = isBytes
    ? (rate / 1e6).toFixed(1)
    : rate < 10
    ? rate.toFixed(1)
    : rate.toFixed(0);
  const time = done >= total
    ? `in ${duration(seconds)}`
    : done === 0
    ? "? left"
    : `${duration((total - done) / rate)} left`;
  const counts = `${percent}% ${amount(done)}/${amount(total)} ${name}`;
  return `${counts}, ${speed} ${name}/s, ${time}${note && `, ${note}`}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h${Math.floor(whole % 3600 / 60)}m`;
}
