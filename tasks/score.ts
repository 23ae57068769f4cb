/**
 * Scores predictions of any system against a dataset.
 *
 * @module
 */

import { describeProtocol } from "../src/eval/protocol.ts";
import { reportRows } from "../src/eval/comparison/comparison.ts";
import { formatPerPredicate, formatTable } from "../src/eval/comparison/table.ts";
import { formatOf, openAnyDataset, SCORE_FLAGS, scoreFile } from "./_predictions.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "score",
  summary:
    "Score predictions of any system: JSON or JSONL as in the README, KaihuaTang's\ncustom_prediction.json, or SGBench's JSON. 95 % intervals: bootstrap over images.",
  positionals: {
    predictions: { help: "File of predictions" },
    dataset: { help: "Folder of data/processed, or its path" },
  },
  flags: {
    ...SCORE_FLAGS,
    perPredicate: { default: false, help: "Print a table of all predicates, too" },
  },
  examples: [
    "score mine.jsonl vrd --task preddet --protocol vrd --metrics R,R/70,zR --k 50,100",
    "score custom_prediction.json vg150 --protocol motifs,sgg-benchmark",
  ],
}, async (options) => {
  const dataset = await openAnyDataset(options.dataset, options);
  const { system, evaluations } = await scoreFile(options.predictions, dataset, options);
  const format = formatOf(options);
  const rows = reportRows(evaluations, {
    dataset: dataset.manifest.name,
    split: options.split,
    model: system,
    seed: options.seed,
    resamples: options.resamples,
  });
  console.log(formatTable(rows, format).trimEnd());
  for (const { evaluator } of options.perPredicate ? evaluations : []) {
    const { perPredicate } = evaluator.result();
    const { predicates } = dataset.vocabulary;
    const table = formatPerPredicate(perPredicate, predicates, format).trimEnd();
    console.log(format === "text" ? `\n${table}` : table);
  }
  if (format !== "text") return;
  console.log();
  for (const { protocol } of evaluations) console.log(describeProtocol(protocol));
});
