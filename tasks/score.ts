/**
 * Scores one system on a dataset.
 *
 * @module
 */

import { scoreSystem } from "../src/pipeline/system_evaluation.ts";
import {
  DATASET_HELP,
  formatOf,
  SYSTEM_FLAGS,
  SYSTEM_HELP,
} from "./_cli/evaluation_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "score",
  summary:
    "Score a checkpoint or the predictions of any other system, with 95 % intervals from a bootstrap\nover images. A file of predictions is JSON or JSONL as in docs/evaluation.md, KaihuaTang's\ncustom_prediction.json, or SGBench's JSON.",
  positionals: {
    system: { help: SYSTEM_HELP },
    dataset: { help: DATASET_HELP },
  },
  flags: SYSTEM_FLAGS,
  examples: [
    "score mine.jsonl vrd --task preddet --protocol vrd --metrics R,R/70,zR --k 50,100",
    "score custom_prediction.json vg150 --protocol motifs,sgg-benchmark",
  ],
}, async (options) => {
  const found = await scoreSystem(options, listenerOf(options));
  printRows(found, options);
  if (formatOf(options) !== "text") return;
  console.log();
  printNotes(found.evaluations, found.dataset);
});
