/**
 * Arguments and flags of `train`.
 *
 * @module
 */

import {
  type Preset,
  PRESETS,
  PUBLISHED_EPSILON,
  PUBLISHED_NEGATIVE_RATIO,
  RELATION_FORMS,
  type TrainConfig,
  VARIANTS,
} from "../../../src/config.ts";
import { BUILT_IN } from "../../../src/pipeline/datasets.ts";
import { datasetChoices } from "./choices.ts";
import { BACKEND_FLAG, WORKERS_FLAG } from "./compute_flags.ts";
import type { Flags, Options } from "./flags.ts";
import { commandOf } from "./help.ts";

/** The default of a flag under both presets, for `--help`. */
function byPreset(name: keyof Preset["model"] | keyof TrainConfig): string {
  const [small, paper] = [PRESETS.small, PRESETS.paper].map(({ model, train }) =>
    String({ ...model, ...train }[name])
  );
  return small === paper ? small : `${small}, with --preset paper ${paper}`;
}

/** Help for the flag that allows to replace a run. */
export const FORCE_HELP =
  "Replace a model of the same name and other settings, finished or not";

/** Flags for the network and its training; the preset supplies values that are not given. */
export const TRAIN_FLAGS = {
  preset: {
    default: "small",
    values: ["small", "paper"],
    help: "Sizes and settings: small ones that train in a minute, or the published ones",
  },
  steps: {
    type: "integer",
    min: 1,
    unset: byPreset("steps"),
    help: "Number of steps, T: how often the network refines the logits",
  },
  hidden: {
    type: "integer",
    min: 1,
    unset: byPreset("hidden"),
    help: "Width of phi and alpha, H",
  },
  layers: {
    type: "numbers",
    min: 1,
    unset: byPreset("layers"),
    help: "Widths of the hidden layers of rho",
  },
  features: {
    values: ["default", "paper"],
    unset: byPreset("features"),
    help: "Permutation-invariant features, or the published ones",
  },
  epsilon: {
    type: "number",
    unset: `${PRESETS.small.model.epsilon}, with --features paper ${PUBLISHED_EPSILON}`,
    help: "Added to probabilities before the logarithm that is a feature",
  },
  relationTrust: {
    type: "number",
    max: 1,
    unset: byPreset("relationTrust"),
    help:
      "Share of the network's change of relations between certain labels; 0: the label predictor's stay",
  },
  relations: {
    values: RELATION_FORMS,
    unset:
      "reread, if the dataset's relation logits are those of a label predictor; else network",
    help:
      "The network's relations, or those that the label predictor reads from the revised labels",
  },
  relationsOnly: {
    default: false,
    help: "Predict relations only and leave entity logits unchanged",
  },
  epochs: {
    type: "integer",
    min: 1,
    unset: byPreset("epochs"),
    help: "Passes over the training images",
  },
  batchSize: {
    type: "integer",
    min: 1,
    unset: byPreset("batchSize"),
    help: "Images per update",
  },
  learningRate: {
    type: "number",
    unset: byPreset("learningRate"),
    help: "Learning rate of Adam",
  },
  dropout: {
    type: "number",
    max: 0.99,
    unset: byPreset("dropout"),
    help: "Share of inputs and hidden units to drop, from 0 to 0.99",
  },
  loss: {
    values: ["default", "paper"],
    unset: byPreset("loss"),
    help: "The corrected loss and Adam, or the published ones",
  },
  negativeRatio: {
    type: "number",
    unset:
      `${PRESETS.small.train.negativeRatio}, with --loss paper ${PUBLISHED_NEGATIVE_RATIO}`,
    help: "An unrelated pair weighs (#related / #unrelated pairs) / n in the loss",
  },
  entityWeight: {
    type: "number",
    unset: byPreset("entityWeight"),
    help: "Weight of the entity loss; the relation loss has weight 1",
  },
  regularization: {
    type: "number",
    unset: byPreset("regularization"),
    help: "Weight of half the squared norm of the parameters in the loss",
  },
  initial: {
    values: ["identity", "glorot"],
    unset: byPreset("initial"),
    help: "Initial weights: keep the label predictor's logits, or random as published",
  },
  schedule: {
    values: ["cosine", "halving"],
    unset: byPreset("schedule"),
    help: "How the learning rate falls: to 0 as a cosine, or by half every 1000 epochs",
  },
  select: {
    values: ["recall", "loss"],
    unset: byPreset("select"),
    help: "Validation value that decides the best checkpoint",
  },
  patience: {
    type: "integer",
    unset: byPreset("patience"),
    help: "Stop after n epochs without a better one; 0: never",
  },
} as const satisfies Flags;

/** The flag that names the dataset of a training. */
export const TRAIN_DATASET_FLAG = {
  default: BUILT_IN,
  path: "path or name",
  help: "Processed dataset to train on: a name in data/processed",
} as const;

/** The declaration of the task `train`. */
export const TRAIN = {
  name: "train",
  summary:
    "Train a model. The best epoch is saved as checkpoints/<name>_best.safetensors, the last as\ncheckpoints/<name>.safetensors.",
  positionals: {
    model: { help: `Variant to train: ${Object.keys(VARIANTS).join(", ")}` },
  },
  flags: {
    dataset: TRAIN_DATASET_FLAG,
    name: {
      type: "string",
      unset: `<model>, or <model>_<dataset> if the dataset is not ${BUILT_IN}`,
      help: "Name of the checkpoints",
    },
    seeds: {
      default: 1,
      min: 1,
      help: "Number of runs, whose seeds count up from --seed",
    },
    backend: BACKEND_FLAG,
    deterministic: {
      default: false,
      help: "On wasm, use plain SIMD: the same bytes on every machine, for any --workers",
    },
    workers: WORKERS_FLAG,
    embeddings: {
      type: "string",
      path: "path",
      unset: "the shipped table",
      help: "File of word vectors: GloVe text or safetensors",
    },
    resume: {
      default: false,
      help: "Resume an interrupted run with the same settings",
    },
    force: { default: false, help: FORCE_HELP },
    ...TRAIN_FLAGS,
  },
  choices: async () => [
    {
      title: "Variants",
      commands: Object.entries(VARIANTS).map(([name, { summary }]) =>
        [`train ${name}`, summary] as const
      ),
    },
    await datasetChoices((name) => `train gpi_linguistic --dataset ${name}`),
  ],
  examples: [
    "train gpi_linguistic",
    "train gpi_no_context --dataset vrd --epochs 10",
    "train gpi_linguistic --preset paper --resume",
  ],
} as const;

/** The values of the arguments and flags of `train`. */
export type TrainTaskOptions = Options<typeof TRAIN.positionals, typeof TRAIN.flags>;

/**
 * The command that repeats the run of one seed. It leaves out `--workers`, as the
 * checkpoint records the number of workers where it matters.
 */
export function trainCommand(options: Partial<TrainTaskOptions>, seed: number): string {
  return commandOf(TRAIN, {
    ...options,
    seed,
    seeds: 1,
    resume: false,
    force: false,
    workers: undefined,
  });
}
