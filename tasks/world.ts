/**
 * Counts the contents of the built-in world and the recall that is reachable in it.
 *
 * @module
 */

import { generateImage, WORLD_VOCABULARY } from "../src/world/world.ts";
import { MoodCounts, omniscient, withTrueLabels } from "../src/world/oracles.ts";
import { SceneCounts } from "../src/world/scene_counts.ts";
import type { Scene } from "../src/world/scene.ts";
import { drawScene } from "../src/world/drawing/scene_svg.ts";
import { evaluate, type System } from "../src/eval/evaluate.ts";
import { type ReportLine, reportRows } from "../src/eval/comparison/comparison.ts";
import { alignColumns, formatTable, percent } from "../src/eval/comparison/table.ts";
import { writeFileAtomically } from "../src/files.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

/** Folder of the pictures. */
const PICTURES = "reports/pictures";

/** The values of K in recall@K. */
const KS = [20, 50, 100];

/** Names of the rows of the table. */
const READABLE: Record<string, string> = {
  label_predictor: "label predictor alone",
  class_frequencies: "weighted by class frequencies",
  other_things: "weighted by the other things",
  true_labels: "true labels, predicted relations",
  all_true: "all true relations",
};

await runTask({
  name: "world",
  summary:
    "Print the contents of the built-in world and the recall that is reachable in it: by the\nsimulated label predictor alone, by its logits weighted by class frequencies or by the other\nthings in the image, with the true labels, and by all true relations, of which the annotators\nleave some out.",
  flags: {
    images: { default: 500, min: 1, help: "Number of test images to score" },
    trainImages: { default: 2000, min: 1, help: "Number of training images to count" },
    protocol: {
      default: "motifs",
      values: ["motifs", "sgp", "sgg-benchmark"],
      help: "Protocol of recall, with the graph constraint",
    },
    pictures: { default: 0, help: `Number of images to draw into ${PICTURES}` },
  },
  examples: ["world", "world --pictures 12 --seed 3"],
}, async (options) => {
  const { seed, images, protocol, json } = options;
  const counts = new MoodCounts();
  for (let index = 0; index < options.trainImages; index++) {
    counts.add(generateImage(seed, "train", index).scene);
  }
  const scenes = new Map<string, Scene>();
  const totals = new SceneCounts();
  const systems: Record<string, System> = {
    label_predictor: (examples) => Promise.resolve(examples),
    class_frequencies: (examples) =>
      Promise.resolve(examples.map((example) => counts.reweigh(example, false))),
    other_things: (examples) =>
      Promise.resolve(examples.map((example) => counts.reweigh(example, true))),
    true_labels: (examples) =>
      Promise.resolve(examples.map((e) => withTrueLabels(scenes.get(e.id)!, e))),
    all_true: (examples) =>
      Promise.resolve(examples.map(({ id }) => omniscient(scenes.get(id)!))),
  };
  const bar = progressBar("world", "images", options);
  const evaluations = await evaluate(testImages(), systems, {
    tasks: ["sgcls"],
    protocols: [protocol],
    metrics: "R",
    ks: KS,
    numPredicates: WORLD_VOCABULARY.predicates.length,
    total: images,
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  const rows = Object.keys(systems).map((model) =>
    reportRows(evaluations, { dataset: "synthetic", split: "test", model, seed })
  );
  if (json) {
    console.log(JSON.stringify(totals.summary()));
    console.log(formatTable(rows.flat(), "json").trimEnd());
  } else {
    const { entities, relations, annotated, top1, top5 } = totals.summary();
    console.log(
      `${images} images, on average with ${entities.toFixed(1)} things and ${
        relations.toFixed(1)
      } relations, ${annotated.toFixed(1)} of which are annotated (or a synonym)
label predictor: true class first ${percent(top1)} %, among the first five ${
        percent(top5)
      } %
SGCls, protocol ${protocol}, graph constraint, seed ${seed}, in percent:\n`,
    );
    console.log(tableOf(rows).trimEnd());
  }
  for (const [id, scene] of [...scenes].slice(0, options.pictures)) {
    await writeFileAtomically(
      `${PICTURES}/synthetic-${seed}-${id}.svg`,
      drawScene(scene),
    );
  }
  if (options.pictures > 0 && !json) {
    console.log(`\n${Math.min(options.pictures, images)} pictures in ${PICTURES}`);
  }

  function* testImages() {
    for (let index = 0; index < images; index++) {
      const { scene, example } = generateImage(seed, "test", index);
      scenes.set(scene.id, scene);
      totals.add(scene, example);
      yield example;
    }
  }
});

function tableOf(rows: readonly ReportLine[][]): string {
  return alignColumns([
    ["", ...KS.map((k) => `R@${k}`)],
    ...rows.map((ofOne) => [
      READABLE[ofOne[0].model],
      ...ofOne.map(({ value }) => percent(value)),
    ]),
  ]);
}
