/** The bundle in Node.js, its types, and its page. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SceneGraphPredictor } from "../../mod.ts";
import { assertClose } from "../_assert.ts";
import { testInFolder } from "../_in_folder.ts";
import { isThere } from "../_programs.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { definitionOf, ROOT, runScript } from "./_run_script.ts";

const INPUT = {
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99], [20, 0, 50, 20]] as const,
  imageWidth: 100,
  imageHeight: 100,
  entityLabels: ["man", "table", "hat"],
  entityScores: [0.8, 0.9, 0.7],
};

const NODE = `import { readFile } from "node:fs/promises";
import { SceneGraphPredictor } from "./my page/scene_graph_predictor.js";
const bytes = new Uint8Array(await readFile("checkpoint.safetensors"));
const urls = [bytes, new URL("checkpoint.safetensors", import.meta.url)];
for (const backend of ["wasm", "cpu"]) {
  for (const source of urls) {
    const predictor = await SceneGraphPredictor.load(source, { backend });
    const { relations } = await predictor.predict(${JSON.stringify(INPUT)});
    console.log(JSON.stringify(relations.map(({ score }) => score)));
    predictor.dispose();
  }
}
`;

const USE = `import {
  drawOverImage, type SceneGraph, SceneGraphPredictor,
} from "./my page/scene_graph_predictor.js";
const predictor = await SceneGraphPredictor.load("checkpoint.safetensors");
const graph: SceneGraph = await predictor.predict(${JSON.stringify(INPUT)});
`;

const hasNode = isThere("node");

async function bundle(cwd: string, ...args: string[]): Promise<void> {
  const { script, permissions } = definitionOf("bundle");
  const options = { permissions, cwd };
  const { code, stderr } = await runScript(
    script,
    ["--out", "my page", ...args],
    options,
  );
  assertEquals([code, stderr], [0, ""]);
}

testInFolder(
  "the bundle predicts in Node.js as here, from a folder of its own",
  async (folder) => {
    await bundle(folder, "--no-types");
    const checkpoint = smallCheckpointBytes();
    await Deno.writeFile(`${folder}/checkpoint.safetensors`, checkpoint);
    await Deno.writeTextFile(`${folder}/use.mjs`, NODE);
    const output = await new Deno.Command("node", { args: ["use.mjs"], cwd: folder })
      .output();
    const text = new TextDecoder();
    assertEquals([output.code, text.decode(output.stderr)], [0, ""]);
    using sgp = await SceneGraphPredictor.load(checkpoint, { backend: "wasm" });
    const expected = (await sgp.predict(INPUT)).relations.map(({ score }) => score);
    const lines = text.decode(output.stdout).trim().split("\n");
    assertEquals(lines.length, 4);
    for (const line of lines) assertClose(JSON.parse(line), expected, 1e-6, line);
  },
  { ignore: !hasNode },
);

testInFolder("the bundle has types, and a page that uses it", async (folder) => {
  await bundle(
    folder,
    "--checkpoint",
    `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
  );
  const check = async (code: string) => {
    await Deno.writeTextFile(`${folder}/use.ts`, code);
    // As TypeScript itself does, this finds the .d.ts beside a .js.
    const args = ["check", "--no-config", "--unstable-sloppy-imports", "use.ts"];
    const { code: exit, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    return { exit, text: new TextDecoder().decode(stderr) };
  };
  const right = await check(USE + "const svg: string = drawOverImage(graph);");
  assertEquals(right.exit, 0, right.text);
  const wrong = await check(USE + "const svg: number = drawOverImage(graph);");
  assertEquals(wrong.exit, 1);
  assertStringIncludes(wrong.text, "Type 'string' is not assignable to type 'number'");
  const misnamed = await check(
    USE.replace("imageWidth", "width") + "drawOverImage(graph);",
  );
  assertStringIncludes(misnamed.text, "Property 'imageWidth' is missing");

  const page = await Deno.readTextFile(`${folder}/my page/example.html`);
  const files = Array.from(
    page.matchAll(/"\.?\/?(\w+\.(?:js|safetensors))"/g),
    ([, name]) => name,
  );
  assertEquals(files, ["scene_graph_predictor.js", "checkpoint.safetensors"]);
  for (const name of files) assert((await Deno.stat(`${folder}/my page/${name}`)).isFile);
});
