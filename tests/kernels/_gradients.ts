/**
 * Compares operations and their gradients with plain references.
 *
 * @module
 */

import { tf } from "../../src/deps/tf.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";

/** Random numbers in [-1, 1). */
export function randomArray(size: number, ...seed: (number | string)[]): Float32Array {
  const random = new Random(...seed);
  return Float32Array.from({ length: size }, () => random.between(-1, 1));
}

/** A differentiable input: its shape and values. */
export interface Input {
  shape: number[];
  data: Float32Array;
}

/** Makes a random input of a shape. */
export function input(shape: number[], ...seed: (number | string)[]): Input {
  return { shape, data: randomArray(tf.util.sizeFromShape(shape), ...seed) };
}

/**
 * Compares a function and its gradients with a plain reference in double precision:
 * gradients by central differences, at up to 12 places of each input.
 *
 * @param run The function: it takes a tensor for each input and returns a scalar.
 * @param plain The same function on arrays.
 * @param inputs Inputs at which to compare.
 */
export async function assertGradients(
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
  plain: (...arrays: Float64Array[]) => number,
  inputs: readonly Input[],
): Promise<void> {
  const tensors = inputs.map(({ data, shape }) => tf.tensor(data, shape));
  const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) =>
    run(...args) as tf.Scalar
  )(tensors);
  const arrays = inputs.map(({ data }) => Float64Array.from(data));
  const expected = plain(...arrays);
  assertClose(await value.data(), [expected], 1e-4 * (1 + Math.abs(expected)), "value");
  const step = 1e-4;
  for (const [i, array] of arrays.entries()) {
    const actual = await grads[i].data();
    for (let k = 0; k < Math.min(12, array.length); k++) {
      const at = (k * 7919) % array.length;
      const middle = array[at];
      array[at] = middle + step;
      const above = plain(...arrays);
      array[at] = middle - step;
      const below = plain(...arrays);
      array[at] = middle;
      const slope = (above - below) / (2 * step);
      assertClose(
        [actual[at]],
        [slope],
        2e-3 * (1 + Math.abs(slope)),
        `gradient of input ${i} at ${at}`,
      );
    }
  }
  tf.dispose([...tensors, value, ...grads]);
}
