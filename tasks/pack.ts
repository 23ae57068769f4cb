/**
 * Packs a processed dataset into one file.
 *
 * @module
 */

import { packDataset } from "../src/download/packed_dataset.ts";
import { PROCESSED } from "../src/dataset/dataset.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "pack",
  summary:
    `Pack a processed dataset into dist/<dataset>.tar.gz, which "deno task download" unpacks
elsewhere. The same dataset gives the same bytes.`,
  positionals: {
    dataset: { default: BUILT_IN, help: "Processed dataset: a name in data/processed" },
  },
  examples: ["pack vrd"],
}, async (options) => {
  const { dataset, json } = options;
  const bar = progressBar("pack", "bytes", options);
  const packed = await packDataset(
    `${PROCESSED}/${dataset}`,
    `dist/${dataset}.tar.gz`,
    bar.update,
  ).finally(bar.done);
  const { path, bytes, sha256 } = packed;
  const size = (bytes / 1e6).toFixed(3);
  console.log(
    json ? JSON.stringify(packed) : `${path}, ${size} MB, SHA-256 ${sha256}`,
  );
});
