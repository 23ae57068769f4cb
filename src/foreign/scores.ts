/**
 * The rules for probabilities from outside.
 *
 * @module
 */

import type { Mended, Placed } from "./mended.ts";

/** A softmax in float32 may leave [0, 1] by rounding, by no more than this. */
const ROUNDING = 1e-5;
/** Stands for 0, whose logarithm is infinite. */
const LEAST_SCORE = 1e-6;
/** From here to 100, numbers are taken for percentages. */
const LEAST_PERCENT = 2;

/**
 * Brings a probability into (0, 1]: rounding is cut off, and 0 becomes a millionth.
 *
 * @param score The number.
 * @param mended Counts what was changed.
 * @param at Its place.
 * @returns The probability, or `undefined` if it is none.
 */
export function takeScore(
  score: unknown,
  mended: Mended,
  at: Placed,
): number | undefined {
  if (typeof score !== "number" || !(score >= -ROUNDING && score <= 1 + ROUNDING)) {
    return undefined;
  }
  if (score > 0 && score <= 1) return score;
  mended.add("scoresClamped", at);
  return score > 1 ? 1 : LEAST_SCORE;
}

/** What a score must be. */
export const SCORE = "a probability in [0, 1]";

/** What to do about numbers that are no probabilities. */
export function scoreSuggestion(score: unknown): string | undefined {
  if (typeof score !== "number") return undefined;
  if (score >= LEAST_PERCENT && score <= 100) return "divide percentages by 100";
  return Math.abs(score) > 1 ? "logits become probabilities by a softmax" : undefined;
}
