/**
 * The flags that all evaluating tasks share.
 *
 * @module
 */

import { Photographs } from "../../../src/dataset/photographs.ts";
import type { TableFormat } from "../../../src/eval/comparison/table.ts";
import { BY_SEEN, METRIC_NAMES, parseMetrics } from "../../../src/eval/metric.ts";
import { TASKS } from "../../../src/eval/protocol.ts";
import { CONTROL } from "../../../src/pipeline/model_systems.ts";
import { BACKEND_FLAG, PRECISION_FLAG, WORKERS_FLAG } from "./compute_flags.ts";
import type { Flags, Options } from "./flags.ts";

/** Help for an argument that names a system. */
export const SYSTEM_HELP =
  'Checkpoint (name, path or address), file of predictions (path or address), "label_predictor" (the logits in the dataset), or "frequency" (counts of its training relations)';

/** Help for an argument or flag that names a dataset to evaluate on. */
export const DATASET_HELP =
  "Processed dataset: a name in data/processed, a path, or an address";

/** Describes its default. */
export const DATASET_DEFAULT = `the one that the first checkpoint was trained on`;

/** Which runs of which models are evaluated, on what, beside what. */
export const MODEL_FLAGS = {
  dataset: {
    type: "string",
    path: "path or name",
    unset: DATASET_DEFAULT,
    help: DATASET_HELP,
  },
  control: {
    type: "string",
    path: "path or name",
    unset: `the ${CONTROL} checkpoint of the same name, if it exists`,
    help: 'System to compare with; "none" for no control',
  },
  seeds: {
    default: 1,
    min: 1,
    help: "Number of runs to average, trained with the same --seeds",
  },
} as const satisfies Flags;

/** Where a dataset's photographs are. */
export const PHOTOGRAPHS_FLAG = {
  type: "string",
  path: "path",
  unset: '"photographs" in the folder of the dataset, if it is there',
  help:
    "Folder with the dataset's photographs, to be shown under the boxes; found by fileName or id",
} as const;

/** Tells of a wrong `--photographs` before the work. */
export async function checkPhotographs(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await Photographs.open(folder);
}

/** How results are printed. */
export const PRINT_FLAGS = {
  csv: { default: false, help: "Print the table as CSV" },
  latex: { default: false, help: "Print the table as LaTeX" },
  perPredicate: {
    default: false,
    help:
      "Also print a table of all predicates, beside the baselines; adds mR to --metrics if no mean is there",
  },
} as const satisfies Flags;

/**
 * The flags of a task that evaluates.
 *
 * @param metrics The default of `--metrics`.
 * @param tasks The default of `--task`, described for `--help`.
 * @param protocols The default of `--protocol`, described for `--help`.
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
      help: "Split of the dataset to score",
    },
    task: {
      type: "string",
      unset: tasks,
      help: `Tasks, comma-separated: ${TASKS.join(", ")}`,
    },
    protocol: {
      type: "string",
      unset: protocols,
      help:
        "Protocols, comma-separated: sgp, motifs, sgg-benchmark, vrd; options follow a +, see docs/evaluation.md",
    },
    metrics: {
      default: metrics,
      help: `Metrics, comma-separated: ${METRIC_NAMES}; see docs/metrics.md`,
    },
    k: {
      default: [20, 50, 100],
      min: 1,
      help: "Values of K in recall@K: how many top candidates of an image count",
    },
    zeroShot: {
      type: "string",
      path: "path",
      unset: "every triplet that is absent from training",
      help: "File with the zero-shot triplets: .json, or KaihuaTang's .pytorch",
    },
    missing: {
      default: "refuse",
      values: ["refuse", "skip", "empty"],
      help:
        "If images lack a prediction: refuse the file, skip them, or score them as empty, which each protocol treats as its program does (motifs and vrd count 0, sgp and sgg-benchmark leave them out)",
    },
    threshold: {
      type: "number",
      unset: "none",
      help: "Leave out predicted triplets of a lower score",
    },
    perImage: {
      type: "string",
      unset: "none",
      help: "JSONL file to write: hits, ranks and missed triplets of each image",
    },
    testSize: {
      default: [600, 1000],
      min: 1,
      help:
        "KaihuaTang's files have boxes of resized images: shorter side, limit of the longer one",
    },
    boxScale: {
      default: 1024,
      help:
        "neural-motifs' files have boxes of an image whose longer side is this; 0: the image as it is",
    },
    logitAdjustment: {
      type: "string",
      unset: "none",
      help:
        "Make frequent predicates less likely, rare ones more: strength (0.5), or auto for the best F1 on the validation images",
    },
    limit: {
      type: "integer",
      min: 1,
      unset: "all",
      help: "Score only the first n images",
    },
    resamples: {
      default: 1000,
      min: 10,
      help: "Number of bootstrap resamples of the images",
    },
    backend: BACKEND_FLAG,
    deterministic: {
      default: false,
      help: "On wasm, use plain SIMD, whose results are the same on every machine",
    },
    precision: PRECISION_FLAG,
    workers: WORKERS_FLAG,
    ...PRINT_FLAGS,
    bySeen: {
      default: false,
      help:
        "Add recall by the number of times that training has a triplet: 0, 1 to 5, 6 to 50, more",
    },
  } as const satisfies Flags;
}

/** The flags of `score` and `compare`. */
export const SYSTEM_FLAGS = evaluationFlags(
  "R,ngR,mR",
  "the task that a file of predictions names, else sgcls, or predcls if the dataset has given labels",
  "motifs; vrd for preddet and on VRD",
);

/** The values of these flags. */
export type EvaluationFlags = Options<
  Record<never, never>,
  ReturnType<typeof evaluationFlags>
>;

/**
 * The metrics to compute: the table of predicates has those that are means over them, and
 * `--by-seen` adds its own.
 */
export function metricsOf(
  { metrics, perPredicate, bySeen }: Pick<
    EvaluationFlags,
    "metrics" | "perPredicate" | "bySeen"
  >,
): string {
  const hasMean = parseMetrics(metrics).some(({ kind, group }) =>
    kind === "mean" && !group
  );
  return metrics + (perPredicate && !hasMean ? ",mR" : "") +
    (bySeen ? `,${BY_SEEN}` : "");
}

/** The output format that the flags choose. */
export function formatOf(
  { json, csv, latex }: Pick<EvaluationFlags, "json" | "csv" | "latex">,
): TableFormat {
  return json ? "json" : csv ? "csv" : latex ? "latex" : "text";
}
