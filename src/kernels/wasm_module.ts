/**
 * The compiled kernels of `assembly/`, running on the heap of TensorFlow.js's WASM
 * backend: tensors are read and written where they lie.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/** The builds: fused multiply-add where the engine has it, and plain SIMD. */
export type WasmBuild = "relaxed" | "plain";

const FILES: Record<WasmBuild, string> = {
  relaxed: "kernels_relaxed.wasm",
  plain: "kernels_plain.wasm",
};

/** What the module exports; addresses are bytes on the heap, 0 for "nothing". */
type WasmKernels = Record<string, (...args: number[]) => number>;

/** What we use of the backend. */
interface WasmBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  dataIdMap: { get(id: tf.DataId): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  incRef(id: tf.DataId): void;
}

/** A build and the backend on whose heap it works. */
interface Running {
  kernels: WasmKernels;
  build: WasmBuild;
  backend: WasmBackend;
}

const started = new Map<WasmBuild, Running>();
let current: Running | undefined;

/** A module that uses `f32x4.relaxed_madd` once, for `WebAssembly.validate`. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123], // type: (v128, v128, v128) -> v128
  ...[3, 2, 1, 0, 10, 13, 1, 11, 0], // one function of it, its code
  ...[32, 0, 32, 1, 32, 2, 253, 133, 2, 11], // relaxed_madd(0, 1, 2)
);

/** The same of `f32x4.add`, which is plain SIMD. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 7, 1, 96, 2, 123, 123, 1, 123], // type: (v128, v128) -> v128
  ...[3, 2, 1, 0, 10, 11, 1, 9, 0],
  ...[32, 0, 32, 1, 253, 228, 1, 11], // add(0, 1)
);

/** Whether this engine has relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_PROBE);
}

/**
 * Starts the kernels on the backend `"wasm"`, which must be there, or goes back to those
 * that have been started.
 *
 * @param deterministic Plain SIMD, whose results are the same bits on every machine.
 * @returns The build that now runs.
 * @throws {Error} If the engine has no SIMD, or the module cannot be read or is damaged.
 */
export async function startWasmKernels(deterministic: boolean): Promise<WasmBuild> {
  const build = !deterministic && hasRelaxedSimd() ? "relaxed" : "plain";
  const backend = tf.findBackend("wasm") as unknown as WasmBackend;
  if (started.get(build)?.backend !== backend) {
    guardHeap(backend);
    const { memory } = backend.wasm.asm;
    const instance = await instantiate(await readBuild(build), memory);
    started.set(build, { kernels: instance.exports as WasmKernels, build, backend });
  }
  useWasmBuild(build);
  return build;
}

/** Goes back to a build that has been started, at once: the tensors are on one heap. */
export function useWasmBuild(build: WasmBuild): void {
  current = started.get(build)!;
}

async function readBuild(build: WasmBuild): Promise<ArrayBuffer> {
  const url = new URL(FILES[build], import.meta.url);
  const response = await fetch(url);
  const bytes = await response.arrayBuffer();
  if (!response.ok) {
    throw new Error(
      `Cannot start the kernels: the server answers ${response.status} to "${url}"; the .wasm files must lie beside the program`,
    );
  }
  return bytes;
}

const guarded = new WeakSet<WasmBackend>();

/**
 * Makes a full heap an error. TensorFlow.js 4.22 does not look whether it was given
 * memory, and would write to the beginning of the heap.
 */
function guardHeap(backend: WasmBackend): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const { wasm } = backend;
  wasm._free(wasm._malloc(1)); // the first call puts another function in this place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Cannot allocate ${bytes} bytes on the heap of the WASM backend as it is full: take fewer images at a time or leave out those with very many boxes (preprocess --max-entities)`,
    );
  };
}

/**
 * Instantiates the module on a heap.
 *
 * @throws {Error} If the engine lacks SIMD, or the bytes are no module.
 */
export async function instantiate(
  bytes: ArrayBuffer,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.Instance> {
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      WebAssembly.validate(SIMD_PROBE)
        ? "Cannot start the kernels: their .wasm file, which lies beside the program, is damaged; get it again"
        : "Cannot start the kernels: this engine has no WebAssembly SIMD; use another one",
    );
  }
  return (await WebAssembly.instantiate(bytes, { env: { memory } })).instance;
}

/** The running kernels. */
export function wasmKernels(): WasmKernels {
  return current!.kernels;
}

/** Whether the running kernels have those of layers in 8 bits: the relaxed build has. */
export function hasInt8Kernels(): boolean {
  return current?.build === "relaxed";
}

/** Where a tensor lies on the heap. */
export function addressOf(tensor: tf.TensorInfo | undefined): number {
  return tensor ? current!.backend.dataIdMap.get(tensor.dataId).memoryOffset : 0;
}

/** Where tensors lie on the heap. */
export function addresses(...tensors: tf.TensorInfo[]): number[] {
  return tensors.map(addressOf);
}

/** A new tensor on the heap, its values not set. */
export function makeOutput(
  shape: number[],
  dtype: tf.DataType = "float32",
): tf.TensorInfo {
  return current!.backend.makeOutput(shape, dtype);
}

/**
 * Checks the labels that a kernel will look up.
 *
 * @throws {RangeError} If one is not in `[0, count)`.
 */
export function checkLabels(labels: tf.TensorInfo, count: number): void {
  for (const label of current!.backend.typedArrayFromHeap(labels)) {
    if (label >= 0 && label < count) continue;
    throw new RangeError(
      `Cannot look up rows as each label must be in [0, ${count}): found ${label}`,
    );
  }
}

/** A tensor of the same numbers at the same place. */
export function shareData({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  current!.backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** The numbers of a float32 tensor, not copied; the next allocation may detach them. */
export function heapFloats(tensor: tf.TensorInfo): Float32Array {
  return current!.backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** What a kernel is given: tensors by name, and what it needs beside them. */
type Run = (
  inputs: Record<string, tf.TensorInfo>,
  attributes: Record<string, unknown>,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers a kernel with the WASM backend that takes tensors of any type. */
export function registerForAnyType(kernelName: string, run: Run): void {
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) =>
      run(inputs as Record<string, tf.TensorInfo>, attrs as Record<string, unknown>),
  });
}

/**
 * Registers a kernel with the WASM backend; it throws a `TypeError` if it is given a tensor
 * of another type, whose bits would be taken for numbers.
 *
 * @param integers The inputs that are int32; the others are float32.
 */
export function registerOnWasm(
  kernelName: string,
  run: Run,
  integers: readonly string[] = ["group", "labels", "order", "starts"],
): void {
  registerForAnyType(kernelName, (inputs, attributes) => {
    for (const name in inputs) {
      const { dtype } = inputs[name];
      const expected = integers.includes(name) ? "int32" : "float32";
      if (dtype === expected) continue;
      throw new TypeError(
        `Cannot run ${kernelName} as "${name}" must be ${expected}: it is ${dtype}`,
      );
    }
    return run(inputs, attributes);
  });
}

/** Bytes of a line of the cache. */
export const LINE = 64;

/**
 * The first line of the cache that begins at an address or after it: the heap gives
 * addresses that are multiples of 8 only, where a vector can lie in two lines.
 */
export function toLine(address: number): number {
  return Math.ceil(address / LINE) * LINE;
}

/** Runs a function with scratch space on the heap, which begins at a line of the cache. */
export function withScratch<T>(bytes: number, run: (address: number) => T): T {
  const { _malloc, _free } = current!.backend.wasm;
  const address = _malloc(bytes + LINE);
  try {
    return run(toLine(address));
  } finally {
    _free(address);
  }
}
