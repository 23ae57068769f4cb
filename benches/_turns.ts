/**
 * Times systems in turns, so that other work on the machine disturbs all of them alike.
 *
 * @module
 */

import { checkOutputs, type Contender, type Runner } from "./_contender.ts";
import type { Part, Row } from "./row.ts";

/** Milliseconds for which a contender runs in its turn. */
const TURN_MS = 250;

/** A system whose run takes more milliseconds than this is warm after one run. */
const SLOW_MS = 1000;

/** Least number of turns; two if a turn of all contenders takes over `LONG_TURN_MS`. */
const LEAST_TURNS = 3, LONG_TURN_MS = 15_000;

/** A row without the fields that are the same for the whole process. */
export type TimedRow = Omit<Row, "peak_mb" | "idle_mb" | "backend">;

/**
 * Compares the outputs of all contenders with the first one's, then times them in turns.
 *
 * @param part The work, and its time.
 * @param contenders The systems.
 * @param limit Measures the FMA limit in GFLOP/s; called in each turn.
 * @returns A row for each contender.
 */
export async function timeInTurns(
  part: Part,
  contenders: readonly Contender[],
  limit: () => number,
): Promise<TimedRow[]> {
  const ready = await startAll(contenders);
  const runners = ready.map(({ runner }) => runner), durations: number[] = [];
  for (const { runner, milliseconds } of ready) {
    durations.push(milliseconds > SLOW_MS ? milliseconds : await warmUp(runner));
  }
  const times: number[][][] = contenders.map(() => []), limits: number[] = [];
  const begin = performance.now(), end = begin + 1000 * part.seconds;
  let turns = 0, longest = 0;
  const least = () => longest > LONG_TURN_MS ? 2 : LEAST_TURNS;
  while (turns < least() || performance.now() < end) {
    const turnBegin = performance.now();
    limits.push(limit());
    for (const [i, { run }] of runners.entries()) {
      // An untimed run, since the caches still hold the data of the contender before.
      if (durations[i] < TURN_MS) await run();
      const ofTurn: number[] = [];
      const turnEnd = performance.now() + Math.min(TURN_MS, 250 * part.seconds);
      do ofTurn.push(await timeOf(run)); while (performance.now() < turnEnd);
      times[i].push(ofTurn);
    }
    turns++;
    longest = Math.max(longest, performance.now() - turnBegin);
  }
  return contenders.map((contender, i) => rowOf(part, contender, times[i], limits));
}

/** Runs a contender alone, to measure its memory. */
export async function runAlone(contender: Contender): Promise<void> {
  const runner = await contender.start();
  if (runner.alone) await runner.alone();
  else await warmUp(runner);
}

/** Starts all contenders and compares their outputs; returns the time that these took. */
async function startAll(
  contenders: readonly Contender[],
): Promise<{ runner: Runner; milliseconds: number }[]> {
  const ready: { runner: Runner; milliseconds: number }[] = [];
  let expected: readonly ArrayLike<number>[] | undefined;
  for (const contender of contenders) {
    const runner = await contender.start();
    const start = performance.now();
    const outputs = await runner.outputs?.();
    ready.push({ runner, milliseconds: performance.now() - start });
    expected ??= outputs;
    if (outputs && expected) checkOutputs(contender, outputs, expected);
  }
  return ready;
}

/** Runs a system until the engine has compiled it; returns the last run's milliseconds. */
async function warmUp({ run }: Runner): Promise<number> {
  const first = await timeOf(run);
  return first > SLOW_MS ? first : await timeOf(run);
}

async function timeOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function rowOf(
  { bench, n, batch: asked, work, images }: Part,
  { system, form, workers = 1, batch = asked, flops }: Contender,
  turns: readonly number[][],
  limits: readonly number[],
): TimedRow {
  const times = turns.flat(), median = quantile(times, 0.5);
  const fastest = Math.min(...turns.map((ofTurn) => quantile(ofTurn, 0.5)));
  const gflops = flops === undefined ? undefined : flops / median / 1e6;
  const numImages = images ??
    (["predict", "train", "scaling"].includes(bench) ? batch : undefined);
  return {
    ...{ bench, ...(work && { work }), system, form, n, batch, workers },
    ...(images !== undefined && { images }),
    median_ms: median,
    spread_ms: quantile(times, 0.75) - quantile(times, 0.25),
    fastest_ms: fastest,
    runs: times.length,
    ...(numImages !== undefined && { images_per_s: 1000 * numImages / median }),
    ...(gflops !== undefined && {
      gflops,
      percent_of_limit: 100 * gflops / quantile(limits, 0.5),
      fastest_percent: 100 * gflops * median / fastest / Math.max(...limits),
    }),
  };
}

/** Quantile of numbers, interpolated between neighbours. */
function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1), below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
