/**
 * The flags of training, and the settings that they make.
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
} from "../../src/config.ts";
import type { Flags, Options } from "./flags.ts";

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
