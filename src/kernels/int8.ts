/**
 * Hidden layers in 8 bits: whole numbers times whole numbers, faster than float32 where
 * the engine has the relaxed dot product (`deno task bench --only predict`).
 *
 * @module
 */

import { tf } from "../deps.ts";
import { packInt8, paddedOutputs, quantizeWeights } from "./int8_weights.ts";
import { runKernel } from "./run.ts";
import { hasInt8Kernels, hasRelaxedSimd } from "./wasm_module.ts";

/** The greatest input in 8 bits; the kernels leave the sign bit of inputs unused. */
const MOST = 127;

/** Input ranges whose steps, and the inverse of them, are normal numbers in float32. */
const RANGES = [1e-30, 1e30] as const;

/**
 * A hidden layer, `relu(x W + b)`, whose weights and inputs are 8-bit integers. Owns
 * tensors: dispose it.
 */
export class Int8Layer {
  /** Numbers in a row of inputs, k, and of outputs, n. */
  readonly numInputs: number;
  readonly numOutputs: number;
  /** One step of the inputs. */
  readonly inputScale: number;
  /** Bytes of the weights, as an int32 tensor of a quarter of their number. */
  readonly packed: tf.Tensor1D;
  /** What one step of each sum is worth, and what is added; padded to whole panels. */
  readonly scales: tf.Tensor1D;
  readonly biases: tf.Tensor1D;

  /**
   * @param weights `[k, n]`.
   * @param biases `[n]`.
   * @param inputRange The greatest input; what is above it is cut off.
   * @throws {RangeError} If sizes do not fit or a number is not finite, or the range not
   * in [1e-30, 1e30].
   */
  constructor(weights: Float32Array, biases: Float32Array, inputRange: number) {
    const n = biases.length, k = weights.length / n;
    if (!(Number.isInteger(k) && k > 0)) {
      throw new RangeError(
        `Cannot quantise a layer as its weights must be a matrix of ${n} columns: ${weights.length} numbers were given`,
      );
    }
    if (!(inputRange >= RANGES[0] && inputRange <= RANGES[1])) {
      throw new RangeError(
        `Cannot quantise a layer as its input range must be in [${RANGES}]: current value is ${inputRange}`,
      );
    }
    const matrix = quantizeWeights(weights, k, n);
    this.numInputs = k;
    this.numOutputs = n;
    this.inputScale = inputRange / MOST;
    const scales = new Float32Array(paddedOutputs(n)), added = scales.slice();
    added.set(biases);
    matrix.scales.forEach((scale, c) => scales[c] = scale * this.inputScale);
    this.packed = tf.tensor1d(new Int32Array(packInt8(matrix, k, n).buffer), "int32");
    this.scales = tf.tensor1d(scales);
    this.biases = tf.tensor1d(added);
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([this.packed, this.scales, this.biases]);
  }
}

/** What the kernel needs beside tensors. */
export interface Int8Attributes {
  layers: readonly Int8Layer[];
}

/**
 * Hidden layers one after another: between them numbers stay in 8 bits.
 *
 * Inputs are rounded to the nearest step; those below 0 and NaN become 0, those above the
 * range its end. All sums are exact and the rest is rounded alike everywhere, so results
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
  for (const [i, { packed, scales, biases }] of layers.entries()) {
    Object.assign(inputs, {
      [`packed${i}`]: packed,
      [`scales${i}`]: scales,
      [`biases${i}`]: biases,
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
