/**
 * Hidden layers in 8 bits: whole numbers times whole numbers, faster than float32 where
 * the engine has the relaxed dot product (`deno task bench --only predict`).
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import {
  checkFinite,
  gatherQuads,
  padToPanels,
  quantizeWeights,
} from "./int8_weights.ts";
import { runKernel } from "./run.ts";
import { hasInt8Kernels, hasRelaxedSimd } from "./wasm_module.ts";

/** The greatest input in 8 bits; the kernels leave the sign bit of inputs unused. */
const MOST = 127;

/** The greatest range of an input, 6e29: steps, and the inverse of them, are normal numbers. */
export const MOST_RANGE = 2 ** 99;

/**
 * The least range of an input, as a share of the greatest of its layer, and of all: what
 * was seen hardly at all may come later.
 */
const LEAST_SHARE = 1 / 8, LEAST_RANGE = 1e-30;

/**
 * A hidden layer, `relu(x W + b)`, whose weights and inputs are 8-bit integers. Owns
 * tensors: dispose it.
 */
export class Int8Layer {
  /** Numbers in a row of inputs, k, and of outputs, n. */
  readonly numInputs: number;
  readonly numOutputs: number;
  /** The bits of the weights, 4 inputs a number, in panels as those in float32. */
  readonly packed: tf.Tensor1D;
  /** What one step of each sum is worth, and what is added; padded to whole panels. */
  readonly scales: tf.Tensor1D;
  readonly biases: tf.Tensor1D;
  /** Steps in 1 of each input, likewise. */
  readonly quanta: tf.Tensor1D;

  /**
   * @param weights `[k, n]`.
   * @param biases `[n]`.
   * @param inputRanges The greatest of each input, `[k]`; what is above it is cut off. Each
   * counts as an eighth of the greatest of them at least.
   * @throws {RangeError} If sizes do not fit, a range is not in [0, 2^99], or a weight, or
   * one times its range, is not finite.
   * @throws {Error} If the backend is not `"wasm"`.
   */
  constructor(weights: Float32Array, biases: Float32Array, inputRanges: Float32Array) {
    const n = biases.length, k = weights.length / n;
    if (!(Number.isInteger(k) && k > 0)) {
      throw new RangeError(
        `Cannot quantise a layer as its weights must be a matrix of ${n} columns: ${weights.length} numbers were given`,
      );
    }
    if (inputRanges.length !== k) {
      throw new RangeError(
        `Cannot quantise a layer as there must be a range for each of its ${k} inputs: ${inputRanges.length} were given`,
      );
    }
    checkFinite(weights);
    const steps = inputSteps(inputRanges);
    // In steps of the inputs, so that each counts from 0 to 127 in its own range.
    const matrix = quantizeWeights(
      weights.map((weight, i) => weight * steps[Math.floor(i / n)]),
      k,
      n,
    );
    this.numInputs = k;
    this.numOutputs = n;
    const padded = (values: Float32Array) => {
      const all = new Float32Array(padToPanels(values.length));
      all.set(values);
      return tf.tensor1d(all);
    };
    const quads = new Int32Array(gatherQuads(matrix, k, n).buffer);
    const shape: [number, number] = [quads.length / n, n];
    this.packed = tf.tidy(() =>
      runKernel<tf.Tensor1D>("SgpPackQuads", {
        weights: tf.tensor2d(quads, shape, "int32"),
      })
    );
    this.scales = padded(matrix.scales);
    this.biases = padded(biases);
    this.quanta = padded(steps.map((step) => 1 / step));
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([this.packed, this.scales, this.biases, this.quanta]);
  }
}

/** One step of each input, `[k]`. */
function inputSteps(ranges: Float32Array): Float32Array {
  const bad = ranges.find((range) => !(range >= 0 && range <= MOST_RANGE));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot quantise a layer as its input ranges must be in [0, 2^99]: found ${bad}`,
    );
  }
  const greatest = ranges.reduce((most, range) => Math.max(most, range), LEAST_RANGE);
  return ranges.map((range) => Math.max(range, greatest * LEAST_SHARE) / MOST);
}

/** What the kernel needs beside tensors. */
export interface Int8Attributes {
  layers: readonly Int8Layer[];
}

/**
 * Hidden layers one after another: between them numbers stay in 8 bits.
 *
 * Inputs are rounded to the nearest step; those below 0 and NaN become 0, those above
 * their range its end. All sums are exact and the rest is rounded alike everywhere, so results
 * are the same bits on every machine. Not differentiable.
 *
 * @param x `[m, k]`, not negative, as after a relu.
 * @param layers At least one; each takes what the one before gives.
 * @returns `[m, n]` in float32; the caller disposes it.
 * @throws {RangeError} If sizes do not fit.
 * @throws {Error} If this engine or backend cannot, see {@linkcode checkInt8}.
 */
export function denseInt8(x: tf.Tensor2D, layers: readonly Int8Layer[]): tf.Tensor2D {
  checkInt8();
  if (layers.length === 0) {
    throw new RangeError("Cannot apply layers of 8 bits as there must be at least one");
  }
  let width = x.shape[1];
  for (const [i, { numInputs, numOutputs }] of layers.entries()) {
    if (numInputs !== width) {
      throw new RangeError(
        `Cannot apply layers of 8 bits to [${x.shape}] as layer ${i} takes ${numInputs} numbers: it is given ${width}`,
      );
    }
    width = numOutputs;
  }
  if (x.shape[0] === 0) return tf.zeros([0, width]);
  const inputs: tf.NamedTensorMap = { x };
  for (const [i, { packed, scales, biases, quanta }] of layers.entries()) {
    Object.assign(inputs, {
      [`packed${i}`]: packed,
      [`scales${i}`]: scales,
      [`biases${i}`]: biases,
      [`quanta${i}`]: quanta,
    });
  }
  return runKernel("SgpDenseInt8", inputs, { layers });
}

/**
 * Makes sure that what runs has layers of 8 bits.
 *
 * @throws {Error} Says what is missing: the backend `"wasm"`, relaxed SIMD in the engine,
 * or the build that uses it.
 */
export function checkInt8(): void {
  const backend = tf.getBackend();
  const refuse = (why: string): never => {
    throw new Error(`Cannot predict in int8 ${why}`);
  };
  if (backend !== "wasm") {
    refuse(`on the backend "${backend}": it is there on "wasm" only`);
  }
  if (!hasRelaxedSimd()) {
    refuse("as this engine has no relaxed SIMD: use float32");
  }
  if (!hasInt8Kernels()) {
    refuse("with deterministic kernels, which are plain SIMD: use one or the other");
  }
}
