/**
 * Hidden layers in 8 bits: products of integers, faster than float32 where the engine has
 * the relaxed dot product (`deno task bench --only predict`).
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

/** Upper limit on ranges, 6e29: it keeps steps and their inverses normal numbers. */
export const MOST_RANGE = 2 ** 99;

/**
 * Ranges below this share of the layer's greatest range are raised to it, since an input
 * that was small in calibration may be larger later.
 */
const LEAST_SHARE = 1 / 8;

/** Lower limit on the greatest range of a layer. */
const LEAST_RANGE = 1e-30;

/**
 * A hidden layer, `relu(x W + b)`, whose weights and inputs are 8-bit integers. Owns
 * tensors: dispose it.
 */
export class Int8Layer {
  /** Number of inputs, k. */
  readonly numInputs: number;
  /** Number of outputs, n. */
  readonly numOutputs: number;
  /** Weights packed in panels as in float32; each number holds the weights of 4 inputs. */
  readonly packed: tf.Tensor1D;
  /** Value of one step of each sum, `[n]` padded to whole panels. */
  readonly scales: tf.Tensor1D;
  /** Biases, `[n]` padded to whole panels. */
  readonly biases: tf.Tensor1D;
  /** Number of steps in 1 of each input, `[k]` padded to whole panels. */
  readonly quanta: tf.Tensor1D;

  /**
   * @param weights `[k, n]`.
   * @param biases `[n]`.
   * @param inputRanges Greatest value of each input, `[k]`; inputs above are cut off. Ranges
   * below an eighth of the layer's greatest are raised to it.
   * @throws {RangeError} If sizes do not fit, a range is not in [0, 2^99], or a weight or
   * its product with the range is not finite.
   * @throws {Error} If the backend is not `"wasm"`.
   */
  constructor(weights: Float32Array, biases: Float32Array, inputRanges: Float32Array) {
    const n = biases.length, k = weights.length / n;
    if (!(Number.isInteger(k) && k > 0)) {
      throw new RangeError(
        `Cannot quantise a layer as its weights must be a matrix of ${n} columns: found ${weights.length} numbers`,
      );
    }
    if (inputRanges.length !== k) {
      throw new RangeError(
        `Cannot quantise a layer as each of its ${k} inputs must have a range: found ${inputRanges.length}`,
      );
    }
    checkFinite(weights);
    const steps = inputSteps(inputRanges);
    // Weights in steps of the inputs, which count from 0 to 127 in their own ranges.
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

/** Size of a step of each input, `[k]`. */
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

/** Attributes of the kernel. */
export interface Int8Attributes {
  layers: readonly Int8Layer[];
}

/**
 * Applies hidden layers one after another; between them numbers stay in 8 bits.
 *
 * Inputs are rounded to the nearest step; inputs below 0 and NaN become 0, inputs above
 * their range become its end. All sums are exact and all machines round alike, so results
 * are the same bits on every machine. Not differentiable.
 *
 * @param x `[m, k]`, not negative, as after a relu.
 * @param layers At least one; each has as many inputs as the layer before has outputs.
 * @returns `[m, n]` in float32; the caller disposes it.
 * @throws {RangeError} If sizes do not fit.
 * @throws {Error} If the engine or the backend lacks 8-bit layers; see
 * {@linkcode checkInt8}.
 */
export function denseInt8(x: tf.Tensor2D, layers: readonly Int8Layer[]): tf.Tensor2D {
  checkInt8();
  if (layers.length === 0) {
    throw new RangeError(
      'Cannot apply 8-bit layers as "layers" must not be empty',
    );
  }
  let width = x.shape[1];
  for (const [i, { numInputs, numOutputs }] of layers.entries()) {
    if (numInputs !== width) {
      throw new RangeError(
        `Cannot apply 8-bit layers to [${x.shape}] as layer ${i} must have ${numInputs} inputs: found ${width}`,
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
 * Checks that the running kernels have 8-bit layers.
 *
 * @throws {Error} If the backend is not `"wasm"`, the engine lacks relaxed SIMD, or the
 * running build does not use it; the message tells which.
 */
export function checkInt8(): void {
  const backend = tf.getBackend();
  const refuse = (why: string): never => {
    throw new Error(`Cannot predict in int8 ${why}`);
  };
  if (backend !== "wasm") {
    refuse(`as the backend must be "wasm": current value is "${backend}"`);
  }
  if (!hasRelaxedSimd()) {
    refuse("as this engine lacks relaxed SIMD; use float32");
  }
  if (!hasInt8Kernels()) {
    refuse("with deterministic kernels, which are plain SIMD; use one or the other");
  }
}
