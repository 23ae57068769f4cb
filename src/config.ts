/**
 * Every setting of the model and of its training, with its default and where that
 * comes from.
 *
 * @module
 */

import { throwKindAs } from "./json_problem.ts";
import { JsonValue } from "./json_value.ts";
import { nearestName } from "./nearest.ts";

/** How messages are summed: per-feature attention, one weight per neighbour, or the mean. */
export type Pooling = "feature" | "neighbour" | "mean";

/** What distinguishes one variant of the model from another. */
export interface Variant {
  /** The pooling of both sums of Theorem 1. */
  pooling: Pooling;
  /** Whether features hold the word vectors of the likeliest labels. */
  words: boolean;
  /** False for the control: node and graph vectors are zero. */
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

/** Everything that shapes the network. */
export interface SgpConfig {
  /** Which variant; default `gpi_linguistic`, the paper's best. */
  variant: VariantName;
  /** C: number of entity classes. */
  numEntityClasses: number;
  /** P: number of predicates, "no relation" among them. */
  numPredicates: number;
  /** E: width of a word vector; 0 in variants without words. */
  embeddingSize: number;
  /** H: width of phi, alpha and their attention; 500 in the paper. */
  hidden: number;
  /** Widths of the hidden layers of both rho; `[500, 500, 500]` in the paper. */
  layers: readonly number[];
  /** T: how often the step is applied; the authors' README says 3, their program 2. */
  steps: number;
  /**
   * `"default"`: permutation invariant features over the N(N-1) ordered pairs;
   * `"paper"`: the published ones with defects 1, 2, 3 and 9 of ARCHITECTURE.md.
   */
  features: "default" | "paper";
  /** If true, entity logits pass unchanged and carry no loss (`including_object` false). */
  relationsOnly: boolean;
}

/** Everything that shapes training. */
export interface TrainConfig {
  /** Seed of initial weights, shuffling and dropout. */
  seed: number;
  /** Passes over the training images; at least 1. */
  epochs: number;
  /** Images per update; 20 in the paper. */
  batchSize: number;
  /** Learning rate of Adam; 1e-4 in the paper. */
  learningRate: number;
  /** Share of inputs and hidden units dropped; 0.1 in the paper. */
  dropout: number;
  /**
   * `"default"`; or `"paper"`: the published weights of negatives with defects 4 and 5
   * and one label a pair.
   */
  loss: "default" | "paper";
  /** Negatives weigh (#positive / #negative) / this; 10 in the paper. */
  negativeRatio: number;
  /** Weight of the entity loss beside the relation loss; 4 in the paper. */
  entityWeight: number;
  /** Times half the sum of squares of all parameters; 0 in the paper. */
  regularization: number;
  /**
   * `"identity"`: the gates start nearly open and the last layers of rho at zero, so that
   * training starts from the label predictor's logits; `"glorot"`: all weights at random
   * and biases zero, as in the paper, which learns far more slowly.
   */
  initial: "identity" | "glorot";
  /**
   * `"cosine"`: falls to 0 over the epochs; `"halving"`: halved each 1000 epochs, as in
   * the paper.
   */
  schedule: "cosine" | "halving";
  /** What decides the best checkpoint: validation recall, or loss as in the paper. */
  select: "recall" | "loss";
  /** Epochs without a better validation after which training stops; 0: never. */
  patience: number;
}

/** Sizes and training settings under one name. */
export interface Preset {
  model: Pick<SgpConfig, "hidden" | "layers" | "steps" | "features" | "relationsOnly">;
  train: TrainConfig;
}

/**
 * The two presets: `small` trains in about a minute on two cores, `paper` has the
 * published size and settings, but for the defects (`features` and `loss`).
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
