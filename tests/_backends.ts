/**
 * Runs a test on every backend of this machine.
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
import { usually } from "./_usually.ts";

nameRuntimeFolder();

/** Whether WebGPU has an adapter. With `SGP_REQUIRE_WEBGPU` set, a missing one fails. */
const hasWebGpu = await findAdapter() !== undefined;
if (!hasWebGpu) {
  const message = "No WebGPU adapter: tests on WebGPU are skipped";
  if (Deno.env.get("SGP_REQUIRE_WEBGPU")) throw new Error(message);
  console.warn(message);
}

/** The backends to test. */
export const BACKENDS: readonly BackendName[] = hasWebGpu ? ["wasm", "webgpu"] : ["wasm"];

/**
 * The backends to test with a kind of features: software WebGPU is slow, so the usual tests
 * take it for the default ones.
 */
export function backendsFor(features: "default" | "paper"): readonly BackendName[] {
  return features === "default" ? BACKENDS : usually(["wasm"], BACKENDS);
}

/** The ways to compute; WASM has two builds of the kernels. */
const PATHS: readonly { name: string; backend: BackendName; options?: BackendOptions }[] =
  [
    { name: "wasm", backend: "wasm" },
    { name: "wasm, plain SIMD", backend: "wasm", options: { deterministic: true } },
    { name: "webgpu", backend: "webgpu" },
    { name: "cpu", backend: "cpu" },
  ];

/**
 * Defines a test for each way to compute on some backends.
 *
 * @param name Name of the test; the way is appended.
 * @param run The test, called with the backend and its options after the start.
 * @param backends The backends; default {@linkcode BACKENDS}.
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
      // The GPU device stays open after its first test.
      sanitizeResources: backend !== "webgpu",
      sanitizeOps: backend !== "webgpu",
      fn: async () => {
        await useBackend(backend, options);
        await run(backend, options);
      },
    });
  }
}

/** Defines a test on WASM with relaxed SIMD, the only backend with 8-bit layers. */
export function testOnRelaxedSimd(
  name: string,
  run: () => Promise<void> | void,
): void {
  Deno.test(`${name} [wasm]`, async () => {
    await useBackend("wasm");
    await run();
  });
}
