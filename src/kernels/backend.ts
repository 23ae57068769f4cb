/**
 * Chooses what TensorFlow.js computes on, and loads only that.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import {
  type BackendName,
  registerKernels,
  useWasmBuild,
  type WasmBuild,
} from "./mod.ts";
import { nearestName } from "../nearest.ts";

export type { BackendName, WasmBuild };

/** The backend in use, for people and for logs. */
export interface Backend {
  /** Its name. */
  name: BackendName;
  /** Such as `"wasm (relaxed SIMD)"` or `"webgpu (NVIDIA H100)"`. */
  description: string;
  /** On WASM: which of our kernels. */
  build?: WasmBuild;
}

const LOADERS: Record<BackendName, (options: BackendOptions) => Promise<unknown>> = {
  wasm: loadWasm,
  webgpu: () => import("../deps/webgpu.ts"),
  cpu: () => import("../deps/cpu.ts"),
};

const NEEDS: Record<BackendName, string> = {
  wasm: isDeno()
    ? "grant --allow-read, it loads a .wasm file"
    : "the .wasm files must lie where wasmPath says",
  webgpu: "a WebGPU adapter must be present; without one use the backend wasm",
  cpu: "it has no requirements, so this is a defect of the installation",
};

/** How a backend is used. */
export interface BackendOptions {
  /**
   * WASM with plain SIMD, whose results are the same bits on every machine, instead of
   * fused multiply-add where the engine has it; default false.
   */
  deterministic?: boolean;
  /**
   * In a browser: where the .wasm files of TensorFlow.js lie; by default beside the
   * bundle, where `deno task bundle` puts them.
   */
  wasmPath?: string | URL;
}

/**
 * Loads a backend and makes it the current one.
 *
 * @param name Which; by default `"wasm"` if results shall be deterministic or there is no
 * real GPU, else `"webgpu"`.
 * @param options How it is used.
 * @returns What was started.
 * @throws {RangeError} If there is no backend of that name (the message has the nearest),
 * or if results shall be deterministic and it is not `"wasm"`.
 * @throws {Error} If it cannot be started; the message says what it needs.
 *
 * @example
 * ```ts
 * import { useBackend } from "./backend.ts";
 * const backend = await useBackend("wasm");
 * if (backend.name !== "wasm") throw new Error();
 * ```
 */
export async function useBackend(
  name?: BackendName,
  options: BackendOptions = {},
): Promise<Backend> {
  checkBackend(name, options);
  if (options.deterministic) name = "wasm";
  const adapter = name === "wasm" || name === "cpu" ? undefined : await findAdapter();
  name ??= adapter && !adapter.isFallbackAdapter ? "webgpu" : "wasm";
  await LOADERS[name](options);
  let cause: unknown;
  const started = await tf.setBackend(name).catch((error) => void (cause = error));
  if (!started) {
    throw new Error(`Cannot start the "${name}" backend: ${NEEDS[name]}`, { cause });
  }
  await tf.ready();
  const build = await registerKernels(name, options.deterministic ?? false);
  if (build) return { name, description: `${name} (${build} SIMD)`, build };
  const device = adapter?.description ||
    (adapter?.isFallbackAdapter ? "software, slow" : adapter?.vendor);
  return {
    name,
    description: name === "webgpu" && device ? `webgpu (${device})` : name,
  };
}

/**
 * Refuses a backend before any work is done.
 *
 * @param name Which; none is the default.
 * @param options How it is to be used.
 * @throws {RangeError} As {@linkcode useBackend}.
 */
export function checkBackend(
  name: BackendName | undefined,
  { deterministic }: BackendOptions,
): void {
  if (name === undefined) return;
  if (!Object.hasOwn(LOADERS, name)) {
    throw new RangeError(
      `Cannot find the backend "${name}": the nearest is "${
        nearestName(name, Object.keys(LOADERS))
      }"`,
    );
  }
  if (deterministic && name !== "wasm") {
    throw new RangeError(
      `Cannot use the backend "${name}" if results shall be deterministic: only "wasm" has kernels that give the same bits everywhere`,
    );
  }
}

/**
 * Makes a backend the current one again, at once.
 *
 * @param backend What {@linkcode useBackend} returned.
 */
export function resumeBackend({ name, build }: Backend): void {
  if (tf.getBackend() !== name) tf.setBackend(name);
  if (build) useWasmBuild(build);
}

async function loadWasm({ wasmPath }: BackendOptions): Promise<void> {
  const { setWasmPaths } = await import("../deps/wasm.ts");
  // Our kernels work on the heap of the build without threads.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  // Deno takes the files out of the npm package.
  if (!isDeno()) wasmPath ??= new URL("../", import.meta.url);
  if (wasmPath === undefined || tf.findBackend("wasm")) return;
  setWasmPaths(new URL(wasmPath, globalThis.location?.href).href);
}

function isDeno(): boolean {
  return "Deno" in globalThis;
}

/** The GPU that WebGPU would use; `undefined` where there is none. */
export async function findAdapter(): Promise<GPUAdapterInfo | undefined> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter?.();
  return adapter?.info;
}
