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

testInFolder("the bundle", async (folder, t) => {
  const { script, permissions } = definitionOf("bundle");
  const checkpoint = `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`;
  const args = ["--out", "my page", "--checkpoint", checkpoint];
  const { code, stderr } = await runScript(script, args, { permissions, cwd: folder });
  assertEquals([code, stderr], [0, ""]);

  await t.step({
    name: "predicts in Node.js as here, from a folder of its own",
    ignore: !hasNode,
    fn: () => predictInNode(folder),
  });
  await t.step("has types", () => checkTypes(folder));
  await t.step("has a page that uses it", async () => {
    const page = await Deno.readTextFile(`${folder}/my page/example.html`);
    const files = Array.from(
      page.matchAll(/"\.?\/?(\w+\.(?:js|safetensors))"/g),
      ([, name]) => name,
    );
    assertEquals(files, ["scene_graph_predictor.js", "checkpoint.safetensors"]);
    for (const name of files) {
      assert((await Deno.stat(`${folder}/my page/${name}`)).isFile);
    }
  });
});

async function predictInNode(folder: string): Promise<void> {
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
}

/** Checks three programs at once: a right one, and two with an error each. */
async function checkTypes(folder: string): Promise<void> {
  const use = "drawOverImage(graph);";
  const programs = {
    "right.ts": `${USE}const svg: string = ${use}`,
    "wrong.ts": `${USE}const svg: number = ${use}`,
    "misnamed.ts": USE.replace("imageWidth", "width") + use,
  };
  for (const [name, code] of Object.entries(programs)) {
    await Deno.writeTextFile(`${folder}/${name}`, code);
  }
  // As TypeScript itself does, this finds the .d.ts beside a .js.
  const flags = ["check", "--no-config", "--unstable-sloppy-imports"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...flags, ...Object.keys(programs)],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  const places = text.match(/(right|wrong|misnamed)\.ts(?=:\d+:\d+)/g);
  assertEquals(places?.sort(), ["misnamed.ts", "wrong.ts"], text);
  assertStringIncludes(text, "Type 'string' is not assignable to type 'number'");
  assertStringIncludes(text, "Property 'imageWidth' is missing");
}
