/**
 * What `deno task bench` measures: its parts, and one line of its table.
 *
 * @module
 */

/** The benches by name, in the order in which they run. */
export const BENCHES = ["matmul", "predict", "train", "adam", "scaling"] as const;

/** One of them. */
export type BenchName = typeof BENCHES[number];

/**
 * Who is timed. Beside ours and their peers: `limit` is a bare loop of fused
 * multiply-adds on registers, `copy` moves as many bytes as Adam has to.
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

/** One of them. */
export type System = typeof SYSTEMS[number];

/** Work that is timed together, in a process of its own. */
export interface Part {
  bench: BenchName;
  /** Entities of an image; rows of a matrix; parameters that Adam updates. */
  n: number;
  /** Images at a time. */
  batch: number;
  /** Of a matrix product: columns of its left-hand side. */
  depth?: number;
  /** Of scaling: what is done with the images. */
  work?: "predict" | "train" | "stream";
  /** Of a stream: images of the dataset, and where it lies. */
  images?: number;
  folder?: string;
  /** Width of the network's hidden layers; 500 in the paper. */
  hidden: number;
  /** Time for the part, about. */
  seconds: number;
  /** Who takes part. */
  systems: readonly System[];
}

/** One line of the table. */
export interface Row {
  bench: BenchName;
  system: System;
  /** `published` or `factored`; of a matrix product its sizes. */
  form: string;
  n: number;
  /** Images of one run; less than asked for where a system takes seconds an image. */
  batch: number;
  /** Workers or threads. */
  workers: number;
  /** Of one run. */
  median_ms: number;
  /** Between the quartiles. */
  spread_ms: number;
  /**
   * The least median of a turn, which is a quarter of a second or one longer run: on a
   * shared machine the turn that others disturbed least.
   */
  fastest_ms: number;
  /** Runs that were timed. */
  runs: number;
  /** What ours and tfjs run on, such as `wasm (relaxed SIMD)`. */
  backend: string;
  work?: Part["work"];
  images?: number;
  images_per_s?: number;
  gflops?: number;
  /** Of the FMA limit, measured between the runs: the medians of both. */
  percent_of_limit?: number;
  /** The same of the fastest turn and the greatest limit. */
  fastest_percent?: number;
  /**
   * Peak resident memory of a process that does nothing else, in 10^6 bytes; of a stream,
   * where garbage is collected on the way.
   */
  peak_mb: number;
  /** The same before the process has loaded anything. */
  idle_mb: number;
}
