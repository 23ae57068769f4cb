/**
 * The compiled kernels of `assembly/`, which run on the heap of TensorFlow.js's WASM backend:
 * they read and write tensors in place.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { fetchAddress } from "../fetch_bytes.ts";

/** The builds: relaxed SIMD (fused multiply-add), and plain SIMD. */
export type WasmBuild = "relaxed" | "plain";

/** Written out, as this is how bundlers find and copy them. */
const FILES: Record<WasmBuild, () => URL> = {
  relaxed: () => new URL("./kernels_relaxed.wasm", import.meta.url),
  plain: () => new URL("./kernels_plain.wasm", import.meta.url),
};

/** Exports of the module. Addresses count bytes on the heap; 0 means "absent". */
type WasmKernels = Record<string, (...args: number[]) => number>;

/** The part of the backend that the kernels use. */
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

/** A started build and the backend whose heap it uses. */
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
  ...[3, 2, 1, 0, 10, 13, 1, 11, 0], // a function of this type, and its code
  ...[32, 0, 32, 1, 32, 2, 253, 133, 2, 11], // relaxed_madd(0, 1, 2)
);

/** A module that uses `f32x4.add`, which is plain SIMD. */
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
 * Starts a build of the kernels on the backend `"wasm"`, which must be loaded; a build that
 * was started before becomes the current one again.
 *
 * @param deterministic Whether to use plain SIMD, whose results are the same bits on every
 * machine.
 * @returns The build that now runs.
 * @throws {Error} If the engine lacks SIMD, or the module cannot be read or is damaged.
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

/** Makes a started build the current one; all builds use the same heap. */
export function useWasmBuild(build: WasmBuild): void {
  current = started.get(build)!;
}

/** The current build; `undefined` before the first start. */
export function currentBuild(): WasmBuild | undefined {
  return current?.build;
}

async function readBuild(build: WasmBuild): Promise<ArrayBuffer> {
  const url = FILES[build]();
  const response = await fetchAddress(url);
  const bytes = await response.arrayBuffer();
  if (!response.ok) {
    throw new Error(
      `Cannot start the kernels as the .wasm files must lie beside the program: the server answered ${response.status} to "${url}"`,
    );
  }
  return bytes;
}

const guarded = new WeakSet<WasmBackend>();

/**
 * Makes a full heap an error. TensorFlow.js 4.22 does not check whether an allocation
 * failed, and would write to the beginning of the heap.
 */
function guardHeap(backend: WasmBackend): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const { wasm } = backend;
  wasm._free(wasm._malloc(1)); // the first call replaces the function at `_malloc`
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Cannot allocate ${bytes} bytes as the heap of the WASM backend is full; take fewer images at a time or leave out those with very many boxes (preprocess --max-entities)`,
    );
  };
}

/**
 * Instantiates the module on a heap.
 *
 * @throws {Error} If the engine lacks SIMD, or the bytes are not a valid module.
 */
export async function instantiate(
  bytes: ArrayBuffer,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.Instance> {
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      WebAssembly.validate(SIMD_PROBE)
        ? 'Cannot start the kernels of "wasm": their .wasm file beside the program is damaged; get it again'
        : 'Cannot start the kernels of "wasm": this engine lacks WebAssembly SIMD; use another one',
    );
  }
  return (await WebAssembly.instantiate(bytes, { env: { memory } })).instance;
}

/** The kernels of the current build. */
export function wasmKernels(): WasmKernels {
  return current!.kernels;
}

/** Whether the current build has the kernels of 8-bit layers, as the relaxed build does. */
export function hasInt8Kernels(): boolean {
  return current?.build === "relaxed";
}

/** Address of a tensor on the heap, 0 if it is absent. */
export function addressOf(tensor: tf.TensorInfo | undefined): number {
  return tensor ? current!.backend.dataIdMap.get(tensor.dataId).memoryOffset : 0;
}

/** Addresses of tensors on the heap. */
export function addresses(...tensors: tf.TensorInfo[]): number[] {
  return tensors.map(addressOf);
}

/** Allocates a tensor on the heap; its values are not set. */
export function makeOutput(
  shape: number[],
  dtype: tf.DataType = "float32",
): tf.TensorInfo {
  return current!.backend.makeOutput(shape, dtype);
}

/**
 * Checks labels that a kernel uses as row indices.
 *
 * @throws {RangeError} If a label is not in `[0, count)`.
 */
export function checkLabels(labels: tf.TensorInfo, count: number): void {
  for (const label of current!.backend.typedArrayFromHeap(labels)) {
    if (label >= 0 && label < count) continue;
    throw new RangeError(
      `Cannot look up rows as each label must be in [0, ${count}): found ${label}`,
    );
  }
}

/** Makes a tensor that shares its numbers with another. */
export function shareData({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  current!.backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** A view of the numbers of a float32 tensor; the next allocation may detach it. */
export function heapFloats(tensor: tf.TensorInfo): Float32Array {
  return current!.backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** Runs a kernel on tensors by name and attributes. */
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
 * Registers a kernel with the WASM backend that throws a `TypeError` for a tensor of another
 * type, whose bits it would misread.
 *
 * @param kernelName Name of the kernel.
 * @param run Runs it.
 * @param integers Names of the inputs that are int32; all others are float32.
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
        `Cannot run ${kernelName} as "${name}" must be ${expected}: found ${dtype}`,
      );
    }
    return run(inputs, attributes);
  });
}

/** Bytes of a cache line. */
export const LINE = 64;

/**
 * Rounds an address up to a cache line. The heap aligns to 8 bytes only, so a vector of 16
 * bytes could span two lines.
 */
export function toLine(address: number): number {
  return Math.ceil(address / LINE) * LINE;
}

/** Runs a function with scratch space on the heap that begins at a cache line. */
export function withScratch<T>(bytes: number, run: (address: number) => T): T {
  const { _malloc, _free } = current!.backend.wasm;
  const address = _malloc(bytes + LINE);
  try {
    return run(toLine(address));
  } finally {
    _free(address);
  }
}
