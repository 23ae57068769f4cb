/**
 * Scores one system on a dataset.
 *
 * @module
 */

import { scoreSystem } from "../src/pipeline/system_evaluation.ts";
import { evaluationFlags, formatOf, SYSTEM_HELP } from "./_cli/evaluation_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "score",
  summary:
    "Score predictions of any system: JSON or JSONL as in docs/evaluation.md, KaihuaTang's\ncustom_prediction.json, SGBench's JSON, or a checkpoint's. 95 % intervals: bootstrap\nover images.",
  positionals: {
    system: { path: "path or name", help: SYSTEM_HELP },
    dataset: { path: "path or name", help: "Folder of data/processed, or its path" },
  },
  flags: evaluationFlags(
    "R,ngR,mR",
    "as a file of predictions says, else sgcls",
    "motifs; preddet: vrd",
  ),
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
