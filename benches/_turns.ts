/**
 * Times systems in turns, so that whatever else the machine does hits all of them alike.
 *
 * @module
 */

import { checkOutputs, type Contender, type Runner } from "./_contender.ts";
import type { Part, Row } from "./row.ts";

/** What one contender does before it is the next one's turn: runs for so long. */
const TURN_MS = 250;

/** A run that takes longer is warm after one. */
const SLOW_MS = 1000;

/** Turns at least; where one takes longer than {@linkcode LONG_TURN_MS}, two. */
const LEAST_TURNS = 3, LONG_TURN_MS = 15_000;

/** A row without what the process knows. */
export type TimedRow = Omit<Row, "peak_mb" | "idle_mb" | "backend">;

/**
 * Compares the outputs of all contenders with the first one's, then times them by turns.
 *
 * @param part What is timed, and for how long.
 * @param contenders Who takes part.
 * @param limit Measures the FMA limit in GFLOP/s, in each turn.
 */
export async function timeInTurns(
  part: Part,
  contenders: readonly Contender[],
  limit: () => number,
): Promise<TimedRow[]> {
  const ready = await startAll(contenders);
  const runners = ready.map(({ runner }) => runner), slowness: number[] = [];
  for (const { runner, milliseconds } of ready) {
    slowness.push(milliseconds > SLOW_MS ? milliseconds : await warmUp(runner));
  }
  const times: number[][][] = contenders.map(() => []), limits: number[] = [];
  const begin = performance.now(), end = begin + 1000 * part.seconds;
  let turns = 0, longest = 0;
  const least = () => longest > LONG_TURN_MS ? 2 : LEAST_TURNS;
  while (turns < least() || performance.now() < end) {
    const turnBegin = performance.now();
    limits.push(limit());
    for (const [i, { run }] of runners.entries()) {
      // The caches still hold what the one before has used.
      if (slowness[i] < TURN_MS) await run();
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

/** Alone, for its memory. */
export async function runAlone(contender: Contender): Promise<void> {
  const runner = await contender.start();
  if (runner.alone) await runner.alone();
  else await warmUp(runner);
}

/** Each with the time that its outputs took, if they were compared. */
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

/** Runs it until the engine has compiled it; gives the milliseconds of the last run. */
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

/** With a share of both neighbours where it falls between two numbers. */
function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1), below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
