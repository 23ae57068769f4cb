/**
 * The settings of the model and its training, their defaults, and where these come from.
 *
 * @module
 */

import { nearestName } from "./nearest.ts";

/** How messages are pooled: per-feature attention, one weight per neighbour, or the mean. */
export type Pooling = "feature" | "neighbour" | "mean";

/** The properties in which the variants of the model differ. */
export interface Variant {
  /** What it is, in a few words for people. */
  summary: string;
  /** The pooling of both sums of Theorem 1. */
  pooling: Pooling;
  /** Whether features hold the word vectors of the likeliest labels. */
  words: boolean;
  /** Whether node and graph vectors are used; in the control they are zero. */
  context: boolean;
}

/** The variants by name; the first four come from the paper. */
export const VARIANTS = {
  gpi_linguistic: {
    summary: "attention for each feature, and word vectors; the best of the paper",
    ...{ pooling: "feature", words: true, context: true },
  },
  gpi_feature_attention: {
    summary: "attention for each feature",
    ...{ pooling: "feature", words: false, context: true },
  },
  gpi_neighbour_attention: {
    summary: "attention for each neighbour",
    ...{ pooling: "neighbour", words: false, context: true },
  },
  gpi_mean: {
    summary: "the mean of all neighbours",
    ...{ pooling: "mean", words: false, context: true },
  },
  gpi_no_context: {
    summary: "the control: the same network as gpi_linguistic without its context",
    ...{ pooling: "feature", words: true, context: false },
  },
} as const satisfies Record<string, Variant>;

/** Name of a variant. */
export type VariantName = keyof typeof VARIANTS;

/** Epsilon of the published program, and of networks that do not state theirs. */
export const PUBLISHED_EPSILON = 1e-10;

/** The published weight of unrelated pairs, see `TrainConfig.negativeRatio`. */
export const PUBLISHED_NEGATIVE_RATIO = 10;

/** Every {@linkcode RelationForm}. */
export const RELATION_FORMS = ["network", "reread"] as const;

/** Whose relations a prediction has, see `SgpConfig.relations`. */
export type RelationForm = typeof RELATION_FORMS[number];

/** The settings of the network. */
export interface SgpConfig {
  /** The variant; default `gpi_linguistic`, the best one of the paper. */
  variant: VariantName;
  /** Number of entity classes, C. */
  numEntityClasses: number;
  /** Number of predicates including "no relation", P. */
  numPredicates: number;
  /** Width of a word vector, E; 0 in variants without words. */
  embeddingSize: number;
  /** Width of phi, alpha and their attention, H; 500 in the paper. */
  hidden: number;
  /** Widths of the hidden layers of both rho; `[500, 500, 500]` in the paper. */
  layers: readonly number[];
  /** Number of steps, T; the authors' README says 3, their program 2. */
  steps: number;
  /**
   * `"default"`: permutation-invariant features over the N(N-1) ordered pairs; `"paper"`:
   * the published features, with defects 1, 2, 3 and 9 of ARCHITECTURE.md.
   */
  features: "default" | "paper";
  /**
   * Probabilities p are features as log(p + epsilon), 1e-10 in the paper. With 0.1 the
   * features of a certain label are like those of a nearly certain one, while the logits
   * that a gate passes on grow with certainty: the surer a label is, the more context it
   * takes to overturn it.
   */
  epsilon: number;
  /**
   * How much of the network's change of a pair's relation counts where both labels are
   * certain, 0 to 1; 1 in the paper. Where a label is in doubt, the more of it counts. 0
   * leaves the relations of certain labels to the label predictor.
   */
  relationTrust: number;
  /**
   * `"network"`: relations are the network's, as published. `"reread"`: the label predictor
   * that gave the relation logits reads them again, from the labels as the network revised
   * them (`label_predictor/reread.ts`).
   */
  relations: RelationForm;
  /** Whether entity logits stay unchanged and have no loss (`including_object` false). */
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
  /** Share of inputs and hidden units that dropout removes, in [0, 1); 0.1 in the paper. */
  dropout: number;
  /**
   * `"default"`: the corrected loss; `"paper"`: the published weights of unrelated pairs,
   * with defects 4, 5 and 7 of ARCHITECTURE.md.
   */
  loss: "default" | "paper";
  /**
   * Unrelated pairs weigh (#related / #unrelated) / `negativeRatio`, 10 in the paper; 0: as
   * much as related ones, so that the probability of "no relation" is calibrated.
   */
  negativeRatio: number;
  /** Weight of the entity loss; the relation loss has weight 1; 4 in the paper. */
  entityWeight: number;
  /** Weight of half the sum of squares of all parameters; 0 in the paper. */
  regularization: number;
  /**
   * `"identity"`: gates start nearly open and the last layers of rho start at zero, so
   * that training starts from the logits of the label predictor; `"glorot"`: random
   * weights and zero biases, as in the paper, which learn far more slowly.
   */
  initial: "identity" | "glorot";
  /**
   * `"cosine"`: the learning rate falls to 0 over the epochs; `"halving"`: it is halved
   * every 1,000 epochs, as in the paper.
   */
  schedule: "cosine" | "halving";
  /** Validation value that decides the best checkpoint: recall, or loss as in the paper. */
  select: "recall" | "loss";
  /** Training stops after this many epochs without a better one; 0: never. */
  patience: number;
}

/** What decides the shape of a network, except its vocabulary and variant. */
export type ModelShape =
  & Pick<
    SgpConfig,
    | "hidden"
    | "layers"
    | "steps"
    | "features"
    | "epsilon"
    | "relationTrust"
    | "relationsOnly"
  >
  & {
    /** Default: see {@linkcode SgpConfig.relations}, chosen by the dataset. */
    relations?: RelationForm;
  };

/** Sizes of the network and settings of its training. */
export interface Preset {
  model: ModelShape;
  train: TrainConfig;
}

/**
 * The two presets. `small` trains in about a minute on two cores. `paper` has the
 * published size and settings, except that `features`, `loss`, `initial` and `select` are
 * the corrected ones.
 */
export const PRESETS: Readonly<Record<"small" | "paper", Preset>> = {
  small: {
    model: {
      hidden: 64,
      layers: [64],
      steps: 2,
      features: "default",
      epsilon: 0.1,
      relationTrust: 1,
      relations: undefined,
      relationsOnly: false,
    },
    train: {
      seed: 0,
      epochs: 8,
      batchSize: 20,
      learningRate: 2e-3,
      // A dropped log-probability looks like certainty; 0.1 costs 7 points on `synthetic`.
      dropout: 0,
      loss: "default",
      negativeRatio: 0.2,
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
      epsilon: 0.1,
      relationTrust: 1,
      relations: undefined,
      relationsOnly: false,
    },
    train: {
      seed: 0,
      epochs: 50,
      batchSize: 20,
      learningRate: 1e-4,
      dropout: 0.1,
      loss: "default",
      negativeRatio: 0.2,
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
 * Checks the name of a variant.
 *
 * @param name Name, such as `"gpi_linguistic"`.
 * @returns The same name, which is a key of {@linkcode VARIANTS}.
 * @throws {RangeError} If no variant has the name; the message suggests the nearest.
 */
export function parseVariant(name: string): VariantName {
  if (Object.hasOwn(VARIANTS, name)) return name as VariantName;
  throw new RangeError(
    `Cannot find the model "${name}": the nearest is "${
      nearestName(name, Object.keys(VARIANTS))
    }"`,
  );
}
