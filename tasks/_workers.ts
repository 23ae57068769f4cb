/**
 * The flag that says how many cores to use.
 *
 * @module
 */

import { MOST_WORKERS } from "../src/train/worker_pool.ts";

/** For every task that trains or evaluates. */
export const WORKERS_FLAG = {
  type: "integer",
  min: 1,
  max: MOST_WORKERS,
  unset: "wasm: one a core",
  help: "Cores to compute on; more than 1 only with wasm",
} as const;
