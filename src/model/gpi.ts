/**
 * One step of the Scene Graph Predictor: phi, pool, alpha, pool, rho (Theorem 1).
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import { dense, type DenseOptions } from "../kernels/dense.ts";
import { denseInt8, type Int8Layer } from "../kernels/int8.ts";
import { gatherRows, type Groups } from "../kernels/groups.ts";
import type { Batch } from "./batch.ts";
import type { Dropout } from "./dropout.ts";
import type { Feature, Features } from "./features.ts";
import type { EntityLayer, LaterLayer, Layers, PairLayer, Part } from "./layers.ts";
import { byChunks, type PairChunk } from "./pair_chunks.ts";
import { type AttentionMeasure, poolRows, weightOfRows } from "./pool.ts";

/** The logits of a batch, which each step improves. */
export interface LogitTensors {
  /** `[n, C]`. */
  entities: tf.Tensor2D;
  /** `[m, P]`. */
  relations: tf.Tensor2D;
}

/** The two nets of rho, which alone have hidden layers. */
export type RhoName = "rhoRelation" | "rhoEntity";

/** The hidden layers of rho after the first in 8 bits; none if the network lacks a net. */
export type Int8Layers = Readonly<Record<RhoName, readonly Int8Layer[]>>;

/** Results of a step and its intermediate values, for attention, calibration and tests. */
export interface StepTrace {
  features: Features;
  /** `[n, H]` and `[B, H]`: pooled over pairs and over entities; absent without context. */
  node?: tf.Tensor2D;
  graph?: tf.Tensor2D;
  /**
   * `[m, H or 1]` and `[n, H or 1]`: attention weights; absent with mean pooling. With a
   * measure, or if the pairs are divided into chunks, they are one number a row, `[m, 1]`.
   */
  nodeAttention?: tf.Tensor2D;
  graphAttention?: tf.Tensor2D;
  /** `[m, 1]` and `[n, C]`: the gates, after the sigmoid. */
  relationGate: tf.Tensor2D;
  entityGate?: tf.Tensor2D;
  /**
   * Inputs of the hidden layers of rho after the first, `[m or n, D]`; empty in 8 bits, or
   * if the pairs are divided into chunks.
   */
  hidden: Record<RhoName, tf.Tensor2D[]>;
  logits: LogitTensors;
}

/** Options of {@linkcode applyStep}. */
export interface StepOptions {
  /** Dropout, in training only. */
  dropout?: Dropout;
  /** Whether attention weights or gradients are needed; default true. */
  wantsAttention?: boolean;
  /** Makes one weight of those of all features; default: they stay as they are. */
  measure?: AttentionMeasure;
  /** Replacements of hidden layers, in prediction only. */
  int8?: Int8Layers;
}

/**
 * Applies one step.
 *
 * @param logits Logits before the step.
 * @param features Features computed from these logits.
 * @param batch The images, which tell the entities of each pair and image.
 * @param layers Layers of the network.
 * @param config Shape of the network.
 * @param options Dropout, attention and 8-bit layers.
 * @returns Logits after the step and intermediate values; for a `tf.tidy`.
 */
export function applyStep(
  logits: LogitTensors,
  features: Features,
  batch: Batch,
  layers: Layers,
  config: SgpConfig,
  { dropout, wantsAttention = true, measure, int8 }: StepOptions = {},
): StepTrace {
  let e = features.entities; // with its node, once there is one
  const trace: Partial<StepTrace> = {};
  const hidden: StepTrace["hidden"] = { rhoRelation: [], rhoEntity: [] };
  let node: tf.Tensor2D | undefined, graph: tf.Tensor2D | undefined;
  if (VARIANTS[config.variant].context) {
    const phi = overPairs(layers.phi, features, batch);
    const phiScores = layers.phiAttention &&
      overPairs(layers.phiAttention, features, batch);
    const [pooled, weights] = byChunks(batch.chunks, (chunk) => {
      const scores = phiScores?.(chunk), messages = phi(chunk);
      const { value, weights } = poolRows(
        messages,
        scores,
        chunk.ownSubjects,
        wantsAttention,
      );
      const how = measure ?? (chunk.isWhole ? undefined : "mean");
      return [value, how && weights ? weightOfRows(weights, messages, how) : weights];
    });
    node = trace.node = pooled; // [n, H]
    trace.nodeAttention = weights;
    node = dropout?.onEntities(node, "node") ?? node;

    e = { ...e, values: tf.concat([e.values, node], 1) };
    const alpha = overEntities(layers.alpha, e, batch);
    const alphaScores = layers.alphaAttention &&
      overEntities(layers.alphaAttention, e, batch);
    const graphs = poolRows(alpha, alphaScores, batch.images, wantsAttention);
    graph = trace.graph = graphs.value; // [B, H]
    const { weights: ofGraph } = graphs;
    trace.graphAttention = measure && ofGraph
      ? weightOfRows(ofGraph, alpha, measure)
      : ofGraph;
    graph = dropout?.onImages(graph, "graph") ?? graph;
  }
  const isOneChunk = batch.chunks.length === 1; // else each chunk's tensors are freed
  const later = (net: RhoName, first: tf.Tensor2D): tf.Tensor2D => {
    const after = layers[`${net}Later`];
    if (int8?.[net].length) {
      const { weights, biases } = after.at(-1)!;
      return dense(denseInt8(first, int8[net]), weights, { biases });
    }
    return laterLayers(first, after, (x, i) => {
      if (i + 1 < after.length && isOneChunk) hidden[net].push(x);
      const site = `${net} ${i}`;
      return (net === "rhoRelation"
        ? dropout?.onPairs(x, site)
        : dropout?.onEntities(x, site)) ?? x;
    });
  };
  const isRelu = config.layers.length > 0;

  const gateOf = overPairs(layers.relationGate, features, batch, graph);
  const rhoOf = overPairs(layers.rhoRelation, features, batch, graph, isRelu);
  const [relations, relationGate] = byChunks(batch.chunks, (chunk) => {
    const gate: tf.Tensor2D = tf.sigmoid(gateOf(chunk));
    const before = chunk.of(logits.relations);
    const after = tf.add(later("rhoRelation", rhoOf(chunk)), tf.mul(gate, before));
    const trusted = withTrust(before, after as tf.Tensor2D, config.relationTrust, () => ({
      subjects: gatherRows(features.certainty, chunk.subjects),
      objects: gatherRows(features.certainty, chunk.objects),
    }));
    return [trusted, gate];
  }); // [m, P], [m, 1]

  let entities = logits.entities;
  if (layers.rhoEntity && layers.entityGate) {
    const gate = tf.sigmoid(overEntities(layers.entityGate, e, batch, graph));
    const ofEntities = overEntities(layers.rhoEntity, e, batch, graph, isRelu);
    entities = tf.add(
      later("rhoEntity", ofEntities),
      tf.mul(gate, logits.entities),
    ); // [n, C]
    trace.entityGate = gate;
  }
  return { ...trace, features, hidden, relationGate, logits: { entities, relations } };
}

/**
 * Takes a part of the change of relation logits: all of it where a label is in doubt, the
 * share `trust` where both labels are certain.
 *
 * @param before `[m, P]`.
 * @param after `[m, P]`.
 * @param trust In [0, 1].
 * @param certainty `[m, 1]` each: certainty of the labels of each pair's ends.
 */
function withTrust(
  before: tf.Tensor2D,
  after: tf.Tensor2D,
  trust: number,
  certainty: () => { subjects: tf.Tensor2D; objects: tf.Tensor2D },
): tf.Tensor2D {
  if (trust === 1) return after;
  const { subjects, objects } = certainty();
  const share = tf.sub(1, tf.mul(tf.mul(subjects, objects), 1 - trust));
  return tf.add(before, tf.mul(share, tf.sub(after, before)));
}

/** Applies the first layer of a net over pairs, to one chunk of pairs at a time. */
function overPairs(
  layer: PairLayer,
  { entities, relations }: Features,
  batch: Batch,
  graph?: tf.Tensor2D,
  isRelu = false,
): (chunk: PairChunk) => tf.Tensor2D {
  const ofObject = denseOfPart(entities, layer.object); // [n, D]
  // Terms that depend on the subject alone are added before they are spread over pairs.
  const ofSubject = layer.subject && denseOfPart(entities, layer.subject, {
    biases: layer.biases,
    groups: ofImage(layer, batch, graph),
  }); // [n, D]
  return (chunk) => {
    const groups = [{ table: ofObject, rows: chunk.objects }];
    if (ofSubject) groups.push({ table: ofSubject, rows: chunk.subjects });
    const { values, words } = relations;
    const ofChunk: Feature = {
      values: chunk.of(values),
      words: words && { labels: chunk.of(words.labels), scales: chunk.of(words.scales) },
    };
    return denseOfPart(ofChunk, layer.relation, { groups, isRelu }); // [m, D]
  };
}

/** Multiplies one part of a net's input with its part of the first layer. */
function denseOfPart(
  { values, words }: Feature,
  part: Part,
  options?: DenseOptions,
): tf.Tensor2D {
  const scaled = words && part.words && { ...words, table: part.words };
  return dense(values, part.weights, { ...options, scaled });
}

/** Applies the first layer of a net over entities. */
function overEntities(
  layer: EntityLayer,
  entities: Feature,
  batch: Batch,
  graph?: tf.Tensor2D,
  isRelu = false,
): tf.Tensor2D {
  const { biases } = layer;
  const groups = ofImage(layer, batch, graph);
  return denseOfPart(entities, layer.entity, { biases, groups, isRelu }); // [n, D]
}

/** The rows that the graph vector of each image adds to those of its entities. */
function ofImage(
  layer: PairLayer | EntityLayer,
  batch: Batch,
  graph: tf.Tensor2D | undefined,
): { table: tf.Tensor2D; rows: Groups }[] {
  if (!graph || !layer.graph) return [];
  return [{ table: dense(graph, layer.graph), rows: batch.images }];
}

/** Applies the layers after the first, with dropout before each and relu between them. */
function laterLayers(
  first: tf.Tensor2D,
  layers: readonly LaterLayer[],
  drop: (x: tf.Tensor2D, i: number) => tf.Tensor2D,
): tf.Tensor2D {
  return layers.reduce(
    (x, { weights, biases }, i) =>
      dense(drop(x, i), weights, { biases, isRelu: i + 1 < layers.length }),
    first,
  );
}
