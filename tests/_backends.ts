/**
 * Runs a test on every way of computing that this machine has.
 *
 * @module
 */

import {
  type BackendName,
  type BackendOptions,
  findAdapter,
  useBackend,
} from "../src/kernels/backend.ts";
import "../src/deps/gradients.ts";
import { nameRuntimeFolder } from "../tasks/_cli/runtime_folder.ts";

nameRuntimeFolder();

/** Whether WebGPU has an adapter; with `SGP_REQUIRE_WEBGPU` set, a missing one fails. */
const hasWebGpu = await findAdapter() !== undefined;
if (!hasWebGpu) {
  const message = "No WebGPU adapter: tests on WebGPU are skipped";
  if (Deno.env.get("SGP_REQUIRE_WEBGPU")) throw new Error(message);
  console.warn(message);
}

/** The backends to test. */
export const BACKENDS: readonly BackendName[] = hasWebGpu ? ["wasm", "webgpu"] : ["wasm"];

/** The ways of computing: on WASM with either build of our kernels. */
const PATHS: readonly { name: string; backend: BackendName; options?: BackendOptions }[] =
  [
    { name: "wasm", backend: "wasm" },
    { name: "wasm, plain SIMD", backend: "wasm", options: { deterministic: true } },
    { name: "webgpu", backend: "webgpu" },
    { name: "cpu", backend: "cpu" },
  ];

/**
 * Defines one test for each way of computing on some backends, whose name ends its name.
 *
 * @param name What holds.
 * @param run The test, which is told how the backend has been started.
 * @param backends Which ones; all of {@linkcode BACKENDS} by default.
 */
export function testOnEachBackend(
  name: string,
  run: (backend: BackendName, options: BackendOptions) => Promise<void> | void,
  backends: readonly BackendName[] = BACKENDS,
): void {
  for (const path of PATHS.filter(({ backend }) => backends.includes(backend))) {
    const { backend, options = {} } = path;
    Deno.test({
      name: `${name} [${path.name}]`,
      // The GPU device is opened once and stays open.
      sanitizeResources: backend !== "webgpu",
      sanitizeOps: backend !== "webgpu",
      fn: async () => {
        await useBackend(backend, options);
        await run(backend, options);
      },
    });
  }
}

/** Defines a test on WASM with relaxed SIMD alone, which has layers of 8 bits. */
export function testOnRelaxedSimd(
  name: string,
  run: () => Promise<void> | void,
): void {
  Deno.test(`${name} [wasm]`, async () => {
    await useBackend("wasm");
    await run();
  });
}
