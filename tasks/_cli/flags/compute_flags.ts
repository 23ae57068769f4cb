/**
 * The flags that choose backend, precision and number of cores.
 *
 * @module
 */

import { PRECISIONS } from "../../../src/model/int8.ts";
import { MOST_WORKERS } from "../../../src/train/worker_pool.ts";

/** For every task that runs a network. */
export const BACKEND_FLAG = {
  values: ["wasm", "webgpu", "cpu"],
  unset:
    "webgpu if a real GPU is present, else wasm; wasm for int8 or deterministic results",
  help: "Backend to compute on",
} as const;

/** For every task that predicts. */
export const PRECISION_FLAG = {
  default: "float32",
  values: PRECISIONS,
  help: "Precision of the hidden layers; int8 needs wasm",
} as const;

/** For every task that trains or evaluates. */
export const WORKERS_FLAG = {
  type: "integer",
  min: 1,
  max: MOST_WORKERS,
  unset: "one per core on wasm, else 1",
  help: "Number of CPU cores to use; more than 1 needs wasm",
} as const;
