/**
 * The row operations on TensorFlow.js's backend in plain JavaScript: the plain loops.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { softmaxRowsPlain, sumRowsPlain } from "./rows_plain.ts";

/** What we use of the backend. */
interface CpuBackend {
  readSync(dataId: tf.DataId): Float32Array | Int32Array;
  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values: Float32Array,
  ): tf.TensorInfo;
}

/** Registers the row operations with the backend `"cpu"`. */
export function registerRowsOnCpu(): void {
  for (
    const [kernelName, loops] of [
      ["SgpSumRows", sumRowsPlain],
      ["SgpSoftmaxRows", softmaxRowsPlain],
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
