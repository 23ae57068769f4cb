/**
 * The flags that say what a task computes on.
 *
 * @module
 */

import { PRECISIONS } from "../../src/model/int8.ts";
import { MOST_WORKERS } from "../../src/train/worker_pool.ts";

/** For every task that runs a network. */
export const BACKEND_FLAG = {
  values: ["wasm", "webgpu", "cpu"],
  unset:
    "webgpu if there is a real GPU, else wasm; wasm for int8 or deterministic results",
  help: "What to compute on",
} as const;

/** For every task that predicts. */
export const PRECISION_FLAG = {
  default: "float32",
  values: PRECISIONS,
  help: "int8: hidden layers in 8 bits, on wasm",
} as const;

/** For every task that trains or evaluates. */
export const WORKERS_FLAG = {
  type: "integer",
  min: 1,
  max: MOST_WORKERS,
  unset: "wasm: one a core",
  help: "Cores to compute on; more than 1 only with wasm",
} as const;
