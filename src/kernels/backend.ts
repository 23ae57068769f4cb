/**
 * Chooses a backend of TensorFlow.js, and loads only that one.
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
import { asGuest } from "./guest.ts";
import { startBackend } from "./start.ts";
import { currentBuild } from "./wasm_module.ts";
import { nearestName } from "../nearest.ts";

export type { BackendName, WasmBuild };

/** The backend in use. */
export interface Backend {
  /** Name of the backend. */
  name: BackendName;
  /** For people and logs, such as `"wasm (relaxed SIMD)"` or `"webgpu (NVIDIA H100)"`. */
  description: string;
  /** On WASM: the build of our kernels. */
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

/** The files between which TensorFlow.js chooses; our kernels need SIMD and one thread. */
const TENSORFLOW_FILES = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
] as const;

/** Options of a backend. */
export interface BackendOptions {
  /**
   * Whether to use WASM with plain SIMD, whose results are the same bits on every machine,
   * instead of fused multiply-add where the engine has it; default false.
   */
  deterministic?: boolean;
  /**
   * Outside Deno: folder of TensorFlow.js's .wasm files; default: that of the program, where
   * `deno task bundle` and `deno task npm` put the one that is needed.
   */
  wasmPath?: string | URL;
}

/**
 * Loads a backend and makes it the current one of the whole program.
 *
 * @param name Name of the backend; default: `"webgpu"`, or `"wasm"` if no real GPU is
 * there or results must be deterministic.
 * @param options Determinism, and where files lie.
 * @returns The started backend.
 * @throws {RangeError} If no backend has this name (the message suggests the nearest one),
 * or if results must be deterministic and the backend is not `"wasm"`.
 * @throws {Error} If the backend does not start; the message says what it needs.
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
  const backend = await loadBackend(name, options);
  resumeBackend(backend);
  return backend;
}

/**
 * Loads a backend for {@linkcode runOn}; the current one stays.
 *
 * @param name As for {@linkcode useBackend}.
 * @param options As for {@linkcode useBackend}.
 * @returns The started backend.
 * @throws {RangeError | Error} As {@linkcode useBackend}.
 */
export async function loadBackend(
  name?: BackendName,
  options: BackendOptions = {},
): Promise<Backend> {
  checkBackend(name, options);
  if (options.deterministic) name = "wasm";
  const adapter = name === "wasm" || name === "cpu" ? undefined : await findAdapter();
  name ??= adapter && !adapter.isFallbackAdapter ? "webgpu" : "wasm";
  const load = LOADERS[name];
  await startBackend(name, () => load(options)).catch((cause) => {
    throw new Error(`Cannot start the "${name}" backend: ${NEEDS[name!]}`, { cause });
  });
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
 * Checks the choice of a backend before any work is done.
 *
 * @param name Name of the backend; `undefined` means the default one, which always fits.
 * @param options Options of the backend.
 * @throws {RangeError} Under the conditions of {@linkcode useBackend}.
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
      `Cannot use the backend "${name}" as deterministic results must come from "wasm": only its kernels give the same bits on every machine`,
    );
  }
}

/**
 * Makes a started backend the current one again, synchronously.
 *
 * @param backend The result of {@linkcode useBackend}.
 */
export function resumeBackend({ name, build }: Backend): void {
  if (tf.getBackend() !== name) tf.setBackend(name);
  if (build) useWasmBuild(build);
}

/**
 * Runs a function on a backend; the host program's use of TensorFlow.js stays as it was.
 *
 * @param backend The result of {@linkcode loadBackend}.
 * @param run As for {@linkcode asGuest}.
 * @returns What the function returns.
 */
export function runOn<T>({ name, build }: Backend, run: () => T): T {
  return asGuest(name, () => {
    if (build) useWasmBuild(build);
    return run();
  });
}

/** {@linkcode runOn} of the backend that is the current one now, for later. */
export function runOnCurrent(): <T>(run: () => T) => T {
  const name = tf.getBackend() as BackendName;
  const build = name === "wasm" ? currentBuild() : undefined;
  return (run) => runOn({ name, description: name, build }, run);
}

async function loadWasm({ wasmPath }: BackendOptions): Promise<void> {
  const { setWasmPaths } = await import("../deps/wasm.ts");
  if ("wasm" in tf.engine().registry) return;
  if (wasmPath !== undefined) {
    setWasmPaths(new URL(wasmPath, globalThis.location?.href).href);
  } else if (!import.meta.url.endsWith(".ts")) {
    // Packages and bundles have a copy, whose name bundlers must find here as it stands.
    const { href } = new URL("./tfjs-backend-wasm-simd.wasm", import.meta.url);
    setWasmPaths(Object.fromEntries(TENSORFLOW_FILES.map((name) => [name, href])));
  }
}

function isDeno(): boolean {
  return "Deno" in globalThis;
}

/** The current backend of the whole program, such as `wasm (relaxed SIMD)`. */
export function describeBackend(): string {
  const name = tf.getBackend(), build = name === "wasm" ? currentBuild() : undefined;
  return build ? `${name} (${build} SIMD)` : name;
}

/** Finds the GPU that WebGPU would use; `undefined` if none is there. */
export async function findAdapter(): Promise<GPUAdapterInfo | undefined> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter?.();
  return adapter?.info;
}
