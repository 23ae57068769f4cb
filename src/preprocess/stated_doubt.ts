/**
 * Simulates labels with calibrated scores, from doubtful to certain: a label of score s is
 * right with probability s.
 *
 * @module
 */

import { GREATEST_SCORE } from "../certainty.ts";
import { profileLogits } from "../label_predictor/entity_profiles.ts";
import type { Random } from "../random.ts";

/** Share of images whose labels are all certain. */
const CERTAIN_IMAGES = 0.2;
/** The other labels have a score of 1 - 10^-x with x uniform between these. */
const LEAST_NINES = 0.1, MOST_NINES = 2.5;
/**
 * Draws labels and scores of annotated entities, as a caller states them who has no
 * probabilities of the other classes.
 *
 * @param labels `[N]`: the true classes.
 * @param profiles `[C, C]`: log-probabilities of all classes behind each label, from
 * `EntityProfiles`; a wrong label is drawn from the row of the true one.
 * @param random Decides scores and labels.
 * @returns `[N, C]`: log-probabilities, as the predictor makes them of labels with scores.
 */
export function statedLogits(
  labels: Int32Array,
  profiles: Float32Array,
  random: Random,
): Float32Array {
  const c = Math.sqrt(profiles.length);
  const logits = new Float32Array(labels.length * c);
  const isCertain = random.chance(CERTAIN_IMAGES);
  labels.forEach((truth, i) => {
    const score = isCertain
      ? GREATEST_SCORE
      : 1 - 10 ** -random.between(LEAST_NINES, MOST_NINES);
    const others = profiles.subarray(truth * c, (truth + 1) * c)
      .map((logit, k) => k === truth ? 0 : Math.exp(logit));
    const label = random.chance(score) ? truth : random.weighted(others);
    profileLogits(label, score, profiles, logits.subarray(i * c, (i + 1) * c));
  });
  return logits;
}
