/**
 * Weights in 8 bits, and how `assembly/int8.ts` wants them.
 *
 * @module
 */

/** Columns of a panel, inputs that are summed in 16 bits, inputs of a number of 32 bits. */
const PANEL = 8, DEPTH = 16, QUAD = 4;

/** The greatest weight, and the greatest input. */
const MOST = 127;

/** The least float32 with all its digits. */
const LEAST_NORMAL = 2 ** -126;

/** A matrix in 8 bits: `values[p, c] * scales[c]` is about the weight. */
export interface Int8Matrix {
  /** `[k, n]`, in [-127, 127]. */
  values: Int8Array;
  /** `[n]`: one step of each output. */
  scales: Float32Array;
}

/** `size` rounded up to whole multiples. */
function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}

/** A number of columns with those that fill the last panel. */
export function padToPanels(n: number): number {
  return roundUp(n, PANEL);
}

/** Bytes of a row of `k` inputs. */
export function rowBytes(k: number): number {
  return roundUp(k, DEPTH);
}

/**
 * Quantises each column of a matrix with a scale of its own.
 *
 * Some machines sum 8 products in 16 bits at a time. So that these sums never overflow, the
 * weights of one sum that have the same sign add up to at most 2 * 127 before rounding,
 * hence 258 after, and 258 * 127 < 2^15. That makes scales up to about twice as great as the
 * greatest weight alone would; the rounding of inputs still costs more.
 *
 * @param weights `[k, n]`, finite.
 * @param k Inputs.
 * @param n Outputs.
 * @throws {RangeError} If a weight is not finite.
 */
export function quantizeWeights(
  weights: Float32Array,
  k: number,
  n: number,
): Int8Matrix {
  checkFinite(weights, " in steps of the inputs");
  const values = new Int8Array(k * n), scales = new Float32Array(n);
  for (let c = 0; c < n; c++) {
    scales[c] = Math.max(greatestOf(weights, c, k, n), sumOf(weights, c, k, n) / 2) /
      MOST;
    // All weights are 0, or their quotient with a denormal scale would be wrong.
    if (scales[c] < LEAST_NORMAL) {
      scales[c] = 0;
      continue;
    }
    for (let p = 0; p < k; p++) {
      values[p * n + c] = Math.round(weights[p * n + c] / scales[c]);
    }
  }
  return { values, scales };
}

/** Fails if a weight is not finite; `what` says more of the weights. */
export function checkFinite(weights: Float32Array, what = ""): void {
  const bad = weights.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new RangeError(
    `Cannot quantise weights as all must be finite${what}: found ${
      weights[bad]
    } at ${bad}`,
  );
}

/** The greatest absolute value of a column. */
function greatestOf(weights: Float32Array, column: number, k: number, n: number): number {
  let greatest = 0;
  for (let p = 0; p < k; p++) {
    greatest = Math.max(greatest, Math.abs(weights[p * n + column]));
  }
  return greatest;
}

/** The greatest sum of what one 16-bit sum of a column has of one sign. */
function sumOf(weights: Float32Array, column: number, k: number, n: number): number {
  let greatest = 0;
  for (let from = 0; from < k; from += DEPTH) {
    const above = [0, 0], below = [0, 0]; // one sum of the first, one of the last two of 4
    for (let p = from; p < Math.min(k, from + DEPTH); p++) {
      const weight = weights[p * n + column], half = (p >> 1) & 1;
      if (weight > 0) above[half] += weight;
      else below[half] -= weight;
    }
    greatest = Math.max(greatest, ...above, ...below);
  }
  return greatest;
}

/**
 * Values `[k, n]` as the kernels take them, `[rowBytes(k) / 4, n, 4]`: the weights of 4
 * inputs for an output are one number of 32 bits. What is not there is 0.
 */
export function gatherQuads(
  { values }: Int8Matrix,
  k: number,
  n: number,
): Int8Array<ArrayBuffer> {
  const quads = new Int8Array(rowBytes(k) * n);
  for (let p = 0; p < k; p++) {
    const quad = Math.floor(p / QUAD) * n;
    for (let c = 0; c < n; c++) {
      quads[(quad + c) * QUAD + p % QUAD] = values[p * n + c];
    }
  }
  return quads;
}
