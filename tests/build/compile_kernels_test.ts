import { assert, assertRejects } from "@std/assert";
import { instantiate } from "../../src/kernels/wasm_module.ts";
import { BUILDS, buildUrl, compileKernels } from "../../build/compile_kernels.ts";

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

Deno.test("instantiate() refuses bytes that are not a module", async () => {
  const bytes = await Deno.readFile(buildUrl("plain"));
  for (const damaged of [bytes.slice(0, -1), new TextEncoder().encode("<html>")]) {
    await assertRejects(
      () => instantiate(damaged.buffer, new WebAssembly.Memory({ initial: 1 })),
      Error,
      "is damaged; get it again",
    );
  }
});
