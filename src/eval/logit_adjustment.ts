/**
 * Logit adjustment: predicates that are frequent in training are made less likely, rare
 * ones more.
 *
 * Source: Menon et al., "Long-tail learning via logit adjustment" (ICLR 2021), after
 * training: the logit of a class minus `strength` times the logarithm of its frequency.
 * Unlike there, the probability that a pair is related at all stays as it is, so that the
 * order of pairs changes as little as possible.
 *
 * @module
 */

import { logSumExp } from "../softmax.ts";
import type { System } from "./evaluate.ts";
import type { TrainingTriplets } from "./zero_shot.ts";

/**
 * Logarithms of the predicates' frequencies in training. Each predicate counts once more
 * than it occurs, so that none has the frequency 0.
 *
 * @param training Counts of training.
 * @param numPredicates Number of predicates without "no relation".
 */
export function logFrequencies(
  training: TrainingTriplets,
  numPredicates: number,
): Float64Array {
  const total = training.numRelations + numPredicates;
  return Float64Array.from(
    { length: numPredicates },
    (_, predicate) => Math.log((training.relationsOf(predicate) + 1) / total),
  );
}

/**
 * Adjusts the relation logits of one image.
 *
 * @param logits `[N, N, P]`, "no relation" last; they stay as they are.
 * @param frequencies `[P - 1]`, from {@linkcode logFrequencies}.
 * @param strength 0 changes nothing, 1 takes the frequencies out.
 * @returns `[N, N, P]`: the adjusted logits. In each pair the softmax of the last one, and
 * so of all others together, is what it was.
 */
export function adjustLogits(
  logits: ArrayLike<number>,
  frequencies: Float64Array,
  strength: number,
): Float32Array {
  const p = frequencies.length, adjusted = Float32Array.from(logits);
  const moved = new Float64Array(p);
  for (let start = 0; start < logits.length; start += p + 1) {
    for (let k = 0; k < p; k++) moved[k] = logits[start + k] - strength * frequencies[k];
    const before = logSumExp(logits, start, start + p), after = logSumExp(moved);
    for (let k = 0; k < p; k++) adjusted[start + k] = moved[k] + before - after;
  }
  return adjusted;
}

/** A system with adjusted logits. */
export function adjustedSystem(
  system: System,
  frequencies: Float64Array,
  strength: number,
): System {
  if (strength === 0) return system;
  return async (examples) =>
    (await system(examples)).map((output) => ({
      ...output,
      relationLogits: adjustLogits(output.relationLogits, frequencies, strength),
    }));
}
