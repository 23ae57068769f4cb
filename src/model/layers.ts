/**
 * All layers of a step; the first layer of each net is split by the parts of its input.
 *
 * A net whose input is a concatenation is computed part by part: with W split by rows,
 * `W [e_j; e_i; r_ij] = W_o e_j + W_s e_i + W_r r_ij`, so what depends on one entity
 * costs n rows of work and not m, and the word vector of a likeliest label is one row of
 * a small table, such as `W_rel W_re` of the predicates.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import { dense, packWeights, type Weights } from "../kernels/dense.ts";
import { splitRows } from "../kernels/split.ts";
import type { WordVectors } from "./features.ts";
import { featureWidths, type Layer, type Parameters } from "./parameters.ts";

/** The part of a first layer that is multiplied with a feature. */
export interface Part {
  /** `[k, D]`: weights of the k values of the feature. */
  weights: Weights;
  /** `[labels, D]`: the word vector of each label times its weights. */
  words?: tf.Tensor2D;
}

/** First layer of a net over pairs, D wide. */
export interface PairLayer {
  subject?: Part;
  object: Part;
  relation: Part;
  graph?: Weights; // [H, D]
  biases?: tf.Tensor1D; // [D]
}

/** First layer of a net over entities, D wide. */
export interface EntityLayer {
  /** Weights of an entity's feature, followed in variants with context by its node. */
  entity: Part;
  graph?: Weights; // [H, D]
  biases?: tf.Tensor1D; // [D]
}

/** A later layer of a net. */
export interface LaterLayer {
  weights: Weights; // [in, out]
  biases: tf.Tensor1D; // [out]
}

/** All layers of a step. */
export interface Layers {
  phi: PairLayer;
  phiAttention?: PairLayer;
  alpha: EntityLayer;
  alphaAttention?: EntityLayer;
  relationGate: PairLayer;
  rhoRelation: PairLayer;
  rhoRelationLater: LaterLayer[];
  entityGate?: EntityLayer;
  rhoEntity?: EntityLayer;
  rhoEntityLater: LaterLayer[];
}

/** A part of the input of a net. */
type Input = "subject" | "object" | "relation" | "entity" | "graph" | "node";

// The published program concatenates the parts in these orders.
const PHI_INPUTS: readonly Input[] = ["object", "subject", "relation"];
const ALPHA_INPUTS: readonly Input[] = ["entity", "node"];
const RHO_RELATION_INPUTS: readonly Input[] = ["relation", "object", "subject", "graph"];
const RHO_ENTITY_INPUTS: readonly Input[] = ["entity", "graph", "node"];

/**
 * Splits the first layer of every net by the parts of its input.
 *
 * @returns Differentiable; for a `tf.tidy`.
 */
export function splitLayers(
  { nets }: Parameters,
  config: SgpConfig,
  words: WordVectors | undefined,
): Layers {
  const partsOf = (layer: Layer, inputs: readonly Input[], wanted = inputs) =>
    splitLayer(layer, inputs, wanted, config, words);
  const overPairs = (layer: Layer, inputs: readonly Input[]): PairLayer => {
    const { subject, object, relation, graph } = partsOf(layer, inputs);
    const { biases } = layer;
    return {
      subject,
      object: object!,
      relation: relation!,
      graph: graph?.weights,
      biases,
    };
  };
  const overEntities = (layer: Layer, inputs: readonly Input[]): EntityLayer => {
    const { entity, node, graph } = partsOf(layer, inputs);
    const { context } = VARIANTS[config.variant];
    const weights: tf.Tensor2D = context
      ? tf.concat([entity!.weights, node!.weights], 0)
      : entity!.weights;
    const { biases } = layer;
    return { entity: { ...entity, weights }, graph: graph?.weights, biases };
  };
  // Terms that do not depend on j (or, over entities, on i) cancel in the softmax.
  const overObjects = (layer: Layer): PairLayer => {
    const { object, relation } = partsOf(layer, PHI_INPUTS, ["object", "relation"]);
    return { object: object!, relation: relation! };
  };
  const [phiScores] = nets.phiAttention, [alphaScores] = nets.alphaAttention;
  const [rho, ...rhoRelationLater] = nets.rhoRelation;
  const [firstEntity, ...rhoEntityLater] = nets.rhoEntity, [gate] = nets.entityGate;
  return {
    phi: overPairs(nets.phi[0], PHI_INPUTS),
    ...(phiScores && { phiAttention: overObjects(phiScores) }),
    alpha: overEntities(nets.alpha[0], ALPHA_INPUTS),
    ...(alphaScores && {
      alphaAttention: { ...overEntities(alphaScores, ALPHA_INPUTS), biases: undefined },
    }),
    rhoRelation: overPairs(rho, RHO_RELATION_INPUTS),
    rhoRelationLater,
    relationGate: overPairs(nets.relationGate[0], RHO_RELATION_INPUTS),
    ...(firstEntity && { rhoEntity: overEntities(firstEntity, RHO_ENTITY_INPUTS) }),
    rhoEntityLater,
    ...(gate && { entityGate: overEntities(gate, RHO_ENTITY_INPUTS) }),
  };
}

/** Splits the rows of a layer's weights by the parts of its input. */
function splitLayer(
  { weights }: Layer,
  inputs: readonly Input[],
  wanted: readonly Input[],
  config: SgpConfig,
  words: WordVectors | undefined,
): Partial<Record<Input, Part & { weights: tf.Tensor2D }>> {
  const embedding = words ? config.embeddingSize : 0;
  const { entity, relation } = featureWidths(config);
  const blocks = inputs.flatMap((input) => {
    const block = (size: number, isWords = false) => ({ input, size, isWords });
    if (input === "graph" || input === "node") return [block(config.hidden)];
    if (input === "relation") {
      return [block(relation - embedding), block(embedding, true)];
    }
    return [block(embedding, true), block(entity - embedding)];
  }).filter(({ size }) => size > 0);
  const rows = splitRows(weights as tf.Tensor2D, blocks.map(({ size }) => size));
  const parts: ReturnType<typeof splitLayer> = {};
  for (const input of wanted) {
    const rowsOf = (wantsWords: boolean) =>
      rows.find((_, i) => blocks[i].input === input && blocks[i].isWords === wantsWords);
    const vectors = input === "relation" ? words?.relations : words?.entities;
    const ofWords = rowsOf(true);
    const table = ofWords && { words: dense(vectors!, ofWords) };
    parts[input] = { weights: rowsOf(false)!, ...table };
  }
  return parts;
}

/**
 * Splits the layers as {@linkcode splitLayers} and packs them for prediction, in the form
 * that the backend multiplies fastest.
 *
 * @returns Tensors that are not differentiable and survive a `tf.tidy`; the caller
 * disposes them.
 */
export function packLayers(
  parameters: Parameters,
  config: SgpConfig,
  words: WordVectors | undefined,
): Layers {
  const copy = (part: unknown, name?: string): unknown => {
    if (Array.isArray(part)) return part.map((each) => copy(each));
    if (!(part instanceof tf.Tensor)) {
      const entries = Object.entries(part as object).filter(([, each]) => each);
      return Object.fromEntries(entries.map(([key, each]) => [key, copy(each, key)]));
    }
    // Biases and tables of words are no factors of a matrix product.
    if (part.rank !== 2 || name === "words") return tf.keep(part.clone());
    const weights = packWeights(part as tf.Tensor2D);
    tf.keep("panels" in weights ? weights.panels : weights);
    return weights;
  };
  return tf.tidy(() => {
    const layers = splitLayers(parameters, config, words);
    return copy(layers) as tf.TensorContainer;
  }) as unknown as Layers;
}
