/**
 * The published form of the linguistic model in plain TensorFlow.js operations, one image
 * at a time and not factored: a peer of the benches.
 *
 * It is written as an expert in TensorFlow.js would write it: bias and product are fused,
 * word vectors are gathered, and rows are broadcast to pairs by an addition, since the
 * gradient of `tf.tile` (4.22) adds slice by slice. Its gradients use plain loops where an
 * operand is transposed, as TensorFlow.js always does on WASM.
 *
 * @module
 */

import type { SgpConfig, TrainConfig } from "../src/config.ts";
import { tf } from "../src/deps/tf.ts";
import { type NetName, NETS } from "../src/model/parameters.ts";
import type { Targets } from "../src/train/loss.ts";

/** Tensors of one image with all N^2 pairs, subject first. */
export interface PublishedInput {
  entities: tf.Tensor2D;
  relations: tf.Tensor2D;
  boxes: tf.Tensor2D;
}

/** Parameters by published name, and word vectors. */
export interface PublishedModel {
  config: SgpConfig;
  variables: ReadonlyMap<string, tf.Variable>;
  words: { entities: tf.Tensor2D; relations: tf.Tensor2D };
}

/** Logits of all entities and pairs. */
interface LogitTensors {
  entities: tf.Tensor2D;
  relations: tf.Tensor2D;
}

/** Computes the logits after each step. */
export function publishedForward(
  { config, variables, words }: PublishedModel,
  { entities, relations, boxes }: PublishedInput,
): LogitTensors[] {
  const n = entities.shape[0], { hidden } = config;
  const variable = <R extends tf.Rank>(name: string) =>
    variables.get(name) as tf.Tensor<R> | undefined;
  const net = (name: NetName, input: tf.Tensor2D) => {
    let x = input;
    for (let i = 0;; i++) {
      const layer = `deep_graph/${NETS[name]}/${i}`;
      const b = variable<tf.Rank.R2>(`${layer}/weights`);
      if (!b) return x;
      if (i > 0) x = tf.relu(x);
      const bias = variable(`${layer}/biases`)!;
      x = tf.fused.matMul({ a: x, b, bias }) as tf.Tensor2D;
    }
  };
  /** The table's rows of the likeliest labels, times their probabilities. */
  const likeliest = (p: tf.Tensor2D, table: tf.Tensor2D): tf.Tensor2D => {
    const vectors = tf.customGrad((x) => ({
      value: tf.gather(table, tf.argMax(x as tf.Tensor2D, 1)),
      gradFunc: () => tf.zerosLike(p),
    }))(p);
    return tf.mul(vectors, tf.max(p, 1, true));
  };
  /** Broadcasts `[a, b, k]`, where a or b or both are 1, to all pairs, `[n n, k]`. */
  const forPairs = (x: tf.Tensor2D, a: number, b: number): tf.Tensor2D => {
    const width = x.shape[1];
    const all = tf.add(tf.reshape(x, [a, b, width]), tf.zeros([n, n, 1]));
    return tf.reshape(all, [n * n, width]);
  };
  const pool = (values: tf.Tensor2D, scores: tf.Tensor2D, groups: number) => {
    const turned = (x: tf.Tensor) =>
      tf.transpose(tf.reshape(x, [groups, -1, hidden]), [0, 2, 1]); // [G, H, n]
    const weights = tf.softmax(turned(scores));
    return tf.sum(tf.mul(weights, turned(values)), 2) as tf.Tensor2D;
  };
  const states: LogitTensors[] = [];
  for (let t = 0; t < config.steps; t++) {
    const p = tf.softmax(entities), q = tf.softmax(relations);
    const e = tf.concat<tf.Tensor2D>([
      likeliest(p, words.entities),
      tf.log(tf.add(p, 1e-10)) as tf.Tensor2D,
      boxes,
    ], 1);
    const r = tf.concat<tf.Tensor2D>([
      tf.log(tf.add(q, 1e-10)) as tf.Tensor2D,
      likeliest(tf.slice(q, [0, 0], [-1, q.shape[1] - 1]), words.relations),
    ], 1);
    const subject = forPairs(e, n, 1), object = forPairs(e, 1, n);
    const pairs = tf.concat<tf.Tensor2D>([object, subject, r], 1);
    const node = pool(net("phi", pairs), net("phiAttention", pairs), n);
    const ofEntity = tf.concat<tf.Tensor2D>([e, node], 1);
    const graph = pool(net("alpha", ofEntity), net("alphaAttention", ofEntity), 1);
    const ofEntities: tf.Tensor2D = tf.add(graph, tf.zeros([n, 1]));
    const rhoPairs = tf.concat<tf.Tensor2D>(
      [r, object, subject, forPairs(graph, 1, 1)],
      1,
    );
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

/**
 * Computes the loss of one image: weighted cross-entropy over entities and relations, summed
 * over the steps, like `lossOf` of `src/train/loss.ts` without regularization.
 */
export function publishedLoss(
  model: PublishedModel,
  input: PublishedInput,
  targets: Targets,
  { entityWeight }: Pick<TrainConfig, "entityWeight">,
): tf.Scalar {
  const crossEntropy = (labels: tf.Tensor2D, x: tf.Tensor2D, weights: tf.Tensor) =>
    tf.losses.softmaxCrossEntropy(labels, x, weights, 0, tf.Reduction.SUM);
  return tf.tidy(() => {
    const ofEntities = tf.fill([targets.entities.shape[0]], entityWeight);
    const terms = publishedForward(model, input).flatMap(({ entities, relations }) => [
      crossEntropy(targets.relations, relations, targets.weights),
      crossEntropy(targets.entities, entities, ofEntities),
    ]);
    return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
  });
}
