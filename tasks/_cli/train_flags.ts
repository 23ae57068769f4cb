/**
 * What `train` takes, and the settings that its flags make.
 *
 * @module
 */

import {
  parseSgpConfig,
  parseTrainConfig,
  type Preset,
  type PresetName,
  PRESETS,
  type TrainConfig,
  VARIANTS,
} from "../../src/config.ts";
import { BUILT_IN } from "../../src/pipeline/datasets.ts";
import { BACKEND_FLAG, WORKERS_FLAG } from "./compute_flags.ts";
import type { Flags, Options } from "./flags.ts";
import { commandOf } from "./help.ts";

const OF_PRESET = "the preset's";

/** Flags that shape the network and its training; what is not given is the preset's. */
export const TRAIN_FLAGS = {
  preset: {
    default: "small",
    values: ["small", "paper"],
    help: "Sizes and settings that trains in a minute, or the published ones",
  },
  steps: { type: "integer", min: 1, unset: OF_PRESET, help: "Steps of the model, T" },
  hidden: {
    type: "integer",
    min: 1,
    unset: OF_PRESET,
    help: "Width of phi and alpha, H",
  },
  layers: {
    type: "numbers",
    min: 1,
    unset: OF_PRESET,
    help: "Widths of the hidden layers of rho",
  },
  features: {
    values: ["default", "paper"],
    unset: OF_PRESET,
    help: "Permutation invariant features, or the published ones",
  },
  relationsOnly: { default: false, help: "Leave entity logits as they are" },
  epochs: { type: "integer", min: 1, unset: OF_PRESET, help: "Passes over the images" },
  batchSize: { type: "integer", min: 1, unset: OF_PRESET, help: "Images per update" },
  learningRate: { type: "number", unset: OF_PRESET, help: "Learning rate of Adam" },
  dropout: { type: "number", max: 0.99, unset: OF_PRESET, help: "Share that is dropped" },
  loss: {
    values: ["default", "paper"],
    unset: OF_PRESET,
    help: "The corrected loss and Adam, or the published ones",
  },
  negativeRatio: {
    type: "number",
    unset: OF_PRESET,
    help: "Unrelated pairs weigh (#related / #unrelated) / this",
  },
  entityWeight: { type: "number", unset: OF_PRESET, help: "Weight of the entity loss" },
  regularization: {
    type: "number",
    unset: OF_PRESET,
    help: "Weight of the squared norm",
  },
  initial: {
    values: ["identity", "glorot"],
    unset: OF_PRESET,
    help: "Start from the label predictor's logits, or at random as published",
  },
  schedule: {
    values: ["cosine", "halving"],
    unset: OF_PRESET,
    help: "How the learning rate falls",
  },
  select: {
    values: ["recall", "loss"],
    unset: OF_PRESET,
    help: "What of the validation decides the best checkpoint",
  },
  patience: {
    type: "integer",
    unset: OF_PRESET,
    help: "Epochs without a better one before it stops; 0: never",
  },
} as const satisfies Flags;

/** What the task `train` takes. */
export const TRAIN = {
  name: "train",
  summary:
    "Train a model; saves checkpoints/<name>_best.safetensors and <name>.safetensors.",
  positionals: { model: { help: `Variant: ${Object.keys(VARIANTS).join(", ")}` } },
  flags: {
    dataset: {
      default: BUILT_IN,
      path: "path or name",
      help: "Folder of data/processed to learn from",
    },
    name: {
      type: "string",
      unset: "the variant's and, if not built in, the dataset's",
      help: "Name of the checkpoints",
    },
    seeds: {
      default: 1,
      min: 1,
      help: "Number of runs, with seeds counting up from --seed",
    },
    backend: BACKEND_FLAG,
    deterministic: {
      default: false,
      help: "wasm: plain SIMD; the same bytes on every machine, for any --workers",
    },
    workers: WORKERS_FLAG,
    embeddings: {
      type: "string",
      path: "path",
      unset: "the table that comes with the library",
      help: "Word vectors: GloVe text or safetensors",
    },
    resume: {
      default: false,
      help: "Go on where an interrupted run of these settings stopped",
    },
    ...TRAIN_FLAGS,
  },
  examples: [
    "train gpi_linguistic",
    "train gpi_no_context --dataset vrd --epochs 10",
    "train gpi_linguistic --preset paper --resume",
  ],
} as const;

/** The values of what `train` takes. */
export type TrainTaskOptions = Options<typeof TRAIN.positionals, typeof TRAIN.flags>;

/**
 * The command that makes the run of one seed again. The checkpoint itself says how many
 * workers there were, where that matters.
 */
export function trainCommand(options: Partial<TrainTaskOptions>, seed: number): string {
  return commandOf(TRAIN, {
    ...options,
    seed,
    seeds: 1,
    resume: false,
    workers: undefined,
  });
}

/** The values of {@linkcode TRAIN_FLAGS}. */
export type TrainFlags = Options<Record<never, never>, typeof TRAIN_FLAGS>;

/**
 * The preset with everything that was given put in its place.
 *
 * @throws {RangeError} If a setting is outside of its range, so that no work is begun.
 */
export function settingsOf(flags: TrainFlags): Preset {
  const { model: sizes, train: training } = PRESETS[flags.preset as PresetName];
  const given = <T extends object>(defaults: T): T => {
    const entries = Object.entries(defaults).map(([name, value]) => [
      name,
      (flags as Record<string, unknown>)[name] ?? value,
    ]);
    return Object.fromEntries(entries);
  };
  const model = given<Preset["model"]>(sizes), train = given<TrainConfig>(training);
  parseTrainConfig(train, "the training settings");
  // What the dataset will give is made up here.
  const fromData = { variant: "gpi_mean", numEntityClasses: 1, numPredicates: 2 };
  parseSgpConfig(
    { ...model, ...fromData, embeddingSize: 0 },
    "the settings of the network",
  );
  return { model, train };
}
