/**
 * All layers of a step, the first of each net split by what its input is made of.
 *
 * A net whose input is a concatenation is computed part by part: with W split by rows,
 * `W [e_j; e_i; r_ij] = W_o e_j + W_s e_i + W_r r_ij`, so what depends on one entity
 * costs n rows of work and not m, and the word vector of a pair's likeliest predicate is
 * one row of the small table `W_rel W_re`.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import { dense, packWeights, type Weights } from "../kernels/dense.ts";
import { splitRows } from "../kernels/split.ts";
import type { WordVectors } from "./features.ts";
import { featureWidths, type Layer, type Parameters } from "./parameters.ts";

/** First layer of a net over pairs. */
export interface PairLayer {
  subject?: Weights; // [e, D]
  object: Weights; // [e, D]
  logQ: Weights; // [P, D]
  words?: tf.Tensor2D; // [P, D]
  graph?: Weights; // [H, D]
  biases?: tf.Tensor1D; // [D]
}

/** First layer of a net over entities. */
export interface EntityLayer {
  /** `[e + H, D]`, of an entity's feature and its node; `[e, D]` without context. */
  entity: Weights;
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

/**
 * Splits the first layer of every net by the parts of its input.
 *
 * Source: the concatenation orders of the published program: phi `[e_j, e_i, r]`, alpha
 * `[e, node]`, rho relation `[r, e_j, e_i, graph]`, rho entity `[e, graph, node]`.
 *
 * @returns Differentiable; for a `tf.tidy`.
 */
export function splitLayers(
  { nets }: Parameters,
  config: SgpConfig,
  words: WordVectors | undefined,
): Layers {
  const { entity: e, relation: r } = featureWidths(config);
  const { hidden, numPredicates } = config;
  const split = ({ weights }: Layer, ...sizes: number[]) =>
    splitRows(weights as tf.Tensor2D, sizes);
  const [q, w] = [numPredicates, r - numPredicates];
  const table = (rows: tf.Tensor2D | undefined) =>
    words && rows && { words: dense(words.relations, rows) };
  const relation = words ? [q, w] : [q];
  const phi = (layer: Layer): PairLayer => {
    const [object, subject, logQ, wordRows] = split(layer, e, e, ...relation);
    return { object, subject, logQ, ...table(wordRows), biases: layer.biases };
  };
  // What does not depend on j (or, over entities, on i) cancels in the softmax.
  const phiAttention = (layer: Layer): PairLayer => {
    const { object, logQ, words } = phi(layer);
    return { object, logQ, words };
  };
  const rhoRelation = (layer: Layer): PairLayer => {
    const [logQ, ...rest] = split(layer, ...relation, e, e, hidden);
    const wordRows = words && rest.shift();
    const [object, subject, graph] = rest;
    const { biases } = layer;
    return { logQ, ...table(wordRows), object, subject, graph, biases };
  };
  const rhoEntity = (layer: Layer): EntityLayer => {
    const [own, graph, node] = split(layer, e, hidden, hidden);
    const { context } = VARIANTS[config.variant];
    const entity = context ? tf.concat([own, node], 0) : own;
    return { entity, graph, biases: layer.biases };
  };
  const [phiScores] = nets.phiAttention, [alphaScores] = nets.alphaAttention;
  const [rho, ...rhoRelationLater] = nets.rhoRelation;
  const [firstEntity, ...rhoEntityLater] = nets.rhoEntity, [gate] = nets.entityGate;
  const [alpha] = nets.alpha;
  return {
    phi: phi(nets.phi[0]),
    ...(phiScores && { phiAttention: phiAttention(phiScores) }),
    alpha: { entity: alpha.weights, biases: alpha.biases },
    ...(alphaScores && { alphaAttention: { entity: alphaScores.weights } }),
    rhoRelation: rhoRelation(rho),
    rhoRelationLater,
    relationGate: rhoRelation(nets.relationGate[0]),
    ...(firstEntity && { rhoEntity: rhoEntity(firstEntity) }),
    rhoEntityLater,
    ...(gate && { entityGate: rhoEntity(gate) }),
  };
}

/**
 * The same layers for prediction, in the form that the backend multiplies fastest.
 *
 * @returns Own tensors, not differentiable and not part of any `tf.tidy`; the caller
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
    // Biases are added, and a table of words is looked up in.
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
