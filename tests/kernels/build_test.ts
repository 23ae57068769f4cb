import { assert, assertEquals, assertRejects } from "@std/assert";
import { hasRelaxedSimd, instantiate } from "../../src/kernels/wasm_module.ts";
import { useBackend } from "../../src/backend.ts";
import { BUILDS, buildUrl, compileKernels } from "../../tasks/_compile_kernels.ts";

for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
  Deno.test(`compileKernels() gives the committed bytes of ${BUILDS[build]}`, async () => {
    const committed = await Deno.readFile(buildUrl(build));
    const compiled = await compileKernels(build);
    assert(
      committed.length === compiled.length &&
        committed.every((byte, i) => byte === compiled[i]),
      'the sources have changed: run "deno task build:kernels"',
    );
  });
}

Deno.test("instantiate() refuses an engine without SIMD", async () => {
  // A module that no engine takes stands in for one that this engine lacks.
  await assertRejects(
    () => instantiate(new ArrayBuffer(8), new WebAssembly.Memory({ initial: 1 })),
    Error,
    "Cannot start the kernels: this engine has no WebAssembly SIMD",
  );
});

Deno.test("useBackend() says which build runs", async () => {
  const fast = await useBackend("wasm");
  const expected = hasRelaxedSimd() ? "wasm (relaxed SIMD)" : "wasm (plain SIMD)";
  assertEquals(fast.description, expected);
  const same = await useBackend("wasm", { deterministic: true });
  assertEquals(same.description, "wasm (plain SIMD)");
  await useBackend("wasm");
});
