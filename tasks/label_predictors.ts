/**
 * Scores the label predictors on the test images of VRD: the numbers that a model has to
 * beat.
 *
 * @module
 */

import { useBackend } from "../src/kernels/backend.ts";
import { evaluate, type System } from "../src/eval/evaluate.ts";
import { reportRows } from "../src/eval/comparison/comparison.ts";
import { formatTable } from "../src/eval/comparison/table.ts";
import { TrainingTriplets } from "../src/eval/zero_shot.ts";
import { fitPerceptron } from "../src/label_predictor/fit_perceptron.ts";
import { FrequencyPredictor } from "../src/label_predictor/frequency.ts";
import type { LabelPredictor } from "../src/label_predictor/label_predictor.ts";
import { countRelations } from "../src/label_predictor/relation_counts.ts";
import { exampleOf } from "../src/preprocess/preprocess.ts";
import { readVrd, splitTraining } from "../src/preprocess/preprocess_vrd.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

/** The usual ways to score VRD. */
const EVALUATIONS = [
  { task: "preddet", protocol: "vrd", metrics: "R,R/70,zR,zR/70", ks: [50, 100] },
  { task: "predcls", protocol: "motifs", metrics: "R,ngR", ks: [20, 50, 100] },
] as const;

await runTask({
  name: "label-predictors",
  summary:
    "Score class statistics and the perceptron on the test images of VRD.\nEach is fitted on all training images, as preprocess fits it for the test images.",
  flags: {
    raw: {
      default: "data/raw/vrd",
      path: "path",
      help: "Folder of the downloaded VRD files",
    },
    seeds: {
      default: 3,
      min: 1,
      help: "Number of fits of the perceptron; the table shows their mean",
    },
  },
  examples: ["label-predictors", "label-predictors --seeds 1 --json"],
}, async (options) => {
  const { vocabulary, train, test } = await readVrd(options.raw);
  const split = splitTraining(train);
  const images = [...split.train, ...split.validation];
  const predictors: Record<string, LabelPredictor> = {
    frequency: new FrequencyPredictor(countRelations(images, vocabulary)),
  };
  await useBackend("wasm");
  const seeds = Array.from({ length: options.seeds }, (_, i) => options.seed + i);
  const runs = seeds.map((seed) => `perceptron_seed${seed}`);
  const bar = progressBar("fit", "images", options);
  const total = seeds.length * images.length;
  for (const [i, seed] of seeds.entries()) {
    predictors[runs[i]] = await fitPerceptron(images, {
      vocabulary,
      seed,
      onProgress: (share) => bar.update(Math.round((i + share) * images.length), total),
    });
  }
  bar.done();
  const systems: Record<string, System> = {};
  for (const [name, predictor] of Object.entries(predictors)) {
    systems[name] = (examples) =>
      Promise.all(examples.map((image) => exampleOf(image, predictor, vocabulary)));
  }
  const examples = await Promise.all(
    test.map((image) => exampleOf(image, predictors.frequency, vocabulary)),
  );
  const zeroShot = new TrainingTriplets();
  for (const image of images) zeroShot.add(image);
  const evaluations = [];
  for (const { task, protocol, metrics, ks } of EVALUATIONS) {
    const bar = progressBar(`evaluate ${task}`, "images", options);
    evaluations.push(
      ...await evaluate(examples, systems, {
        ...{ tasks: [task], protocols: [protocol], metrics, ks, zeroShot },
        total: test.length,
        onProgress: (done, total) => bar.update(done, total),
      }),
    );
    bar.done();
  }
  const rows = reportRows(evaluations, {
    dataset: "vrd",
    split: "test",
    model: "perceptron",
    baselines: ["frequency"],
    runs: { perceptron: runs },
    seed: options.seed,
  });
  console.log(formatTable(rows, options.json ? "json" : "text").trimEnd());
});
