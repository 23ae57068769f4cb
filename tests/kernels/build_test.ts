import { assert, assertRejects } from "@std/assert";
import { instantiate } from "../../src/kernels/wasm_module.ts";
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

Deno.test("instantiate() refuses a module that the engine does not know", async () => {
  await assertRejects(
    () => instantiate(new ArrayBuffer(8), new WebAssembly.Memory({ initial: 1 })),
    Error,
    "Cannot start the kernels: this engine has no WebAssembly SIMD",
  );
});
