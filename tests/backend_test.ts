import { assert, assertEquals, assertRejects } from "@std/assert";
import { findAdapter, useBackend } from "../src/backend.ts";
import { tf } from "../src/deps.ts";
import { testInFolder } from "./_in_folder.ts";
import { ROOT } from "./tasks/_run_script.ts";

Deno.test("useBackend() says which build of the WASM kernels runs", async () => {
  const plain = await useBackend("wasm", { deterministic: true });
  assertEquals(plain, { name: "wasm", description: "wasm (plain SIMD)" });
  const { description } = await useBackend("wasm");
  assert(["wasm (relaxed SIMD)", "wasm (plain SIMD)"].includes(description));
  assertEquals(tf.getBackend(), "wasm");
});

Deno.test({
  name: "useBackend() takes WASM where there is no real GPU",
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    const adapter = await findAdapter();
    const { name } = await useBackend();
    const hasGpu = adapter !== undefined && !adapter.isFallbackAdapter;
    assertEquals(name, hasGpu ? "webgpu" : "wasm");
  },
});

Deno.test("useBackend() refuses a backend that is none", async () => {
  await assertRejects(
    () => useBackend("wasn" as "wasm"),
    RangeError,
    'the nearest is "wasm"',
  );
});

testInFolder("useBackend() says what the wasm backend needs", async (folder) => {
  const backend = JSON.stringify(new URL(`file://${ROOT}src/backend.ts`));
  const program = `import { useBackend } from ${backend};
await useBackend("wasm").catch((error) => console.log(error.message));`;
  await Deno.writeTextFile(`${folder}/program.ts`, program);
  // In a process of its own, where no backend has been started yet.
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-config", "program.ts"],
    cwd: folder,
    stdin: "null",
    stderr: "null",
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1),
    'Cannot start the "wasm" backend: grant --allow-read, it loads a .wasm file',
  );
});
