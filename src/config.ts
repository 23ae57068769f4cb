/**
 * Every setting of the model and of its training, with its default and where that
 * comes from.
 *
 * @module
 */

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
  /** What decides the best checkpoint: validation recall, or loss as in the paper. */
  select: "recall" | "loss";
  /** Epochs without a better validation after which training stops; 0: never. */
  patience: number;
}

/**
 * The two presets: `small` trains in a minute on two cores, `paper` is the published
 * size.
 */
export const PRESETS = {
  small: {
    model: { hidden: 64, layers: [64], steps: 2 },
    train: { epochs: 8, learningRate: 1e-3, batchSize: 20, dropout: 0.1 },
  },
  paper: {
    model: { hidden: 500, layers: [500, 500, 500], steps: 2 },
    train: { epochs: 50, learningRate: 1e-4, batchSize: 20, dropout: 0.1 },
  },
} as const;

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
