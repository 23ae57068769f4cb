/**
 * Runs a test on every backend that this machine has.
 *
 * @module
 */

import { type BackendName, findAdapter, useBackend } from "../src/backend.ts";
import "../src/train/gradients.ts";

/** Whether WebGPU has an adapter; with `SGP_REQUIRE_WEBGPU` set, a missing one fails. */
const hasWebGpu = await findAdapter() !== undefined;
if (!hasWebGpu) {
  const message = "No WebGPU adapter: tests on WebGPU are skipped";
  if (Deno.env.get("SGP_REQUIRE_WEBGPU")) throw new Error(message);
  console.warn(message);
}

/** The backends to test. */
export const BACKENDS: readonly BackendName[] = hasWebGpu ? ["wasm", "webgpu"] : ["wasm"];

/** Defines one test for each backend; the backend's name ends its name. */
export function testOnEachBackend(
  name: string,
  run: (backend: BackendName) => Promise<void> | void,
  backends: readonly BackendName[] = BACKENDS,
): void {
  for (const backend of backends) {
    Deno.test({
      name: `${name} [${backend}]`,
      // The GPU device is opened once and stays open.
      sanitizeResources: backend !== "webgpu",
      sanitizeOps: backend !== "webgpu",
      fn: async () => {
        await useBackend(backend);
        await run(backend);
      },
    });
  }
}
