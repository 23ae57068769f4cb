/**
 * The flags of every task that evaluates.
 *
 * @module
 */

import type { TableFormat } from "../../src/eval/comparison/table.ts";
import { TASKS } from "../../src/eval/protocol.ts";
import { BACKEND_FLAG, PRECISION_FLAG, WORKERS_FLAG } from "./compute_flags.ts";
import type { Flags, Options } from "./flags.ts";

/** What a task takes for a system. */
export const SYSTEM_HELP =
  'Checkpoint by name or path, file of predictions, or "label_predictor", the data\'s own logits';

/**
 * The flags of `eval`, `score` and `compare`.
 *
 * @param metrics The metrics by default.
 * @param tasks The tasks by default, in words.
 * @param protocols The protocols by default, in words.
 */
export function evaluationFlags<const M extends string>(
  metrics: M,
  tasks: string,
  protocols: string,
) {
  return {
    split: {
      default: "test",
      values: ["train", "validation", "test"],
      help: "Part of the dataset",
    },
    task: { type: "string", unset: tasks, help: `Of ${TASKS.join(", ")}` },
    protocol: {
      type: "string",
      unset: protocols,
      help: "Of sgp, motifs, sgg-benchmark, vrd; changes after +, see docs/evaluation.md",
    },
    metrics: {
      default: metrics,
      help: "Of R, ngR, mR, ngmR, zR, ngzR, sR, R/10, A, F1, ngF1, pR, accuracy",
    },
    k: { default: [20, 50, 100], min: 1, help: "Numbers of candidates" },
    zeroShot: {
      type: "string",
      path: "path",
      unset: "all that training does not have",
      help: "List of zero-shot triplets: .json, or KaihuaTang's .pytorch",
    },
    missing: {
      default: "refuse",
      values: ["refuse", "skip", "empty"],
      help:
        "Images that a file of predictions leaves out: refuse, skip as the originals do, or score as empty",
    },
    limit: { type: "integer", min: 1, unset: "all", help: "Only the first n images" },
    resamples: { default: 1000, min: 10, help: "Resamples of the bootstrap" },
    backend: BACKEND_FLAG,
    deterministic: {
      default: false,
      help: "wasm: plain SIMD, whose results are the same on every machine",
    },
    precision: PRECISION_FLAG,
    workers: WORKERS_FLAG,
    csv: { default: false, help: "Print CSV" },
    latex: { default: false, help: "Print LaTeX" },
    perPredicate: { default: false, help: "Print a table of all predicates, too" },
  } as const satisfies Flags;
}

/** The flags' values. */
export type EvaluationFlags = Options<
  Record<never, never>,
  ReturnType<typeof evaluationFlags>
>;

/** The format that the flags ask for. */
export function formatOf(
  { json, csv, latex }: Pick<EvaluationFlags, "json" | "csv" | "latex">,
): TableFormat {
  return json ? "json" : csv ? "csv" : latex ? "latex" : "text";
}
