/**
 * Compares the relations of two datasets.
 *
 * @module
 */

import { type SplitName, SPLITS } from "../src/dataset/manifest.ts";
import {
  type RelationKinds,
  relationKinds,
  relationOverlap,
} from "../src/dataset/relation_overlap.ts";
import { alignColumns, percent } from "../src/eval/comparison/table.ts";
import type { AnnotatedImage } from "../src/example.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { datasetChoices } from "./_cli/flags/choices.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const HELP = "Processed dataset (name or path), all of it or one split: vrd, vrd:train";

await runTask({
  name: "overlap",
  summary:
    "Print which share of the relations of one dataset has a predicate, a pair of classes (subject and\nobject) or a triplet that another dataset has as well, and the reverse. Classes are compared by\nname. The share of test triplets that training has is what a model could answer from memory.",
  positionals: {
    a: { path: "path or name", help: HELP },
    b: { path: "path or name", help: HELP },
  },
  flags: {},
  choices: async () => [
    await datasetChoices((name) => `overlap ${name}:test ${name}:train`),
  ],
  examples: ["overlap synthetic:test synthetic:train", "overlap vrd vg5k --json"],
}, async (options) => {
  const listener = listenerOf(options);
  const kindsOf = async (given: string): Promise<RelationKinds> => {
    const [, name, split] = /^(.*?)(?::(train|validation|test))?$/.exec(given)!;
    const dataset = await openDataset(name, listener);
    const splits: readonly SplitName[] = split ? [split as SplitName] : SPLITS;
    const total = splits.reduce((sum, split) => sum + dataset.size(split), 0);
    const bar = listener.progress(`read ${given}`, "images");
    let done = 0;
    async function* images(): AsyncGenerator<AnnotatedImage> {
      for (const split of splits) {
        for await (const image of dataset.examples(split)) {
          yield image;
          bar.update(++done, total);
        }
      }
    }
    const kinds = await relationKinds(images(), dataset.vocabulary);
    bar.done();
    return kinds;
  };
  const { a, b } = options;
  const [ofA, ofB] = [await kindsOf(a), await kindsOf(b)];
  const rows = [
    { of: a, in: b, ...relationOverlap(ofA, ofB) },
    { of: b, in: a, ...relationOverlap(ofB, ofA) },
  ];
  if (options.json) {
    for (const row of rows) console.log(JSON.stringify(row));
    return;
  }
  const table = rows.map(({ of, in: other, relations, predicate, pair, triplet }) => [
    ...[of, other, `${relations}`],
    ...[predicate, pair, triplet].map((share) => percent(share)),
  ]);
  const head = ["relations of", "in", "relations", "predicate %", "pair %", "triplet %"];
  console.log(alignColumns([head, ...table]).trimEnd());
});
