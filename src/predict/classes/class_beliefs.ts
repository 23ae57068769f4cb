/**
 * What a detector believes of its own classes, as probabilities of the classes of a model.
 *
 * Prediction and the noise of training use the same function, so that a model is trained
 * on what it will read.
 *
 * @module
 */

import { CERTAIN_SCORE, GREATEST_SCORE } from "../../certainty.ts";

/** A class of the vocabulary that a detector's class may be, and how likely it is that one. */
export interface ClassShare {
  /** Index of the class in the vocabulary. */
  label: number;
  /** Its share of the belief; the shares of one detector class sum to 1. */
  weight: number;
}

/** `[K]`: the classes that each of a detector's K classes may be; none if it is unknown. */
export type ClassShares = readonly (readonly ClassShare[])[];

/** How to complete beliefs. */
export interface BeliefOptions {
  /**
   * `[C, C]`: mean log-probabilities by likeliest class, from `EntityProfiles`; they
   * divide what the detector leaves open. Without them it is divided evenly. The array
   * must not change afterwards: what is computed from it is kept.
   */
  profiles?: Float32Array;
  /**
   * The beliefs of a row are divided anew in proportion to this power of them; their sum
   * stays. Above 1 makes a detector surer, below 1 less sure. Default 1.
   */
  power?: number;
}

/** Lower limit on probabilities, whose logarithms are the input of the model. */
const LEAST_BELIEF = 1e-6;
/** A class that the detector does not prefer stays below the one that it prefers. */
const JUST_BELOW = 0.999;

/**
 * Computes the probabilities of the vocabulary's classes from a detector's beliefs.
 *
 * The belief in each detector class is shared out over the classes that it may be. Sums
 * above 1 are normalized. The rest to 1, and the belief in classes that the
 * vocabulary lacks, goes to all classes: each class c with belief passes its part on to the
 * others, by row c of the profiles or evenly. So a row with a single number above 0, a
 * label with its score, gives what `profileLogits` gives, and a score of 1 a label that is
 * certain. If the others would get so much that the class with the greatest belief were no
 * longer the likeliest, they are reduced.
 *
 * @param row `[K]`: beliefs, each at least 0.
 * @param shares The classes of the vocabulary for each of the K.
 * @param numClasses C, at least 2.
 * @param options Profiles, and how sure the detector is.
 * @returns `[C]`: probabilities that sum to 1, of at least {@linkcode LEAST_BELIEF} unless
 * the label is certain; even ones if the vocabulary has no class with a belief.
 * @throws {RangeError} If a length does not fit, or a belief is negative or not finite.
 *
 * @example
 * ```ts
 * import { classBeliefs } from "./class_beliefs.ts";
 * // The detector's "person" is "man" or "woman"; its "dog" is "dog".
 * const shares = [
 *   [{ label: 0, weight: 0.75 }, { label: 1, weight: 0.25 }],
 *   [{ label: 2, weight: 1 }],
 * ];
 * const [man, woman, dog] = classBeliefs(Float32Array.of(0.8, 0.2), shares, 3);
 * if (Math.abs(man - 0.6) > 1e-5 || Math.abs(woman - 0.2) > 1e-5) throw new Error();
 * if (Math.abs(dog - 0.2) > 1e-5) throw new Error();
 * ```
 */
export function classBeliefs(
  row: Float32Array,
  shares: ClassShares,
  numClasses: number,
  { profiles, power = 1 }: BeliefOptions = {},
): Float32Array<ArrayBuffer> {
  const c = numClasses;
  if (row.length !== shares.length) {
    fail(`there must be ${shares.length} of them, one a class`, row.length);
  }
  if (profiles && profiles.length !== c * c) {
    fail(`profiles must be ${c} x ${c} numbers`, profiles.length);
  }
  const beliefs = sharpened(row, power);
  // All floors together would leave a certain label in doubt.
  const isCertain = isCertainLabel(row), least = isCertain ? 0 : LEAST_BELIEF;
  const known = new Float64Array(c); // [C]
  for (let k = 0; k < beliefs.length; k++) {
    if (beliefs[k] === 0) continue;
    for (const { label, weight } of shares[k]) known[label] += beliefs[k] * weight;
  }
  const sum = known.reduce((total, belief) => total + belief, 0);
  if (sum === 0) return new Float32Array(c).fill(1 / c);
  const greatest = isCertain ? GREATEST_SCORE : 1;
  const result = known.map((belief) => belief * Math.min(1, greatest / sum));
  const rest = 1 - Math.min(sum, greatest);
  if (rest > 0) {
    const others = profiles && othersOf(profiles, c); // [C, C]
    for (let from = 0; from < c; from++) {
      const part = rest * known[from] / sum;
      if (part === 0) continue;
      for (let to = 0; to < c; to++) {
        if (others) result[to] += part * others[from * c + to];
        else if (to !== from) result[to] += part / (c - 1);
      }
    }
    keepBest(result, known);
  }
  let total = 0;
  for (let i = 0; i < c; i++) total += result[i] = Math.max(result[i], least);
  return Float32Array.from(result, (value) => Math.max(value / total, least));
}

/** Whether a row has one belief, and that is 1. */
function isCertainLabel(row: Float32Array): boolean {
  let count = 0, greatest = 0;
  for (const belief of row) {
    if (belief > 0) count++;
    if (belief > greatest) greatest = belief;
  }
  return count === 1 && greatest >= CERTAIN_SCORE;
}

/** Beliefs in proportion to a power of them, with the same sum. */
function sharpened(row: Float32Array, power: number): Float64Array {
  let before = 0, after = 0;
  const beliefs = Float64Array.from(row, (belief, k) => {
    if (!(belief >= 0 && belief < Infinity)) {
      fail("each must be a number >= 0", `${belief} at ${k}`);
    }
    before += belief;
    const raised = power === 1 || belief === 0 ? belief : belief ** power;
    after += raised;
    return raised;
  });
  const scale = after > 0 ? before / after : 1;
  return power === 1 ? beliefs : beliefs.map((belief) => belief * scale);
}

/** Leaves the class with the greatest belief the likeliest one. */
function keepBest(result: Float64Array, known: Float64Array): void {
  let best = 0;
  for (let i = 1; i < known.length; i++) if (known[i] > known[best]) best = i;
  for (let i = 0; i < known.length; i++) {
    if (known[i] === known[best]) result[i] = Math.min(result[i], result[best]);
    else result[i] = Math.min(result[i], JUST_BELOW * result[best]);
  }
}

const divided = new WeakMap<Float32Array, Float64Array>();

/** `[C, C]`: row c has the probabilities of the other classes, without c, summing to 1. */
function othersOf(profiles: Float32Array, c: number): Float64Array {
  const made = divided.get(profiles);
  if (made) return made;
  const others = Float64Array.from(
    profiles,
    (value, i) => Math.floor(i / c) === i % c ? 0 : Math.exp(value),
  );
  for (let from = 0; from < c * c; from += c) {
    const row = others.subarray(from, from + c);
    const total = row.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < c; i++) row[i] /= total || 1;
  }
  divided.set(profiles, others);
  return others;
}

function fail(must: string, found: unknown): never {
  throw new RangeError(`Cannot use beliefs of a detector as ${must}: found ${found}`);
}
