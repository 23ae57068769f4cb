/**
 * Scores the label predictors on the test images of VRD or vg5k: the numbers that a model
 * has to beat.
 *
 * @module
 */

import type { AnnotatedImage } from "../src/example.ts";
import { useBackend } from "../src/kernels/backend.ts";
import { evaluate, type System } from "../src/eval/evaluate.ts";
import { reportRows } from "../src/eval/comparison/comparison.ts";
import { formatTable } from "../src/eval/comparison/table.ts";
import { TrainingTriplets } from "../src/eval/zero_shot.ts";
import {
  type ExternalCounts,
  ExternalCountTable,
} from "../src/label_predictor/external_counts.ts";
import {
  COUNTS_TRAINING,
  fitPerceptron,
  PERCEPTRON_TRAINING,
  type PerceptronTraining,
} from "../src/label_predictor/fit_perceptron.ts";
import { FrequencyPredictor } from "../src/label_predictor/frequency.ts";
import type { LabelPredictor } from "../src/label_predictor/label_predictor.ts";
import { countRelations } from "../src/label_predictor/relation_counts.ts";
import { exampleOf } from "../src/preprocess/example_of.ts";
import { readVrd, splitTraining } from "../src/preprocess/preprocess_vrd.ts";
import { readVg5k } from "../src/preprocess/read_vg5k.ts";
import { vg5kExternalCounts } from "../src/preprocess/vg5k_external_counts.ts";
import type { Vocabulary } from "../src/vocabulary.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

/** What is fitted to, and what is scored. */
interface Problem {
  vocabulary: Vocabulary;
  /** Training and validation images. */
  images: AnnotatedImage[];
  test: AnnotatedImage[];
  /** Counts of relations in other images. */
  counts?: ExternalCounts;
}

const DATASETS = ["vrd", "vg5k"] as const;

type DatasetName = typeof DATASETS[number];

const READERS: Readonly<Record<DatasetName, (raw: string) => Promise<Problem>>> = {
  async vrd(raw) {
    const { vocabulary, train, test } = await readVrd(raw);
    const { train: others, validation } = splitTraining(train);
    return { vocabulary, test, images: [...others, ...validation] };
  },
  async vg5k(raw) {
    const { vocabulary, images: { train, validation, test } } = await readVg5k(raw);
    const counts = await vg5kExternalCounts(raw);
    return { vocabulary, test, images: [...train, ...validation], counts };
  },
};

/** The usual ways to score them. */
const EVALUATIONS = {
  vrd: [
    { task: "preddet", protocol: "vrd", metrics: "R,R/70,zR,zR/70", ks: [50, 100] },
    { task: "predcls", protocol: "motifs", metrics: "R,ngR", ks: [20, 50, 100] },
  ],
  vg5k: [
    { task: "predcls", protocol: "motifs", metrics: "R,mR,F1,ngR", ks: [20, 50, 100] },
  ],
} as const;

await runTask({
  name: "label-predictors",
  summary:
    "Score class statistics and the perceptron on the test images of VRD or vg5k.\nEach is fitted on all training images, as preprocess fits it for the test images.",
  positionals: {
    dataset: { default: "vrd", values: DATASETS, help: "Dataset to score them on" },
  },
  flags: {
    raw: {
      type: "string",
      path: "path",
      unset: "data/raw/<dataset>",
      help: "Folder of the downloaded files",
    },
    seeds: {
      default: 3,
      min: 1,
      help: "Number of fits of the perceptron; the table shows their mean",
    },
  },
  examples: ["label-predictors", "label-predictors --seeds 1 --json"],
}, async (options) => {
  const { dataset } = options;
  const { vocabulary, images, test, counts } = await READERS[dataset](
    options.raw ?? `data/raw/${dataset}`,
  );
  const seen = countRelations(images, vocabulary);
  const predictors: Record<string, LabelPredictor> = {
    frequency: new FrequencyPredictor(seen),
  };
  const models: Record<
    string,
    { counts?: ExternalCounts; training?: PerceptronTraining }
  > = { perceptron: { counts } };
  if (counts) {
    // The predicates of the counts alone; relatedness needs pairs that are not related.
    const { relations } = new ExternalCountTable(counts, vocabulary);
    predictors.counts = new FrequencyPredictor({ ...seen, relations });
    // The predicates need more passes without the counts, and relatedness as many.
    const { predicates } = PERCEPTRON_TRAINING, { relatedness } = COUNTS_TRAINING;
    models.perceptron_without_counts = { training: { predicates, relatedness } };
  }
  const baselines = [
    ...Object.keys(predictors),
    ...Object.keys(models).filter((model) => model !== "perceptron"),
  ];
  await useBackend("wasm");
  const seeds = Array.from({ length: options.seeds }, (_, i) => options.seed + i);
  const runs: Record<string, string[]> = {};
  const bar = progressBar("fit", "images", options);
  const total = Object.keys(models).length * seeds.length * images.length;
  let fits = 0;
  for (const [model, inputs] of Object.entries(models)) {
    runs[model] = seeds.map((seed) => `${model}_seed${seed}`);
    for (const [i, seed] of seeds.entries()) {
      predictors[runs[model][i]] = await fitPerceptron(images, {
        ...{ vocabulary, seed, ...inputs },
        onProgress: (share) =>
          bar.update(Math.round((fits + share) * images.length), total),
      });
      fits++;
    }
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
  for (const { task, protocol, metrics, ks } of EVALUATIONS[dataset]) {
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
    dataset,
    split: "test",
    model: "perceptron",
    ...{ baselines, runs },
    seed: options.seed,
  });
  console.log(formatTable(rows, options.json ? "json" : "text").trimEnd());
});
