/**
 * How well probabilities are calibrated: the expected calibration error and the table
 * behind it (Guo et al., "On calibration of modern neural networks", ICML 2017).
 *
 * @module
 */

/** Number of bins of equal width, as in the source. */
const BINS = 15;

/** The predictions whose probability lies in one bin. */
export interface ReliabilityBin {
  /** Lower limit of the bin, which it includes. */
  from: number;
  /** Upper limit, which only the last bin includes. */
  to: number;
  /** Number of predictions. */
  count: number;
  /** Their mean probability; NaN without a prediction. */
  meanScore: number;
  /** Share of them that came true; NaN without a prediction. */
  shareRight: number;
}

/** Calibration of many predictions. */
export interface Reliability {
  /** Expected calibration error: mean of |probability - share| over bins, by their counts. */
  error: number;
  count: number;
  bins: readonly ReliabilityBin[];
}

/**
 * Measures how well probabilities are calibrated.
 *
 * @param scores M probabilities.
 * @param isRight Whether each came true: 1 or 0.
 * @returns The error, NaN without predictions, and its bins.
 *
 * @example
 * ```ts
 * import { reliability } from "./reliability.ts";
 * // Four predictions of 0.75, of which three come true, are calibrated.
 * const { error } = reliability([0.75, 0.75, 0.75, 0.75], [1, 1, 0, 1]);
 * if (error !== 0) throw new Error();
 * ```
 */
export function reliability(
  scores: ArrayLike<number>,
  isRight: ArrayLike<number>,
): Reliability {
  const count = new Float64Array(BINS), score = new Float64Array(BINS);
  const right = new Float64Array(BINS);
  for (let m = 0; m < scores.length; m++) {
    const bin = Math.min(Math.floor(scores[m] * BINS), BINS - 1);
    count[bin]++;
    score[bin] += scores[m];
    right[bin] += isRight[m];
  }
  const bins = Array.from(count, (n, bin) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    count: n,
    meanScore: score[bin] / n,
    shareRight: right[bin] / n,
  }));
  const distance = bins.reduce(
    (sum, _, bin) => sum + Math.abs(score[bin] - right[bin]),
    0,
  );
  return { error: distance / scores.length, count: scores.length, bins };
}
