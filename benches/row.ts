/**
 * The parts of `deno task bench`, and the rows of its table.
 *
 * @module
 */

/** The benches by name, in the order in which they run. */
export const BENCHES = ["matmul", "predict", "train", "adam", "scaling"] as const;

/** Name of a bench. */
export type BenchName = typeof BENCHES[number];

/**
 * The systems to time. `limit` is a loop of fused multiply-adds on registers, `copy` moves as
 * many bytes as Adam.
 */
export const SYSTEMS = [
  "ours",
  "ours-int8",
  "tfjs",
  "onnxruntime-web",
  "onnxruntime-node",
  "limit",
  "copy",
] as const;

/** Name of a system. */
export type System = typeof SYSTEMS[number];

/** Work that is timed in one process. */
export interface Part {
  bench: BenchName;
  /** Entities of an image; rows of a matrix; parameters that Adam updates. */
  n: number;
  /** Images at a time. */
  batch: number;
  /** In `matmul`: columns of the left-hand side. */
  depth?: number;
  /** In `scaling`: kind of work. */
  work?: "predict" | "train" | "stream";
  /** In a stream: images of the dataset. */
  images?: number;
  /** In a stream: folder of the dataset. */
  folder?: string;
  /** Width of the network's hidden layers; 500 in the paper. */
  hidden: number;
  /** Approximate time for the part. */
  seconds: number;
  /** The systems to time. */
  systems: readonly System[];
}

/** A row of the table. */
export interface Row {
  bench: BenchName;
  system: System;
  /** Such as `published` or `factored`; in `matmul` the sizes. */
  form: string;
  n: number;
  /** Images of one run, of all workers together; 1 if a system takes one at a time. */
  batch: number;
  /** Number of workers or threads. */
  workers: number;
  /** Median time of a run. */
  median_ms: number;
  /** Interquartile range of the times. */
  spread_ms: number;
  /**
   * The smallest median of a turn, which takes a quarter of a second or one longer run; on a
   * shared machine this is the turn least disturbed by others.
   */
  fastest_ms: number;
  /** Number of timed runs. */
  runs: number;
  /** Backend of `ours` and `tfjs`, such as `wasm (relaxed SIMD)`. */
  backend: string;
  work?: Part["work"];
  images?: number;
  images_per_s?: number;
  gflops?: number;
  /** Median rate as a share of the median FMA limit, which is measured between the runs. */
  percent_of_limit?: number;
  /** Rate of the fastest turn as a share of the greatest FMA limit. */
  fastest_percent?: number;
  /**
   * Peak resident memory of a process that does nothing else, in 10^6 bytes. In streams
   * garbage is collected during the run, so growth means retained memory.
   */
  peak_mb: number;
  /** Resident memory before the process has loaded anything, in 10^6 bytes. */
  idle_mb: number;
}
