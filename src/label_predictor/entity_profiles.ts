/**
 * Profiles of classes: the mean log-probabilities that a label predictor gives to entities
 * whose likeliest class is this one.
 *
 * A caller who has only a label and a score does not know the probabilities of the other
 * classes. A model that was trained on whole distributions reads much from them, and equal
 * probabilities for all others would be unlike anything it has seen; profiles fill them in.
 *
 * @module
 */

import { GREATEST_SCORE } from "../certainty.ts";
import type { Logits } from "../example.ts";

/** Lower limit on probabilities, whose logarithms would dominate the means. */
const LEAST = 1e-6;

/** Averages log-probabilities of entities by their likeliest class. */
export class EntityProfiles {
  readonly #numClasses: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  /** @param numClasses C. */
  constructor(numClasses: number) {
    this.#numClasses = numClasses;
    this.#sums = new Float64Array(numClasses * numClasses);
    this.#counts = new Float64Array(numClasses);
  }

  /** Adds the entities of an image. */
  add({ entityLogits }: Pick<Logits, "entityLogits">): void {
    const c = this.#numClasses;
    for (let from = 0; from < entityLogits.length; from += c) {
      const row = entityLogits.subarray(from, from + c);
      let best = 0, total = 0;
      for (let k = 1; k < c; k++) if (row[k] > row[best]) best = k;
      for (const logit of row) total += Math.exp(logit - row[best]);
      const shift = row[best] + Math.log(total);
      this.#counts[best]++;
      for (let k = 0; k < c; k++) {
        this.#sums[best * c + k] += Math.max(row[k] - shift, Math.log(LEAST));
      }
    }
  }

  /**
   * Computes the profiles.
   *
   * @returns `[C, C]`: row c has the mean log-probabilities of the entities whose likeliest
   * class is c, or equal ones if no entity has this class.
   */
  result(): Float32Array {
    const c = this.#numClasses;
    return Float32Array.from(this.#sums, (sum, i) => {
      const count = this.#counts[Math.floor(i / c)];
      return count === 0 ? Math.log(1 / c) : sum / count;
    });
  }
}

/**
 * Writes logits of an entity of which only a label and its score are known.
 *
 * @param label Index of the class.
 * @param score Probability of the class, in (0, 1).
 * @param profiles From {@linkcode EntityProfiles.result}; without them the other classes
 * get equal probabilities.
 * @param out `[C]`: receives the logits. Their softmax gives `label` exactly `score`.
 */
export function profileLogits(
  label: number,
  score: number,
  profiles: Float32Array | undefined,
  out: Float32Array,
): void {
  const c = out.length;
  let rest = 0;
  for (let k = 0; k < c; k++) {
    out[k] = profiles ? profiles[label * c + k] : 0;
    if (k !== label) rest += Math.exp(out[k]);
  }
  const shift = Math.log((1 - score) / rest);
  for (let k = 0; k < c; k++) out[k] += shift;
  out[label] = Math.log(score);
}

/**
 * Makes logits of entities whose labels are certain.
 *
 * @param labels N classes.
 * @param numClasses C.
 * @param profiles As for {@linkcode profileLogits}.
 * @returns `[N, C]`.
 */
export function certainProfileLogits(
  labels: ArrayLike<number>,
  numClasses: number,
  profiles?: Float32Array,
): Float32Array {
  const logits = new Float32Array(labels.length * numClasses);
  for (let i = 0; i < labels.length; i++) {
    const row = logits.subarray(i * numClasses, (i + 1) * numClasses);
    profileLogits(labels[i], GREATEST_SCORE, profiles, row);
  }
  return logits;
}
