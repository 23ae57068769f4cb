/**
 * When a label is certain.
 *
 * @module
 */

/** Greatest probability of a label; it leaves the other labels a finite logarithm. */
export const GREATEST_SCORE = 1 - 1e-6;

/**
 * A label of this probability or more is certain: context does not change it. It is below
 * {@linkcode GREATEST_SCORE}, as the float16 logits of a dataset round that.
 */
export const CERTAIN_SCORE = 1 - 2e-6;
