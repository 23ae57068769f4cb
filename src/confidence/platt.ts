/**
 * Calibrated probabilities: Platt's scaling (Platt, "Probabilistic outputs for support
 * vector machines", 1999) of scores that are probabilities already.
 *
 * @module
 */

/** p = sigmoid(intercept + slope * logit(score)). */
export interface Platt {
  intercept: number;
  /** At least 0, so that the order of scores stays. */
  slope: number;
}

/** Changes nothing. */
export const IDENTITY: Platt = { intercept: 0, slope: 1 };

/** Scores stay this far from 0 and 1, where their logit is infinite. */
const MARGIN = 1e-7;
/** Newton steps; the loss is convex, and ten are enough where they are not limited. */
const STEPS = 100;
/** Weight of a normal prior around {@linkcode IDENTITY}, in observations. */
const PRIOR = 1;
/** Slopes are at least this, so that different scores stay different. */
const LEAST_SLOPE = 1e-3;

/**
 * Fits the two parameters by maximum likelihood, with a weak prior around the identity, so
 * that a few examples change little and none nothing.
 *
 * @param scores M probabilities.
 * @param isRight Whether each came true: 1 or 0.
 * @returns The parameters.
 */
export function fitPlatt(
  scores: ArrayLike<number>,
  isRight: ArrayLike<number>,
): Platt {
  let { intercept, slope } = IDENTITY;
  const inputs = Float64Array.from(scores, logit);
  for (let step = 0; step < STEPS; step++) {
    let gradA = PRIOR * intercept, gradB = PRIOR * (slope - 1);
    let aa = PRIOR, ab = 0, bb = PRIOR;
    for (let m = 0; m < inputs.length; m++) {
      const x = inputs[m], p = sigmoid(intercept + slope * x);
      const error = p - isRight[m], weight = p * (1 - p);
      gradA += error;
      gradB += error * x;
      aa += weight;
      ab += weight * x;
      bb += weight * x * x;
    }
    const determinant = aa * bb - ab * ab;
    const stepA = (bb * gradA - ab * gradB) / determinant;
    const stepB = (aa * gradB - ab * gradA) / determinant;
    // A whole step may overshoot where the loss is flat.
    const share = Math.min(1, 1 / Math.max(Math.abs(stepA), Math.abs(stepB)));
    intercept -= share * stepA;
    slope = Math.max(slope - share * stepB, LEAST_SLOPE);
    if (Math.abs(stepA) + Math.abs(stepB) < 1e-10) break;
  }
  return { intercept, slope };
}

/**
 * Calibrates a score.
 *
 * @param platt The parameters.
 * @param score A probability.
 * @returns The calibrated probability.
 *
 * @example
 * ```ts
 * import { calibrated } from "./platt.ts";
 * // Twice as sure in logits: 0.8 has odds of 4, and 16 / 17 has odds of 16.
 * const p = calibrated({ intercept: 0, slope: 2 }, 0.8);
 * if (Math.abs(p - 16 / 17) > 1e-12) throw new Error();
 * ```
 */
export function calibrated({ intercept, slope }: Platt, score: number): number {
  if (intercept === 0 && slope === 1) return score;
  return sigmoid(intercept + slope * logit(score));
}

function logit(score: number): number {
  const inside = Math.min(Math.max(score, MARGIN), 1 - MARGIN);
  return Math.log(inside / (1 - inside));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
