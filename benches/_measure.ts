/**
 * Times systems in turns, so that whatever else the machine does hits all of them alike.
 *
 * @module
 */

/** One line of the table. */
export interface Row {
  bench: "matmul" | "predict" | "train" | "adam";
  system: string;
  form: string;
  n: number;
  batch: number;
  workers: number;
  median_ms: number;
  /** Between the quartiles. */
  spread_ms: number;
  images_per_s?: number;
  gflops?: number;
  /** Of the FMA limit measured between the runs. */
  percent_of_limit?: number;
  peak_mb: number;
}

/** A system to time. */
export interface Contender {
  system: string;
  form: string;
  /** Images of one run, if not the work's. */
  batch?: number;
  run: () => unknown;
}

/** What {@linkcode measure} says of the rows. */
export interface Work {
  bench: Row["bench"];
  n: number;
  batch: number;
  /** Useful floating-point operations for one image of a run; none: no rate. */
  flops?: number;
  /** Whether a run is for `batch` images. */
  hasImages: boolean;
}

/** At least so many turns, and turns for so many milliseconds. */
const LEAST_TURNS = 5, LEAST_MS = 2500;

/**
 * Times contenders by turns, after two runs of each that do not count.
 *
 * @param contenders Who takes part.
 * @param work What one run is.
 * @param limit Measures the FMA limit, in each turn.
 */
export async function measure(
  contenders: readonly Contender[],
  work: Work,
  limit: () => number,
): Promise<Row[]> {
  const times: number[][] = contenders.map(() => []), limits: number[] = [];
  for (const { run } of [...contenders, ...contenders]) await run();
  const end = performance.now() + LEAST_MS;
  while (limits.length < LEAST_TURNS || performance.now() < end && limits.length < 200) {
    limits.push(limit());
    for (const [i, { run }] of contenders.entries()) {
      const start = performance.now();
      await run();
      times[i].push(performance.now() - start);
    }
  }
  const best = quantile(limits, 0.5);
  return contenders.map(({ system, form, batch = work.batch }, i) => {
    const median = quantile(times[i], 0.5);
    const gflops = work.flops === undefined
      ? undefined
      : work.flops * batch / median / 1e6;
    return {
      ...{ bench: work.bench, system, form, n: work.n, batch, workers: 1 },
      median_ms: median,
      spread_ms: quantile(times[i], 0.75) - quantile(times[i], 0.25),
      ...(work.hasImages && { images_per_s: batch * 1000 / median }),
      ...(gflops !== undefined && { gflops, percent_of_limit: 100 * gflops / best }),
      peak_mb: Deno.memoryUsage().rss / 1e6,
    };
  });
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
}
