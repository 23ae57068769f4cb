/**
 * Reference predictions for the built-in world: oracles that know the true labels or
 * relations, and a naive Bayes classifier of the moods.
 *
 * @module
 */

import type { Example, Logits } from "../example.ts";
import { softmaxRows } from "../softmax.ts";
import { entityIndexOf, predicateIndexOf } from "./annotator.ts";
import { ENTITY_NAMES } from "./classes.ts";
import { PREDICATE_NAMES } from "./predicates.ts";
import type { Scene } from "./scene.ts";

/** The logit of a certain label or relation. */
const CERTAIN = 20;

const C = ENTITY_NAMES.length;
const P = PREDICATE_NAMES.length + 1;

/** Returns the true labels with the detector's relation logits. */
export function withTrueLabels(scene: Scene, { relationLogits }: Logits): Logits {
  return { entityLogits: certainLabels(scene), relationLogits };
}

/** Returns the true labels and all true relations, including those annotators omitted. */
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
 * A naive Bayes classifier that infers the mood of an image from its things. It counts how
 * often each class occurs in each mood, and shows how much context tells about one thing.
 */
export class MoodCounts {
  readonly #counts = new Map<string, Float64Array>();

  /** Counts the things of a training scene. */
  add({ situation, mood, entities }: Scene): void {
    const key = `${situation}: ${mood}`;
    // Half a count more for each class, so that no class is impossible.
    const counts = this.#counts.get(key) ?? new Float64Array(C).fill(0.5);
    for (const { name } of entities) counts[entityIndexOf(name)]++;
    this.#counts.set(key, counts);
  }

  /**
   * Adds the log-frequency of each class to the detector's entity logits.
   *
   * @param example An image with the detector's logits.
   * @param useContext Whether moods are weighted by how well they fit the things of the
   * image; otherwise all moods weigh the same.
   * @returns New entity logits, and the detector's relation logits.
   */
  reweigh(example: Example, useContext: boolean): Logits {
    const n = example.entityLabels.length;
    const probabilities = softmaxRows(example.entityLogits, C);
    const own = Array.from(
      { length: n },
      (_, i) => probabilities.subarray(i * C, (i + 1) * C),
    );
    const frequencies = [...this.#counts.values()].map(normalized);
    const evidence = frequencies.map((frequency) =>
      own.reduce((sum, p) => sum + (useContext ? Math.log(dot(p, frequency)) : 0), 0)
    );
    const moods = softmaxRows(evidence, evidence.length);
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

function normalized(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
