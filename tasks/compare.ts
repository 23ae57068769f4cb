/**
 * Compares two systems on the same images.
 *
 * @module
 */

import { differingImages } from "../src/eval/comparison/differing_images.ts";
import { describeProtocol } from "../src/eval/protocol.ts";
import { reportRows } from "../src/eval/comparison/comparison.ts";
import { alignColumns, formatTable } from "../src/eval/comparison/table.ts";
import { formatOf, openAnyDataset, SCORE_FLAGS } from "./_predictions.ts";
import { runTask } from "./_cli/run.ts";
import { scoreSystem } from "./_systems.ts";

await runTask({
  name: "compare",
  summary:
    "Compare two systems: the paired difference of every metric, its 95 % interval and\np-value (bootstrap over images), and the images where they differ most.",
  positionals: {
    a: { help: "File of predictions, checkpoint, or label_predictor" },
    b: { help: "What it is compared with" },
  },
  flags: {
    dataset: { default: "synthetic", help: "Folder of data/processed, or its path" },
    ...SCORE_FLAGS,
    images: { default: 10, help: "How many images to show" },
  },
  examples: [
    "compare gpi_linguistic_best gpi_no_context_best",
    "compare mine.jsonl theirs.jsonl --dataset vrd --task predcls",
  ],
}, async (options) => {
  const dataset = await openAnyDataset(options.dataset, options);
  const a = await scoreSystem(options.a, dataset, options);
  const { task } = a.evaluations[0];
  const b = await scoreSystem(options.b, dataset, { ...options, task });
  const names = a.name === b.name ? [options.a, options.b] : [a.name, b.name];
  const named = [a, b].flatMap(({ evaluations }, i) =>
    evaluations.map((evaluation) => ({ ...evaluation, system: names[i] }))
  );
  const format = formatOf(options);
  const rows = reportRows(named, {
    dataset: dataset.manifest.name,
    split: options.split,
    model: names[0],
    baselines: [names[1]],
    seed: options.seed,
    resamples: options.resamples,
  });
  console.log(formatTable(rows, format).trimEnd());
  const { metric, k, images } = differingImages(
    a.evaluations[0].evaluator,
    b.evaluations[0].evaluator,
    options.images,
  );
  if (format === "json") {
    for (const image of images) console.log(JSON.stringify({ metric, k, ...image }));
  }
  if (format !== "text") return;
  console.log(`\nImages that differ most in ${k === null ? metric : `${metric}@${k}`}:`);
  const table = images.map(({ image, a, b, rows }) => [image, `${a}`, `${b}`, `${rows}`]);
  console.log(alignColumns([["image", ...names, "rows"], ...table]));
  for (const { protocol } of a.evaluations) console.log(describeProtocol(protocol));
});
