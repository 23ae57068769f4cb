/**
 * Registers the kernels that a backend lacks or does slowly.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { softmaxRowsPlain, sumRowsPlain } from "./rows_plain.ts";
import { registerRowsOnWebGpu } from "./rows_webgpu.ts";

/** Backends that we have kernels for. */
export type BackendName = "wasm" | "webgpu" | "cpu";

const registered = new Set<BackendName>();

/**
 * Registers our kernels with a backend; does nothing the second time.
 *
 * @param backend Which one; it must be the current backend of TensorFlow.js.
 */
export function registerKernels(backend: BackendName): void {
  if (registered.has(backend)) return;
  registered.add(backend);
  if (backend === "webgpu") registerRowsOnWebGpu();
  else {
    registerPlain(backend, "SgpSumRows", sumRowsPlain);
    registerPlain(backend, "SgpSoftmaxRows", softmaxRowsPlain);
  }
}

/** What the plain loops need of the two backends whose memory JavaScript can see. */
interface HostBackend {
  /** WASM only: the heap under a tensor. */
  typedArrayFromHeap?(info: tf.TensorInfo): Float32Array | Int32Array;
  /** WASM only: a new tensor on the heap. */
  makeOutput?(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** CPU only: the array of a tensor. */
  readSync(dataId: tf.DataId): Float32Array | Int32Array;
  /** CPU only: a new tensor of given values. */
  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values: Float32Array,
  ): tf.TensorInfo;
}

function registerPlain(
  backendName: BackendName,
  kernelName: string,
  loops: typeof sumRowsPlain,
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, order, starts } = inputs as Record<string, tf.TensorInfo>;
      const host = backend as unknown as HostBackend;
      const numGroups = (attrs as { numGroups: number }).numGroups;
      const shape = kernelName === "SgpSumRows" ? [numGroups, x.shape[1]] : x.shape;
      // Allocate first: it can move the heap and detach earlier views.
      const onHeap = host.makeOutput?.(shape, "float32");
      const view = (info: tf.TensorInfo) =>
        host.typedArrayFromHeap?.(info) ?? host.readSync(info.dataId);
      const values = onHeap
        ? view(onHeap) as Float32Array
        : new Float32Array(tf.util.sizeFromShape(shape));
      loops(
        view(x) as Float32Array,
        view(order) as Int32Array,
        view(starts) as Int32Array,
        x.shape[1],
        values,
      );
      return onHeap ?? host.makeTensorInfo(shape, "float32", values);
    },
  });
}
