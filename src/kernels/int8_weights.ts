/**
 * Quantises weights to 8 bits and orders them as `assembly/int8.ts` reads them.
 *
 * @module
 */

/** Columns of a panel. */
const PANEL = 8;

/** Inputs whose products are summed in 16 bits at a time. */
const DEPTH = 16;

/** Inputs whose 8-bit weights fill a number of 32 bits. */
const QUAD = 4;

/** Greatest absolute weight, and greatest input. */
const MOST = 127;

/** Smallest normal float32. */
const LEAST_NORMAL = 2 ** -126;

/** A matrix in 8 bits: the weight is about `values[p, c] * scales[c]`. */
export interface Int8Matrix {
  /** `[k, n]`, in [-127, 127]. */
  values: Int8Array;
  /** `[n]`: size of a step of each column. */
  scales: Float32Array;
}

/** Rounds up to a multiple. */
function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}

/** Number of columns of n columns padded to whole panels. */
export function padToPanels(n: number): number {
  return roundUp(n, PANEL);
}

/** Bytes of a row of `k` 8-bit inputs, padded. */
export function rowBytes(k: number): number {
  return roundUp(k, DEPTH);
}

/**
 * Quantises each column of a matrix with a scale of its own.
 *
 * Some machines sum 8 products in 16 bits. Scales are chosen so that these sums never
 * overflow: the weights of equal sign in one sum add up to at most 2 * 127 before rounding,
 * hence 258 after, and 258 * 127 < 2^15. Scales are therefore up to about twice as large as
 * the greatest weight alone would require; the rounding of inputs still costs more.
 *
 * @param weights `[k, n]`, finite.
 * @param k Number of inputs.
 * @param n Number of outputs.
 * @returns The matrix in 8 bits.
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
    // All weights are 0, or dividing by a denormal scale would give wrong quotients.
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

/**
 * Checks that all weights are finite.
 *
 * @param weights The weights.
 * @param what Ends "all must be finite" in the message.
 * @throws {RangeError} If a weight is not finite.
 */
export function checkFinite(weights: Float32Array, what = ""): void {
  const bad = weights.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new RangeError(
    `Cannot quantise weights as all must be finite${what}: found ${
      weights[bad]
    } at ${bad}`,
  );
}

/** Greatest absolute value of a column. */
function greatestOf(weights: Float32Array, column: number, k: number, n: number): number {
  let greatest = 0;
  for (let p = 0; p < k; p++) {
    greatest = Math.max(greatest, Math.abs(weights[p * n + column]));
  }
  return greatest;
}

/** Greatest absolute sum of the weights of equal sign that meet in one 16-bit sum. */
function sumOf(weights: Float32Array, column: number, k: number, n: number): number {
  let greatest = 0;
  for (let from = 0; from < k; from += DEPTH) {
    const above = [0, 0], below = [0, 0]; // of each 4 inputs, two are in either sum
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
 * Orders values `[k, n]` as the kernels read them, `[rowBytes(k) / 4, n, 4]`: the weights
 * of 4 inputs for one output form a number of 32 bits. Padding is 0.
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
