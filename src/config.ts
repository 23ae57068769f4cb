/**
 * Every setting of the model and of its training, with its default and the source of
 * that default.
 *
 * @module
 */

import { throwKindAs } from "./json_problem.ts";
import { JsonValue } from "./json_value.ts";
import { nearestName } from "./nearest.ts";

/** How messages are summed: per-feature attention, one weight per neighbour, or the mean. */
export type Pooling = "feature" | "neighbour" | "mean";

/** The choices in which the variants of the model differ. */
export interface Variant {
  /** The pooling of both sums of Theorem 1. */
  pooling: Pooling;
  /** Whether features hold the word vectors of the likeliest labels. */
  words: boolean;
  /** False for the control, whose node and graph vectors are zero. */
  context: boolean;
}

/** The variants by name; the first four are the paper's. */
export const VARIANTS = {
  gpi_linguistic: { pooling: "feature", words: true, context: true },
  gpi_feature_attention: { pooling: "feature", words: false, context: true },
  gpi_neighbour_attention: { pooling: "neighbour", words: false, context: true },
  gpi_mean: { pooling: "mean", words: false, context: true },
  gpi_no_context: { pooling: "feature", words: true, context: false },
} as const satisfies Record<string, Variant>;

/** Name of a variant. */
export type VariantName = keyof typeof VARIANTS;

/** The settings that determine the network. */
export interface SgpConfig {
  /** The variant; default `gpi_linguistic`, the paper's best. */
  variant: VariantName;
  /** C: number of entity classes. */
  numEntityClasses: number;
  /** P: number of predicates, including "no relation". */
  numPredicates: number;
  /** E: width of a word vector; 0 in variants without words. */
  embeddingSize: number;
  /** H: width of phi, alpha and their attention; 500 in the paper. */
  hidden: number;
  /** Widths of the hidden layers of both rho; `[500, 500, 500]` in the paper. */
  layers: readonly number[];
  /** T: number of steps; the authors' README says 3, their program uses 2. */
  steps: number;
  /**
   * `"default"`: permutation-invariant features over the N(N-1) ordered pairs;
   * `"paper"`: the published features, with defects 1, 2, 3 and 9 of ARCHITECTURE.md.
   */
  features: "default" | "paper";
  /**
   * If true, entity logits pass through unchanged and have no loss (the published
   * program's `including_object` set to false).
   */
  relationsOnly: boolean;
}

/** The settings of training. */
export interface TrainConfig {
  /** Seed of initial weights, shuffling and dropout. */
  seed: number;
  /** Passes over the training images; at least 1. */
  epochs: number;
  /** Images per update; 20 in the paper. */
  batchSize: number;
  /** Learning rate of Adam; 1e-4 in the paper. */
  learningRate: number;
  /** Fraction of inputs and hidden units that are dropped; 0.1 in the paper. */
  dropout: number;
  /**
   * `"default"`: the corrected loss; `"paper"`: the published one, with defects 4, 5 and
   * 7 of ARCHITECTURE.md.
   */
  loss: "default" | "paper";
  /** Each negative pair weighs (#positive / #negative) / this; 10 in the paper. */
  negativeRatio: number;
  /** Weight of the entity loss relative to the relation loss; 4 in the paper. */
  entityWeight: number;
  /** Weight of half the sum of squares of all parameters; 0 in the paper. */
  regularization: number;
  /**
   * `"identity"`: the gates start nearly open and the last layers of rho at zero, so
   * training starts from the label predictor's logits; `"glorot"`: random weights and
   * zero biases, as in the paper, which learns far more slowly.
   */
  initial: "identity" | "glorot";
  /**
   * How the learning rate falls. `"cosine"`: to 0 over all epochs; `"halving"`: by half
   * every 1000 epochs, as in the paper.
   */
  schedule: "cosine" | "halving";
  /** The validation figure that decides the best checkpoint; the paper uses the loss. */
  select: "recall" | "loss";
  /** Training stops after this many epochs without a better validation; 0: never. */
  patience: number;
}

/** Settings of the model and of training under one name. */
export interface Preset {
  model: Pick<SgpConfig, "hidden" | "layers" | "steps" | "features" | "relationsOnly">;
  train: TrainConfig;
}

/**
 * The two presets: `small` trains in about a minute on two cores; `paper` has the
 * published size and settings, except for `features`, `loss`, `initial` and `select`.
 */
export const PRESETS: Readonly<Record<"small" | "paper", Preset>> = {
  small: {
    model: {
      hidden: 64,
      layers: [64],
      steps: 2,
      features: "default",
      relationsOnly: false,
    },
    train: {
      seed: 0,
      epochs: 8,
      batchSize: 20,
      learningRate: 2e-3,
      // A dropped log-probability reads as certainty: 0.1 costs 7 points on `synthetic`.
      dropout: 0,
      loss: "default",
      negativeRatio: 10,
      entityWeight: 4,
      regularization: 0,
      initial: "identity",
      schedule: "cosine",
      select: "recall",
      patience: 0,
    },
  },
  paper: {
    model: {
      hidden: 500,
      layers: [500, 500, 500],
      steps: 2,
      features: "default",
      relationsOnly: false,
    },
    train: {
      seed: 0,
      epochs: 50,
      batchSize: 20,
      learningRate: 1e-4,
      dropout: 0.1,
      loss: "default",
      negativeRatio: 10,
      entityWeight: 4,
      regularization: 0,
      initial: "identity",
      schedule: "halving",
      select: "recall",
      patience: 10,
    },
  },
};

/** Name of a preset. */
export type PresetName = keyof typeof PRESETS;

/**
 * The variant of a name.
 *
 * @param name Such as `"gpi_linguistic"`.
 * @returns The name, known to be one of {@linkcode VARIANTS}.
 * @throws {RangeError} If there is no such variant; the message has the nearest.
 */
export function parseVariant(name: string): VariantName {
  if (Object.hasOwn(VARIANTS, name)) return name as VariantName;
  throw new RangeError(
    `Cannot find the model "${name}": the nearest is "${
      nearestName(name, Object.keys(VARIANTS))
    }"`,
  );
}

/** Checks of each field of a record. */
type Checks<Fields> = Record<keyof Fields, (field: JsonValue) => unknown>;

const MODEL_CHECKS: Checks<SgpConfig> = {
  variant: (field) => field.oneOf(Object.keys(VARIANTS)),
  numEntityClasses: (field) => field.integer({ min: 1, max: 1e6 }),
  numPredicates: (field) => field.integer({ min: 2, max: 1e6 }),
  embeddingSize: (field) => field.integer({ min: 0, max: 1e6 }),
  hidden: (field) => field.integer({ min: 1, max: 1e4 }),
  layers: (field) => {
    const layers = field.items();
    if (layers.length > 20) field.refuse("a list of at most 20 widths");
    for (const layer of layers) layer.integer({ min: 1, max: 1e4 });
  },
  steps: (field) => field.integer({ min: 1, max: 100 }),
  features: (field) => field.oneOf(["default", "paper"]),
  relationsOnly: (field) => field.boolean(),
};

const TRAIN_CHECKS: Checks<TrainConfig> = {
  seed: (field) => field.integer({ min: 0, below: 2 ** 32 }),
  epochs: (field) => field.integer({ min: 1, max: 1e6 }),
  batchSize: (field) => field.integer({ min: 1, max: 1e6 }),
  learningRate: (field) => field.number({ above: 0 }),
  dropout: (field) => field.number({ min: 0, below: 1 }),
  loss: (field) => field.oneOf(["default", "paper"]),
  negativeRatio: (field) => field.number({ above: 0 }),
  entityWeight: (field) => field.number({ min: 0 }),
  regularization: (field) => field.number({ min: 0 }),
  initial: (field) => field.oneOf(["identity", "glorot"]),
  schedule: (field) => field.oneOf(["cosine", "halving"]),
  select: (field) => field.oneOf(["recall", "loss"]),
  patience: (field) => field.integer({ min: 0, max: 1e6 }),
};

/**
 * Reads a network's configuration from JSON: the only door.
 *
 * @param value What was read.
 * @param name Where from, for the message.
 * @returns A configuration with every field in its range and no other field.
 * @throws {RangeError} Names the field, what it must be and what it is.
 *
 * @example
 * ```ts
 * import { parseSgpConfig } from "./config.ts";
 * let message = "";
 * try {
 *   parseSgpConfig({ variant: "gpi_mean", steps: 0 }, "a.json");
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * if (!message.includes("numEntityClasses")) throw new Error(message);
 * ```
 */
export function parseSgpConfig(value: unknown, name: string): SgpConfig {
  return checked(value, name, MODEL_CHECKS);
}

/**
 * Reads training settings from JSON: the only door.
 *
 * @param value What was read.
 * @param name Where from, for the message.
 * @returns Settings with every field in its range and no other field.
 * @throws {RangeError} Names the field, what it must be and what it is.
 */
export function parseTrainConfig(value: unknown, name: string): TrainConfig {
  return checked(value, name, TRAIN_CHECKS);
}

function checked<Fields>(
  value: unknown,
  name: string,
  checks: Checks<Fields>,
): Fields {
  const root = new JsonValue(value, name, throwKindAs(RangeError));
  root.onlyKeys(Object.keys(checks));
  for (const key in checks) checks[key](root.at(key));
  return value as Fields;
}
