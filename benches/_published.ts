/**
 * The published form of the linguistic model in plain TensorFlow.js operations, one image
 * at a time and nothing factored out: what the figures compare with.
 *
 * @module
 */

import type { SgpConfig } from "../src/config.ts";
import { tf } from "../src/deps.ts";
import { type NetName, NETS } from "../src/model/parameters.ts";

/** Tensors of one image; pairs are all N^2, subject first. */
export interface PublishedInput {
  entities: tf.Tensor2D;
  relations: tf.Tensor2D;
  boxes: tf.Tensor2D;
}

/** Parameters by published name, and word vectors. */
export interface PublishedModel {
  config: SgpConfig;
  variables: ReadonlyMap<string, tf.Tensor>;
  words: { entities: tf.Tensor2D; relations: tf.Tensor2D };
}

/** The logits after each step. */
export function publishedForward(
  { config, variables, words }: PublishedModel,
  { entities, relations, boxes }: PublishedInput,
): { entities: tf.Tensor2D; relations: tf.Tensor2D }[] {
  const n = entities.shape[0], { hidden } = config;
  const net = (name: NetName, input: tf.Tensor2D) => {
    let x: tf.Tensor2D = input;
    for (let i = 0; variables.has(`deep_graph/${NETS[name]}/${i}/weights`); i++) {
      const layer = `deep_graph/${NETS[name]}/${i}`;
      const weights = variables.get(`${layer}/weights`) as tf.Tensor2D;
      if (i > 0) x = tf.relu(x);
      x = tf.add(tf.matMul(x, weights), variables.get(`${layer}/biases`)!);
    }
    return x;
  };
  const likeliest = (p: tf.Tensor2D, table: tf.Tensor2D): tf.Tensor2D => {
    const labels = tf.customGrad((x) => ({
      value: tf.cast(tf.oneHot(tf.argMax(x as tf.Tensor, 1), p.shape[1]), "float32"),
      gradFunc: () => tf.zerosLike(p),
    }))(p);
    return tf.matMul(tf.mul(labels, p) as tf.Tensor2D, table);
  };
  /** Each entity's row for each pair it is the subject (or object) of. */
  const spread = (x: tf.Tensor2D, isSubject: boolean): tf.Tensor2D => {
    const width = x.shape[1];
    const rows = tf.reshape(x, isSubject ? [n, 1, width] : [1, n, width]);
    return tf.reshape(tf.add(rows, tf.zeros([n, n, width])), [n * n, width]);
  };
  const pool = (values: tf.Tensor2D, scores: tf.Tensor2D, groups: number) => {
    const shape = [groups, -1, hidden];
    const weights = tf.softmax(tf.transpose(tf.reshape(scores, shape), [0, 2, 1]));
    const turned = tf.transpose(tf.reshape(values, shape), [0, 2, 1]);
    return tf.sum(tf.mul(weights, turned), 2) as tf.Tensor2D;
  };
  const states = [];
  for (let t = 0; t < config.steps; t++) {
    const p = tf.softmax(entities), q = tf.softmax(relations);
    const positive = tf.slice(q, [0, 0], [-1, q.shape[1] - 1]);
    const table = tf.slice(words.relations, [0, 0], [q.shape[1] - 1, -1]);
    const e = tf.concat<tf.Tensor2D>([
      likeliest(p, words.entities),
      tf.log(tf.add(p, 1e-10)) as tf.Tensor2D,
      boxes,
    ], 1);
    const r = tf.concat<tf.Tensor2D>([
      tf.log(tf.add(q, 1e-10)) as tf.Tensor2D,
      likeliest(positive, table),
    ], 1);
    const subject = spread(e, true), object = spread(e, false);
    const pairs = tf.concat<tf.Tensor2D>([object, subject, r], 1);
    const node = pool(net("phi", pairs), net("phiAttention", pairs), n);
    const ofEntity = tf.concat<tf.Tensor2D>([e, node], 1);
    const graph = pool(net("alpha", ofEntity), net("alphaAttention", ofEntity), 1);
    const ofPairs = tf.tile(graph, [n * n, 1]), ofEntities = tf.tile(graph, [n, 1]);
    const rhoPairs = tf.concat<tf.Tensor2D>([r, object, subject, ofPairs], 1);
    const rhoEntities = tf.concat<tf.Tensor2D>([e, ofEntities, node], 1);
    const gate = (name: NetName, x: tf.Tensor2D) => tf.sigmoid(net(name, x));
    relations = tf.add(
      net("rhoRelation", rhoPairs),
      tf.mul(gate("relationGate", rhoPairs), relations),
    );
    entities = tf.add(
      net("rhoEntity", rhoEntities),
      tf.mul(gate("entityGate", rhoEntities), entities),
    );
    states.push({ entities, relations });
  }
  return states;
}
