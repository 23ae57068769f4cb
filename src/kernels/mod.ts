/**
 * Registers the kernels that a backend lacks or does slowly.
 *
 * @module
 */

import { registerAdamOnWasm } from "./adam_wasm.ts";
import { registerDenseOnWasm } from "./dense_wasm.ts";
import { registerDropoutOnWasm } from "./dropout_wasm.ts";
import { registerInt8OnWasm } from "./int8_wasm.ts";
import { registerIdentityOnWasm } from "./identity_wasm.ts";
import { registerGroupsOnCpu } from "./groups_cpu.ts";
import { registerGroupsOnWasm } from "./groups_wasm.ts";
import { registerGroupsOnWebGpu } from "./groups_webgpu.ts";
import { registerSoftmaxOnWasm } from "./softmax_wasm.ts";
import { startWasmKernels, useWasmBuild, type WasmBuild } from "./wasm_module.ts";

export { useWasmBuild, type WasmBuild };

/** Names of the backends that this project has kernels for. */
export type BackendName = "wasm" | "webgpu" | "cpu";

const registered = new Set<BackendName>();

/**
 * Registers our kernels with a backend. A second call only chooses the build.
 *
 * @param backend Name of the backend; it must be started.
 * @param deterministic On WASM: whether to use the build whose results are the same on
 * every machine.
 * @returns On WASM: the build that now runs.
 * @throws {Error} On WASM: if the engine lacks SIMD, or the module cannot be read.
 */
export async function registerKernels(
  backend: BackendName,
  deterministic: boolean,
): Promise<WasmBuild | undefined> {
  const build = backend === "wasm" ? await startWasmKernels(deterministic) : undefined;
  if (registered.has(backend)) return build;
  registered.add(backend);
  if (backend === "wasm") {
    registerDenseOnWasm();
    registerGroupsOnWasm();
    registerSoftmaxOnWasm();
    registerDropoutOnWasm();
    registerAdamOnWasm();
    registerInt8OnWasm();
    registerIdentityOnWasm();
  } else if (backend === "webgpu") registerGroupsOnWebGpu();
  else registerGroupsOnCpu();
  return build;
}
