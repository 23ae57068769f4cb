/**
 * Compares two systems on the same images.
 *
 * @module
 */

import { alignColumns } from "../src/eval/comparison/table.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import type { AdjustmentPoint } from "../src/pipeline/scoring/logit_adjustment.ts";
import { compareSystems } from "../src/pipeline/system_evaluation.ts";
import { LABEL_PREDICTOR } from "../src/pipeline/systems/systems.ts";
import { checkpointChoices, datasetChoices } from "./_cli/flags/choices.ts";
import {
  DATASET_DEFAULT,
  DATASET_HELP,
  formatOf,
  metricsOf,
  SYSTEM_FLAGS,
  SYSTEM_HELP,
} from "./_cli/flags/evaluation_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printAdjustment, printNotes, printRows } from "./_cli/print/evaluation.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "compare",
  summary:
    "Compare two systems on the same images: the paired difference of every metric with its 95 %\ninterval and p-value (bootstrap over images), and the images where they differ most.",
  positionals: {
    a: { path: "path or name", help: SYSTEM_HELP },
    b: { path: "path or name", help: "System to compare a with, named in the same way" },
  },
  flags: {
    dataset: {
      type: "string",
      path: "path or name",
      unset: `${DATASET_DEFAULT}; ${BUILT_IN} for files`,
      help: DATASET_HELP,
    },
    ...SYSTEM_FLAGS,
    images: { default: 10, help: "Number of images to list" },
  },
  choices: () =>
    Promise.all([
      checkpointChoices(`compare ${LABEL_PREDICTOR}`),
      datasetChoices((name) => `compare <a> <b> --dataset ${name}`),
    ]),
  examples: [
    "compare gpi_linguistic_best gpi_no_context_best",
    "compare mine.jsonl theirs.jsonl --dataset vrd --task predcls",
  ],
}, async (options) => {
  const curve: AdjustmentPoint[] = [];
  const settings = {
    ...options,
    metrics: metricsOf(options),
    onAdjustment: (points: readonly AdjustmentPoint[]) => curve.push(...points),
  };
  const found = await compareSystems(settings, listenerOf(options));
  const { metric, k, images, names } = found.differing;
  printRows(found, options);
  printAdjustment(curve, options);
  const format = formatOf(options);
  if (format === "json") {
    for (const image of images) console.log(JSON.stringify({ metric, k, ...image }));
  }
  if (format !== "text") return;
  console.log(`\nImages that differ most in ${k === null ? metric : `${metric}@${k}`}:`);
  const table = images.map(({ image, a, b, rows }) => [image, `${a}`, `${b}`, `${rows}`]);
  console.log(alignColumns([["image", ...names, "rows"], ...table]));
  printNotes(found.evaluations, found.dataset, options);
});
