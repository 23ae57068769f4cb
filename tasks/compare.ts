/**
 * Compares two systems on the same images.
 *
 * @module
 */

import { alignColumns } from "../src/eval/comparison/table.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import { compareSystems } from "../src/pipeline/system_evaluation.ts";
import { evaluationFlags, formatOf, SYSTEM_HELP } from "./_cli/evaluation_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "compare",
  summary:
    "Compare two systems: the paired difference of every metric, its 95 % interval and\np-value (bootstrap over images), and the images where they differ most.",
  positionals: {
    a: { path: "path or name", help: SYSTEM_HELP },
    b: { path: "path or name", help: "The system that it is compared with" },
  },
  flags: {
    dataset: {
      default: BUILT_IN,
      path: "path or name",
      help: "Folder of data/processed, or its path",
    },
    ...evaluationFlags(
      "R,ngR,mR",
      "as a file of predictions says, else sgcls",
      "motifs; preddet: vrd",
    ),
    images: { default: 10, help: "How many images to show" },
  },
  examples: [
    "compare gpi_linguistic_best gpi_no_context_best",
    "compare mine.jsonl theirs.jsonl --dataset vrd --task predcls",
  ],
}, async (options) => {
  const found = await compareSystems(options, listenerOf(options));
  const { metric, k, images, names } = found.differing;
  printRows(found, options);
  const format = formatOf(options);
  if (format === "json") {
    for (const image of images) console.log(JSON.stringify({ metric, k, ...image }));
  }
  if (format !== "text") return;
  console.log(`\nImages that differ most in ${k === null ? metric : `${metric}@${k}`}:`);
  const table = images.map(({ image, a, b, rows }) => [image, `${a}`, `${b}`, `${rows}`]);
  console.log(alignColumns([["image", ...names, "rows"], ...table]));
  printNotes(found.evaluations, found.dataset);
});
