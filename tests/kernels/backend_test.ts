import { pathToFileURL } from "node:url";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fmaModule } from "../../benches/_fma_limit.ts";
import { findAdapter, useBackend } from "../../src/kernels/backend.ts";
import { tf } from "../../src/deps/tf.ts";
import { checkInt8 } from "../../src/kernels/int8.ts";
import { testInFolder } from "../_in_folder.ts";
import { ROOT, runScript } from "../tasks/_run_script.ts";
import { BACKENDS } from "../_backends.ts";

Deno.test("useBackend() says which build of the WASM kernels runs", async () => {
  const plain = await useBackend("wasm", { deterministic: true });
  assertEquals(plain, {
    name: "wasm",
    description: "wasm (plain SIMD)",
    build: "plain",
  });
  const { description } = await useBackend("wasm");
  const build = WebAssembly.validate(fmaModule()) ? "relaxed" : "plain";
  assertEquals(description, `wasm (${build} SIMD)`);
  assertEquals(tf.getBackend(), "wasm");
});

Deno.test("useBackend() uses plain SIMD if the engine lacks relaxed SIMD", async () => {
  await useBackend("wasm"); // also looks for SIMD, before validate is replaced
  const { validate } = WebAssembly;
  // Validating a module of a few bytes makes the choice.
  WebAssembly.validate = (bytes) => bytes.byteLength > 100 && validate(bytes);
  try {
    const { build } = await useBackend("wasm");
    assertEquals(build, "plain");
    assertThrows(checkInt8, Error, "as this engine lacks relaxed SIMD; use float32");
  } finally {
    WebAssembly.validate = validate;
  }
});

Deno.test("useBackend() uses WASM for deterministic results and refuses others", async () => {
  assertEquals((await useBackend(undefined, { deterministic: true })).build, "plain");
  for (const name of ["webgpu", "cpu"] as const) {
    await assertRejects(
      () => useBackend(name, { deterministic: true }),
      RangeError,
      `Cannot use the backend "${name}" as deterministic results must come from "wasm"`,
    );
  }
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

Deno.test({
  name: "useBackend() destroys the device of WebGPU before the program ends",
  ignore: !BACKENDS.includes("webgpu"),
  fn: async () => {
    for (const args of [[], ["exit"]]) {
      const permissions = ["--allow-read", "--allow-env", "--allow-write"];
      const script = "tests/kernels/_webgpu_program.ts";
      const { code, stdout } = await runScript(script, args, { permissions });
      assertEquals([code, stdout], [0, "3\ndestroyed\n"]);
    }
  },
});

Deno.test("useBackend() refuses an unknown backend", async () => {
  await assertRejects(
    () => useBackend("wasn" as "wasm"),
    RangeError,
    'the nearest is "wasm"',
  );
});

/** Runs a program with `useBackend` in its own process; returns the last line it prints. */
async function printedBy(
  program: string,
  folder: string,
  flags: readonly string[],
): Promise<string> {
  const url = JSON.stringify(pathToFileURL(`${ROOT}src/kernels/backend.ts`));
  const source = `import { useBackend } from ${url};\n${program}`;
  await Deno.writeTextFile(`${folder}/program.ts`, source);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-config", ...flags, "program.ts"],
    cwd: folder,
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!;
}

const REFUSED = 'await useBackend("wasm").catch((error) => console.log(error.message));';

testInFolder("useBackend() says what the wasm backend needs", async (folder) => {
  assertEquals(
    await printedBy(REFUSED, folder, []),
    'Cannot start the "wasm" backend: grant --allow-read, it loads a .wasm file',
  );
});

testInFolder(
  "useBackend() refuses an engine without SIMD",
  async (folder) => {
    // V8 has WebAssembly SIMD on x86 only where the processor has SSE4.1.
    const flags = ["--v8-flags=--no-enable-sse4-1", "--allow-read", "--allow-env"];
    assertEquals(
      await printedBy(REFUSED, folder, flags),
      'Cannot start the kernels of "wasm": this engine lacks WebAssembly SIMD; use another one',
    );
  },
  { ignore: Deno.build.arch !== "x86_64" },
);
