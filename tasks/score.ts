/**
 * Scores one system on a dataset.
 *
 * @module
 */

import { openDataset } from "../src/pipeline/datasets.ts";
import { entityOrders } from "../src/pipeline/image_results.ts";
import { scoreSystem } from "../src/pipeline/system_evaluation.ts";
import { LABEL_PREDICTOR } from "../src/pipeline/systems.ts";
import { checkpointChoices, datasetChoices } from "./_cli/choices.ts";
import {
  DATASET_HELP,
  formatOf,
  SYSTEM_FLAGS,
  SYSTEM_HELP,
} from "./_cli/evaluation_flags.ts";
import { MissingArgumentError } from "./_cli/flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "score",
  summary:
    "Score a checkpoint or the predictions of any other system, with 95 % intervals from a bootstrap\nover images. Predictions are JSON or JSONL as in docs/predictions.md, .npz, KaihuaTang's\ncustom_prediction.json or .pkl, SGBench's JSON, neural-motifs' .pkl, or Lu et al.'s .mat.",
  positionals: {
    system: { path: "path or name", help: SYSTEM_HELP, unset: "none, with --order" },
    dataset: { path: "path or name", help: DATASET_HELP, unset: "none" },
  },
  flags: {
    order: {
      default: false,
      help:
        "Score nothing: print the entities of each image of a split, in the order in which predictions index them",
    },
    ...SYSTEM_FLAGS,
  },
  choices: () =>
    Promise.all([
      checkpointChoices("score", " <dataset>"),
      datasetChoices((name) => `score ${LABEL_PREDICTOR} ${name}`),
    ]),
  examples: [
    "score mine.jsonl vrd --task preddet --metrics R,R/70,zR --k 50,100",
    "score custom_prediction.json vg150 --protocol motifs,sgg-benchmark --test-size 800,1333",
    "score --order vrd --split test",
  ],
}, async (options) => {
  // "score --order vrd" names no system.
  const [system, dataset] = options.order && options.dataset === undefined
    ? [undefined, options.system]
    : [options.system, options.dataset];
  if (dataset === undefined || (system === undefined && !options.order)) {
    throw new MissingArgumentError(
      "score",
      system === undefined && !options.order ? "system" : "dataset",
    );
  }
  const listener = listenerOf(options);
  if (system === undefined || options.order) {
    const { split, limit } = options;
    for await (
      const image of entityOrders(await openDataset(dataset, listener), split, limit)
    ) console.log(JSON.stringify(image));
    return;
  }
  const found = await scoreSystem({ ...options, system, dataset }, listener);
  printRows(found, options);
  if (formatOf(options) !== "text") return;
  console.log();
  printNotes(found.evaluations, found.dataset, options);
});
