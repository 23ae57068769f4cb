/** The npm package: what is in it, and that Node.js can use it. */

import { assertClose } from "../_assert.ts";
import { assert, assertEquals } from "@std/assert";
import { entries } from "../../src/archive/archive.ts";
import { openFile } from "../../src/files.ts";
import { isThere } from "../_programs.ts";
import { inFolder } from "../_in_folder.ts";
import { type Case, type CaseResult, exampleProgram } from "./_npm_example.ts";
import { ROOT, runTask } from "./_run_script.ts";

const hasNode = isThere("node");
if (!hasNode) console.warn("No Node.js: the test of the npm package in it is skipped");

Deno.test("the npm package", async (t) => {
  await inFolder(async (folder) => {
    const { code, stderr, stdout } = await runTask(folder, "npm", "--json");
    assertEquals([code, stderr], [0, ""]);
    const packed = JSON.parse(stdout);
    assertEquals(packed.path, "dist/sgp-scene-graph-0.1.0.tgz");
    const files = await unpack(`${folder}/${packed.path}`);
    assertEquals(packed.files, files.size);

    await t.step("has exact dependencies, types and the files to fetch", () => {
      const json = JSON.parse(new TextDecoder().decode(files.get("package.json")));
      const { name, version, license } = JSON.parse(
        Deno.readTextFileSync(`${ROOT}deno.json`),
      );
      assertEquals([json.name, json.version, json.license], [name, version, license]);
      const sources = Array.from(Deno.readDirSync(`${ROOT}src/deps`))
        .map(({ name }) => Deno.readTextFileSync(`${ROOT}src/deps/${name}`)).join("\n");
      const versions = { ...json.dependencies, ...json.peerDependencies };
      assertEquals(Object.keys(versions), [
        ...["cpu", "wasm", "webgpu"].map((name) => `@tensorflow/tfjs-backend-${name}`),
        ...["@tensorflow/tfjs-converter", "@tensorflow/tfjs-core"],
        // Those of detectors and photographs.
        ...["@huggingface/transformers", "@jsquash/jpeg", "@jsquash/png"],
        ...["@jsquash/webp", "jpeg-js", "onnxruntime-web"],
      ]);
      for (const [name, version] of Object.entries(versions)) {
        assert(/^\d+\.\d+\.\d+$/.test(String(version)), `${name} ${version}`);
        assert(sources.includes(`"npm:${name}@${version}`), `${name}@${version}`);
      }
      for (const name of Object.keys(json.peerDependencies)) {
        assertEquals(json.peerDependenciesMeta[name], { optional: true });
      }
      for (
        const path of [
          "LICENSE",
          "README.md",
          "mod.js",
          "mod.d.ts",
          "src/kernels/kernels_plain.wasm",
          "src/kernels/kernels_relaxed.wasm",
          "src/kernels/tfjs-backend-wasm-simd.wasm",
          "src/words/word_vectors.safetensors",
        ]
      ) assert(files.has(path), path);
    });

    await t.step("imports only what is in it or what it depends on", () => {
      const json = JSON.parse(new TextDecoder().decode(files.get("package.json")));
      const known = new Set(
        [json.dependencies, json.peerDependencies].flatMap(Object.keys),
      );
      for (const [path, bytes] of files) {
        if (!/\.(js|d\.ts)$/.test(path)) continue;
        const code = new TextDecoder().decode(bytes);
        assert(!/["']npm:/.test(code), `${path} has the address of a package`);
        for (const [, from] of code.matchAll(/^(?:import|export)[^"';]* "([^"]+)"/gm)) {
          if (!from.startsWith(".")) assert(known.has(from), `${path}: ${from}`);
          else {
            const { pathname } = new URL(from, `file:///${path}`);
            assert(files.has(pathname.slice(1)), `${path}: ${from}`);
          }
        }
      }
    });

    await t.step({
      name: "gives in Node.js what it gives here",
      ignore: !hasNode,
      fn: async () => {
        const where = `${folder}/node_modules/@sgp/scene-graph`;
        for (const [path, bytes] of files) {
          const file = `${where}/${path}`;
          await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
          await Deno.writeFile(file, bytes);
        }
        const { dependencies } = JSON.parse(
          await Deno.readTextFile(`${where}/package.json`),
        );
        await Deno.writeTextFile(
          `${folder}/package.json`,
          JSON.stringify({ dependencies }),
        );
        // As "npm install" does, but from the packages that Deno has already.
        await run(Deno.execPath(), folder, "install", "--no-lock", "--quiet");
        const checkpoint =
          "@sgp/scene-graph/checkpoints/gpi_linguistic_vg_pretrained.safetensors";
        const report = "console.log(JSON.stringify(all));";
        await Deno.writeTextFile(
          `${folder}/use.mjs`,
          exampleProgram(
            "@sgp/scene-graph",
            `new URL(import.meta.resolve("${checkpoint}"))`,
            report,
          ),
        );
        const found = JSON.parse(await run("node", folder, "use.mjs"));
        await Deno.writeTextFile(
          `${folder}/use.ts`,
          "// @ts-nocheck: the same program as in JavaScript\n" + exampleProgram(
            new URL("../../mod.ts", import.meta.url).href,
            JSON.stringify(`${ROOT}checkpoints/${checkpoint.split("/").at(-1)}`),
            report,
          ),
        );
        const expected = JSON.parse(
          await run(
            Deno.execPath(),
            ROOT,
            ...["run", "--quiet", "--cached-only", "--no-lock", "--allow-read"],
            `${folder}/use.ts`,
          ),
        );
        assertSame(found, expected);
      },
    });
  });
});

/** The files of the package, by their path in it. */
async function unpack(path: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  using archive = await openFile(path);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { path, body } of entries(archive)) {
    const chunks = await Array.fromAsync(body());
    files.set(
      path.replace(/^package\//, ""),
      new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()),
    );
  }
  return files;
}

/** Runs a program, which must neither fail nor complain, and returns what it prints. */
async function run(program: string, cwd: string, ...args: string[]): Promise<string> {
  const output = await new Deno.Command(program, { args, cwd }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  assertEquals([output.code, stderr], [0, ""], `${program} ${args.join(" ")}`);
  return stdout;
}

/**
 * The same where the build of the kernels is the same, as it is by name. Engines differ in
 * the last bit of `Math.exp`, by which scores are calibrated.
 */
function assertSame(
  found: Record<Case, CaseResult>,
  expected: Record<Case, CaseResult>,
): void {
  const isSame = (name: Case) => found[name].backend === expected[name].backend;
  assert(isSame("plain") && isSame("cpu"));
  for (const name of Object.keys(expected) as Case[]) {
    const reference = isSame(name) ? name : "plain";
    const mine = found[name].relations, others = expected[reference].relations;
    const triplets = (relations: typeof mine) =>
      relations.map((each) => each.slice(0, 3));
    assertEquals(triplets(mine), triplets(others), name);
    assertClose(mine.map((each) => each[3]), others.map((each) => each[3]), 1e-12);
  }
}
