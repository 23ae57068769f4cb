/**
 * The library in a browser: one bundle, loaded as a module, with checkpoints, a detector and
 * photographs over the network.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { detect, SceneGraphPredictor } from "../mod.ts";
import { centernetFolder } from "../src/deps/centernet.ts";
import { assertClose } from "./_assert.ts";
import { browser, reportOf } from "./_browser.ts";
import { serveFolder } from "./_checkout_server.ts";
import { DATA, isMissing } from "./_fixtures.ts";
import { testInFolder } from "./_in_folder.ts";
import { smallCheckpointBytes } from "./_samples.ts";
import { exif, SAMPLES, withExif } from "./detect/_sample_images.ts";
import { ROOT, runScript } from "./tasks/_run_script.ts";

const INPUT = {
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99], [20, 0, 50, 20]] as const,
  imageWidth: 100,
  imageHeight: 100,
  entityLabels: ["man", "table", "hat"],
  entityScores: [0.8, 0.9, 0.7],
};

/** Predicts with what lies beside the bundle, or where the address says. */
const PAGE = `<!doctype html>
<title>Scene graph</title>
<script type="module">
  const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  try {
    const { SceneGraphPredictor, drawOverImage } = await import("./scene_graph_predictor.js");
    const sgp = await SceneGraphPredictor.load("checkpoint.safetensors", {
      backend: "wasm",
      wasmPath: new URL(location).searchParams.get("wasmPath") ?? undefined,
    });
    const graph = await sgp.predict(${JSON.stringify(INPUT)}, { attention: true });
    let message;
    try {
      await sgp.predict({ ...${
  JSON.stringify(INPUT)
}, entityLabels: ["man", "tabel", "hat"] });
    } catch (error) {
      message = error.message;
    }
    const svg = drawOverImage(graph).slice(0, 4);
    await report({ graph, message, svg, crossOriginIsolated });
  } catch (error) {
    await report({ failure: String(error) });
  }
</script>
`;

const PHOTOGRAPH = `${DATA}/photos/person.jpg`;

/** Predicts from photographs, which the browser decodes. */
const PHOTOGRAPHS_PAGE = `<!doctype html>
<title>Photographs</title>
<script type="module">
  const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  try {
    const { SceneGraphPredictor, detect, loadDetector } = await import("./scene_graph_predictor.js");
    const sgp = await SceneGraphPredictor.load("model.safetensors", { backend: "wasm" });
    const progress = [];
    const detector = await loadDetector("centernet", {
      backend: "wasm",
      modelFolder: "models",
      onProgress: (...bytes) => progress.push(bytes),
    });
    const blob = await (await fetch("person.jpg")).blob();
    const graph = await sgp.predictImage(blob, { detector, k: 5 });
    const { boxes, beliefs } = await detect("person.jpg", { detector });
    const turned = await detect("turned.jpg", { detector });
    const messageOf = (image) => detect(image, { detector }).catch((error) => error.message);
    await report({
      graph,
      boxes: [...boxes],
      beliefs: [...beliefs],
      turned: [turned.imageWidth, turned.imageHeight],
      progress: progress.at(-1),
      messages: [await messageOf("cut.jpg"), await messageOf("page.html")],
    });
  } catch (error) {
    await report({ failure: String(error.stack ?? error) });
  }
</script>
`;

testInFolder(
  "the bundle works in a browser as the library does here",
  async (folder, t) => {
    const args = ["--json", "--no-types"];
    const permissions = ["--allow-read", "--allow-write=dist"];
    const { code, stderr, stdout } = await runScript("tasks/bundle.ts", args, {
      permissions,
      cwd: folder,
    });
    assertEquals([code, stderr], [0, ""]);
    const files = stdout.trim().split("\n").map((line) => JSON.parse(line).path);
    assertEquals(files.sort(), [
      "dist/example.html",
      "dist/kernels_plain.wasm",
      "dist/kernels_relaxed.wasm",
      "dist/scene_graph_predictor.js",
      "dist/tfjs-backend-wasm-simd.wasm",
      "dist/word_vectors.safetensors",
    ]);
    await t.step({
      name: "predictImage()",
      ignore: isMissing(PHOTOGRAPH),
      fn: () => predictPhotographs(folder),
    });
    await t.step("predict(), and where the .wasm files lie", () => predictBoxes(folder));
  },
  { ignore: !browser },
);

async function predictPhotographs(folder: string): Promise<void> {
  const models = await centernetFolder();
  const model = async (name: string) => await Deno.readFile(new URL(name, models));
  const checkpoint = await Deno.readFile(
    `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
  );
  const photograph = await Deno.readFile(PHOTOGRAPH);
  await using server = serveFolder(`${folder}/dist`, {
    "index.html": PHOTOGRAPHS_PAGE,
    "model.safetensors": checkpoint,
    "person.jpg": photograph,
    "turned.jpg": withExif(SAMPLES.rgb, exif(6, true)),
    "cut.jpg": SAMPLES.rgb.subarray(0, 300),
    "page.html": "<!doctype html>",
    "models/centernet.json": await model("centernet.json"),
    "models/centernet.bin": await model("centernet.bin"),
  });
  const report = JSON.parse(
    await reportOf(`${server.url}index.html`, server.report),
  );
  assertEquals(report.failure, undefined);
  const { graph, boxes, beliefs, turned, progress, messages } = report;
  assertEquals(turned, [16, 24]);
  assertEquals(progress, [4_030_290, 4_030_290]);
  assertStringIncludes(messages[0], "the file is damaged: it ends too early");
  assertStringIncludes(messages[1], "it must be an image that this browser knows");

  // The two decoders of JPEG differ a little in colours between pixels, so of boxes the
  // two likeliest are compared, whose beliefs are far from the threshold.
  const here = await detect(photograph, { backend: "wasm" });
  assertEquals([graph.imageWidth, graph.imageHeight], [640, 424]);
  assertClose(boxes.slice(0, 8), here.boxes.slice(0, 8), 3, "boxes");
  assertClose(beliefs.slice(0, 160), here.beliefs.slice(0, 160), 0.03, "beliefs");
  assertEquals(beliefs.length, boxes.length / 4 * 80);
  type Entity = { detected: { label: string } };
  assertEquals(
    graph.entities.slice(0, 2).map(({ detected }: Entity) => detected.label),
    ["person", "dog"],
  );
}

async function predictBoxes(folder: string): Promise<void> {
  const checkpoint = smallCheckpointBytes();
  const open = async (query = "") => {
    await using server = serveFolder(`${folder}/dist`, {
      "index.html": PAGE,
      "checkpoint.safetensors": checkpoint,
    });
    const address = `${server.url}index.html${query}`;
    return JSON.parse(await reportOf(address, server.report));
  };
  const { graph, message, svg, crossOriginIsolated, failure } = await open();
  assertEquals([failure, svg, crossOriginIsolated], [undefined, "<svg", true]);
  assertEquals(
    message,
    'Cannot find the entity class "tabel" in the vocabulary: the nearest is "table"',
  );

  using sgp = await SceneGraphPredictor.load(checkpoint, { backend: "wasm" });
  const expected = await sgp.predict(INPUT, { attention: true });
  const plain = JSON.parse(JSON.stringify(expected));
  const scores = (of: typeof plain) =>
    [...of.entities, ...of.relations].map(({ score }) => score);
  assertClose(scores(graph), scores(plain), 1e-6, "scores");
  for (const { relations } of [graph, plain]) {
    for (const relation of relations) delete relation.score;
  }
  assertEquals(graph.relations, plain.relations);
  assertClose(
    Object.values(graph.attention[0].nodes),
    Object.values(plain.attention[0].nodes),
    1e-6,
  );
  assertEquals(graph.entities[0].box, [10, 10, 60, 90]);

  const name = "tfjs-backend-wasm-simd.wasm";
  await Deno.mkdir(`${folder}/dist/elsewhere`);
  await Deno.rename(`${folder}/dist/${name}`, `${folder}/dist/elsewhere/${name}`);
  const missing = await open();
  assertEquals(
    missing.failure,
    'Error: Cannot start the "wasm" backend: the .wasm files must lie where wasmPath says',
  );
  assertEquals((await open("?wasmPath=elsewhere/")).graph.entities, graph.entities);
}
