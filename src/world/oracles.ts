/**
 * What others than a trained model would say of the built-in world: those who know what
 * is true, and one who counts.
 *
 * @module
 */

import type { Example, Logits } from "../example.ts";
import { entityIndexOf, predicateIndexOf } from "./annotator.ts";
import { ENTITY_NAMES } from "./classes.ts";
import { PREDICATE_NAMES } from "./predicates.ts";
import type { Scene } from "./scene.ts";

/** A logit that leaves no doubt. */
const CERTAIN = 20;

const C = ENTITY_NAMES.length;
const P = PREDICATE_NAMES.length + 1;

/** The predictor's pairs with the true classes: what is left is the pairs' confusion. */
export function withTrueLabels(scene: Scene, { relationLogits }: Logits): Logits {
  return { entityLogits: certainLabels(scene), relationLogits };
}

/** Everything that is true, told by somebody who does not know what annotators left out. */
export function omniscient(scene: Scene): Logits {
  const n = scene.entities.length;
  const relationLogits = new Float32Array(n * n * P);
  for (let pair = 0; pair < n * n; pair++) relationLogits[pair * P + P - 1] = CERTAIN / 2;
  for (const { subject, object, predicate } of scene.relations) {
    relationLogits[(subject * n + object) * P + predicateIndexOf(predicate)] = CERTAIN;
  }
  return { entityLogits: certainLabels(scene), relationLogits };
}

function certainLabels(scene: Scene): Float32Array {
  const entityLogits = new Float32Array(scene.entities.length * C);
  scene.entities.forEach(({ name }, i) => {
    entityLogits[i * C + entityIndexOf(name)] = CERTAIN;
  });
  return entityLogits;
}

/**
 * Counts how often each class occurs in each mood, and reads from all things of an image
 * together which mood it is (naive Bayes): how much the rest of an image tells of one
 * thing, without a network.
 */
export class MoodCounts {
  readonly #counts = new Map<string, Float64Array>();

  /** Counts the things of a training scene. */
  add({ situation, mood, entities }: Scene): void {
    const key = `${situation}: ${mood}`;
    // Half a thing more than was seen, so that nothing is impossible.
    const counts = this.#counts.get(key) ?? new Float64Array(C).fill(0.5);
    for (const { name } of entities) counts[entityIndexOf(name)]++;
    this.#counts.set(key, counts);
  }

  /**
   * The predictor's logits with the entities weighed by how often each class occurs.
   *
   * @param example An image with the predictor's logits.
   * @param useContext Whether to count in the moods that the image's other things tell;
   * otherwise in all moods alike.
   * @returns New entity logits; the relation logits are the predictor's.
   */
  reweigh(example: Example, useContext: boolean): Logits {
    const n = example.entityLabels.length;
    const own = Array.from(
      { length: n },
      (_, i) => softmax(example.entityLogits.subarray(i * C, (i + 1) * C)),
    );
    const frequencies = [...this.#counts.values()].map(normalized);
    const evidence = frequencies.map((frequency) =>
      own.reduce((sum, p) => sum + (useContext ? Math.log(dot(p, frequency)) : 0), 0)
    );
    const moods = softmax(evidence);
    const expected = new Float64Array(C);
    frequencies.forEach((frequency, m) => {
      for (let c = 0; c < C; c++) expected[c] += moods[m] * frequency[c];
    });
    const entityLogits = example.entityLogits.map((z, k) =>
      z + Math.log(expected[k % C])
    );
    return { entityLogits, relationLogits: example.relationLogits };
  }
}

function softmax(logits: ArrayLike<number>): Float64Array {
  let greatest = -Infinity;
  for (let i = 0; i < logits.length; i++) greatest = Math.max(greatest, logits[i]);
  return normalized(Float64Array.from(logits, (z) => Math.exp(z - greatest)));
}

function normalized(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
