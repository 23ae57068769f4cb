/**
 * Which graphs are searched or exported.
 *
 * @module
 */

import type { SplitName } from "../../../src/dataset/manifest.ts";
import type { PredictedImages } from "../../../src/pipeline/graphs/predicted_graphs.ts";
import type { Flags } from "./flags.ts";

/** Help for an argument that names graphs. */
export const GRAPHS_HELP =
  "Dataset (its annotated graphs), a .jsonl file of predict --json, or, with --dataset, a file of predictions as score reads them";

/** The images that a file of predictions is of. */
export const PREDICTION_FLAGS = {
  dataset: {
    type: "string",
    path: "path or name",
    unset: "no file of predictions is searched",
    help: "Dataset of the file of predictions",
  },
  split: {
    default: "test",
    values: ["train", "validation", "test"],
    help: "Its split, with --dataset",
  },
} as const satisfies Flags;

/** The images that the flags name. */
export function predictedImages(
  { dataset, split }: { dataset?: string; split: SplitName },
): PredictedImages | undefined {
  return dataset === undefined ? undefined : { dataset, split };
}
