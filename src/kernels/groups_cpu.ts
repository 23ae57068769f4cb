/**
 * The row operations on TensorFlow.js's plain JavaScript backend, as plain loops.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/** The part of the backend that the kernels use. */
interface CpuBackend {
  readSync(dataId: tf.DataId): Float32Array | Int32Array;
  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values: Float32Array,
  ): tf.TensorInfo;
}

/** Loops over the rows of x `[K, width]`, group by group. */
type Loops = (
  x: Float32Array,
  order: Int32Array,
  starts: Int32Array,
  width: number,
  out: Float32Array,
) => void;

/** Registers the row operations with the backend `"cpu"`. */
export function registerGroupsOnCpu(): void {
  for (
    const [kernelName, loops] of [
      ["SgpSumRows", sumRows],
      ["SgpSoftmaxRows", softmaxRows],
    ] as const
  ) {
    tf.registerKernel({
      kernelName,
      backendName: "cpu",
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, order, starts } = inputs as Record<string, tf.TensorInfo>;
        const host = backend as unknown as CpuBackend;
        const { numGroups } = attrs as { numGroups: number };
        const shape = kernelName === "SgpSumRows" ? [numGroups, x.shape[1]] : x.shape;
        const out = new Float32Array(tf.util.sizeFromShape(shape));
        loops(
          host.readSync(x.dataId) as Float32Array,
          host.readSync(order.dataId) as Int32Array,
          host.readSync(starts.dataId) as Int32Array,
          x.shape[1],
          out,
        );
        return host.makeTensorInfo(shape, "float32", out);
      },
    });
  }
}

/** Sums the rows of each group into `out` `[G, width]`. */
const sumRows: Loops = (x, order, starts, width, out) => {
  out.fill(0);
  for (let g = 0; g + 1 < starts.length; g++) {
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) out[g * width + d] += x[from + d];
    }
  }
};

/** Softmax over the rows of each group, column by column, into `out` `[K, width]`. */
const softmaxRows: Loops = (x, order, starts, width, out) => {
  const greatest = new Float32Array(width);
  const total = new Float32Array(width);
  for (let g = 0; g + 1 < starts.length; g++) {
    greatest.fill(-Infinity);
    total.fill(0);
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) {
        if (x[from + d] > greatest[d]) greatest[d] = x[from + d];
      }
    }
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) {
        total[d] += out[from + d] = Math.exp(x[from + d] - greatest[d]);
      }
    }
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) out[from + d] /= total[d];
    }
  }
};
