/**
 * One step of the Scene Graph Predictor: phi, pool, alpha, pool, rho (Theorem 1).
 *
 * Every net whose input is a concatenation is computed part by part: with W split by
 * rows, `W [e_j; e_i; r_ij] = W_o e_j + W_s e_i + W_r r_ij`, so what depends on one
 * entity costs n rows of work and not m, and the word vector of a pair's likeliest
 * predicate is one row of the small table `W_rel W_re`.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import { dense } from "../kernels/dense.ts";
import type { Rows } from "../kernels/rows.ts";
import { splitRows } from "../kernels/split.ts";
import type { Batch } from "./batch.ts";
import type { Dropout } from "./dropout.ts";
import type { Features, WordVectors } from "./features.ts";
import { featureWidths, type Layer, type Parameters } from "./parameters.ts";
import { poolRows } from "./pool.ts";

/** The state that a step improves. */
export interface LogitTensors {
  /** `[n, C]`. */
  entities: tf.Tensor2D;
  /** `[m, P]`. */
  relations: tf.Tensor2D;
}

/** First layer of a net over pairs, split by what its input is made of. */
interface PairLayer {
  subject?: tf.Tensor2D; // [e, D]
  object: tf.Tensor2D; // [e, D]
  logQ: tf.Tensor2D; // [P, D]
  words?: tf.Tensor2D; // [P, D]
  graph?: tf.Tensor2D; // [H, D]
  biases?: tf.Tensor1D; // [D]
}

/** First layer of a net over entities, split likewise. */
interface EntityLayer {
  entity: tf.Tensor2D; // [e, D]
  node: tf.Tensor2D; // [H, D]
  graph?: tf.Tensor2D; // [H, D]
  biases?: tf.Tensor1D; // [D]
}

/** All first layers, split once and used by every step. */
export interface SplitLayers {
  phi: PairLayer;
  phiAttention?: PairLayer;
  alpha: EntityLayer;
  alphaAttention?: EntityLayer;
  rhoRelation: PairLayer;
  relationGate: PairLayer;
  rhoEntity?: EntityLayer;
  entityGate?: EntityLayer;
}

/**
 * Splits the first layer of every net by the parts of its input.
 *
 * Source: the concatenation orders of the published program: phi `[e_j, e_i, r]`, alpha
 * `[e, node]`, rho relation `[r, e_j, e_i, graph]`, rho entity `[e, graph, node]`.
 */
export function splitLayers(
  { nets }: Parameters,
  config: SgpConfig,
  words: WordVectors | undefined,
): SplitLayers {
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
  const alpha = (layer: Layer): EntityLayer => {
    const [entity, node] = split(layer, e, hidden);
    return { entity, node, biases: layer.biases };
  };
  const rhoRelation = (layer: Layer): PairLayer => {
    const [logQ, ...rest] = split(layer, ...relation, e, e, hidden);
    const wordRows = words && rest.shift();
    const [object, subject, graph] = rest;
    const { biases } = layer;
    return { logQ, ...table(wordRows), object, subject, graph, biases };
  };
  const rhoEntity = (layer: Layer): EntityLayer => {
    const [entity, graph, node] = split(layer, e, hidden, hidden);
    return { entity, graph, node, biases: layer.biases };
  };
  const [phiScores] = nets.phiAttention, [alphaScores] = nets.alphaAttention;
  const [firstEntity] = nets.rhoEntity, [entityGate] = nets.entityGate;
  return {
    phi: phi(nets.phi[0]),
    ...(phiScores && { phiAttention: phiAttention(phiScores) }),
    alpha: alpha(nets.alpha[0]),
    ...(alphaScores && {
      alphaAttention: { ...alpha(alphaScores), biases: undefined },
    }),
    rhoRelation: rhoRelation(nets.rhoRelation[0]),
    relationGate: rhoRelation(nets.relationGate[0]),
    ...(firstEntity && { rhoEntity: rhoEntity(firstEntity) }),
    ...(entityGate && { entityGate: rhoEntity(entityGate) }),
  };
}

/** What a step computed on its way, for tests and for pictures of the attention. */
export interface StepTrace {
  features: Features;
  /** `[n, H]` and `[B, H]`: pooled over pairs, over entities; absent without context. */
  node?: tf.Tensor2D;
  graph?: tf.Tensor2D;
  /** `[m, H or 1]` and `[n, H or 1]`: attention weights; absent for the mean. */
  nodeAttention?: tf.Tensor2D;
  graphAttention?: tf.Tensor2D;
  /** `[m, 1]` and `[n, C]`: after the sigmoid. */
  relationGate: tf.Tensor2D;
  entityGate?: tf.Tensor2D;
  logits: LogitTensors;
}

/**
 * Applies one step.
 *
 * @param logits What is believed before the step.
 * @param features Computed from these logits.
 * @param batch Says which pairs belong to which entities and images.
 * @param split From {@linkcode splitLayers}.
 * @param parameters The later layers of rho are taken from here.
 * @param config Which variant.
 * @param dropout In training only.
 * @returns The logits after the step and everything on the way; for a `tf.tidy`.
 */
export function applyStep(
  logits: LogitTensors,
  features: Features,
  batch: Batch,
  split: SplitLayers,
  parameters: Parameters,
  config: SgpConfig,
  dropout?: Dropout,
): StepTrace {
  const e = features.entities;
  const trace: Partial<StepTrace> = { features };
  let node: tf.Tensor2D | undefined, graph: tf.Tensor2D | undefined;
  if (VARIANTS[config.variant].context) {
    const phi = overPairs(split.phi, features, batch);
    const phiScores = split.phiAttention &&
      overPairs(split.phiAttention, features, batch);
    const nodes = poolRows(phi, phiScores, batch.subjects);
    node = trace.node = nodes.value; // [n, H]
    trace.nodeAttention = nodes.weights;
    node = dropout?.onEntities(node, "node") ?? node;

    const alpha = overEntities(split.alpha, e, batch, node);
    const alphaScores = split.alphaAttention &&
      overEntities(split.alphaAttention, e, batch, node);
    const graphs = poolRows(alpha, alphaScores, batch.images);
    graph = trace.graph = graphs.value; // [B, H]
    trace.graphAttention = graphs.weights;
    graph = dropout?.onImages(graph, "graph") ?? graph;
  }
  const rest = (first: tf.Tensor2D, net: "rhoRelation" | "rhoEntity") =>
    laterLayers(
      first,
      parameters.nets[net].slice(1),
      (x, i) =>
        (net === "rhoRelation"
          ? dropout?.onPairs(x, `${net} ${i}`)
          : dropout?.onEntities(x, `${net} ${i}`)) ?? x,
    );
  const isRelu = config.layers.length > 0;

  const relationGate = tf.sigmoid(overPairs(split.relationGate, features, batch, graph));
  const relations = tf.add(
    rest(overPairs(split.rhoRelation, features, batch, graph, isRelu), "rhoRelation"),
    tf.mul(relationGate, logits.relations),
  ) as tf.Tensor2D; // [m, P]

  let entities = logits.entities;
  if (split.rhoEntity && split.entityGate) {
    const gate = tf.sigmoid(overEntities(split.entityGate, e, batch, node, graph));
    entities = tf.add(
      rest(overEntities(split.rhoEntity, e, batch, node, graph, isRelu), "rhoEntity"),
      tf.mul(gate, logits.entities),
    ); // [n, C]
    trace.entityGate = gate;
  }
  return { ...trace, features, relationGate, logits: { entities, relations } };
}

/** The first layer of a net over pairs. */
function overPairs(
  layer: PairLayer,
  features: Features,
  batch: Batch,
  graph?: tf.Tensor2D,
  isRelu = false,
): tf.Tensor2D {
  const { entities: e, relations: logQ, words } = features;
  const groups = [{ table: dense(e, layer.object), rows: batch.objects }];
  if (layer.subject) {
    // Everything that depends on the subject alone is added up before it is spread.
    const table = dense(e, layer.subject, {
      biases: layer.biases,
      groups: ofImage(layer, batch, graph),
    }); // [n, D]
    groups.push({ table, rows: batch.subjects });
  }
  const scaled = words && layer.words && { ...words, table: layer.words };
  return dense(logQ, layer.logQ, { groups, scaled, isRelu }); // [m, D]
}

/** The first layer of a net over entities. */
function overEntities(
  layer: EntityLayer,
  entity: tf.Tensor2D,
  batch: Batch,
  node?: tf.Tensor2D,
  graph?: tf.Tensor2D,
  isRelu = false,
): tf.Tensor2D {
  const { biases } = layer;
  const groups = ofImage(layer, batch, graph);
  if (!node) return dense(entity, layer.entity, { biases, groups, isRelu });
  const input = tf.concat([entity, node], 1);
  const weights = tf.concat([layer.entity, layer.node], 0);
  return dense(input, weights, { biases, groups, isRelu }); // [n, D]
}

/** What the graph vector of each image adds to its entities. */
function ofImage(
  layer: PairLayer | EntityLayer,
  batch: Batch,
  graph: tf.Tensor2D | undefined,
): { table: tf.Tensor2D; rows: Rows }[] {
  if (!graph || !layer.graph) return [];
  return [{ table: dense(graph, layer.graph), rows: batch.images }];
}

/** The layers after the first, with dropout before each and a relu between them. */
function laterLayers(
  first: tf.Tensor2D,
  layers: readonly Layer[],
  drop: (x: tf.Tensor2D, i: number) => tf.Tensor2D,
): tf.Tensor2D {
  return layers.reduce(
    (x, { weights, biases }, i) =>
      dense(drop(x, i), weights, { biases, isRelu: i + 1 < layers.length }),
    first,
  );
}
