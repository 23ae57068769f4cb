/**
 * `predict` with photographs: the network and its package are real.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SAMPLES } from "../detect/_sample_images.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { definitionOf, ROOT, runTask, scriptCommand } from "./_run_script.ts";

/** A detector whose results depend on the photograph, and whose classes the model has. */
const DETECTOR = `export default {
  name: "mine",
  detect: ({ width, height, data }) => ({
    imageWidth: width,
    imageHeight: height,
    classes: ["man", "horse", "drone"],
    boxes: [0, 0, width / 2, height, width / 4, 0, width, height],
    beliefs: [0.8, 0.1, 0, 0.2, 0.5, 0],
  }),
};`;

const run = (folder: string, ...args: string[]) => runTask(folder, "predict", ...args);

async function prepare(folder: string): Promise<string[]> {
  await Deno.writeFile(`${folder}/model.safetensors`, smallCheckpointBytes());
  await Deno.writeTextFile(`${folder}/detector.ts`, DETECTOR);
  await Deno.mkdir(`${folder}/photos`);
  await Deno.writeFile(`${folder}/photos/a.jpg`, SAMPLES.rgb);
  await Deno.writeFile(`${folder}/photos/turned.webp`, SAMPLES.turnedWebp);
  const model = ["--checkpoint", "model.safetensors", "--backend", "wasm"];
  return [...model, "--detector", "detector.ts"];
}

testInFolder("predict takes photographs, and names those that fail", async (folder) => {
  const model = await prepare(folder);
  const one = await run(folder, "photos/a.jpg", ...model, "--json");
  assertEquals([one.code, one.stderr], [0, ""]);
  const graph = JSON.parse(one.stdout);
  assertEquals([graph.image, graph.imageWidth, graph.imageHeight], [
    "photos/a.jpg",
    24,
    16,
  ]);
  type Entity = Record<"given" | "detected", { label: string }>;
  const words = graph.entities.map(({ given, detected }: Entity) =>
    `${given.label}, ${detected.label}`
  );
  assertEquals(words, ["man, man", "horse, horse"]);
  // Each entity has its words, and nothing has them a second time.
  assertEquals("detected" in graph, false);

  await Deno.writeFile(`${folder}/photos/cut.jpg`, SAMPLES.rgb.subarray(0, 300));
  const many = await run(
    folder,
    "photos",
    "photos/*.jpg",
    "none.png",
    ...model,
    "--json",
  );
  assertEquals(many.code, 1);
  const images = many.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(images.map(({ image, imageWidth }) => [image, imageWidth]), [
    ["photos/a.jpg", 24],
    ["photos/turned.webp", 16],
  ]);
  assertEquals(
    many.stderr.trim().split("\n").map((line) => line.slice(0, 60)),
    [
      'error: photos/cut.jpg: Cannot decode "photos/cut.jpg" as the ',
      'error: none.png: Cannot read "none.png" as there is no such f',
      "error: Cannot predict 2 of 4 images, as said above; the other",
    ].map((line) => line.slice(0, 60)),
  );
});

testInFolder("predict writes files for several photographs", async (folder) => {
  const model = await prepare(folder);
  const { code, stdout, stderr } = await run(
    folder,
    ...["photos", ...model, "--out", "graphs", "--format", "svg,sentences", "--quiet"],
  );
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.trim().split("\n"), [
    "graphs/a.svg",
    "graphs/a.txt",
    "graphs/turned.svg",
    "graphs/turned.txt",
  ]);
  assertStringIncludes(
    await Deno.readTextFile(`${folder}/graphs/a.svg`),
    "data:image/jpeg;base64,",
  );
});

testInFolder("predict - takes a photograph or JSON", async (folder) => {
  const model = await prepare(folder);
  const results = {
    ...{ imageWidth: 100, imageHeight: 80 },
    detections: [{
      ...{ score: 0.9, label: "man" },
      box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 },
    }],
  };
  const inputs = [SAMPLES.rgb, new TextEncoder().encode(JSON.stringify(results))];
  for (const [i, input] of inputs.entries()) {
    const command = scriptCommand("tasks/predict.ts", ["-", ...model, "--json"], {
      permissions: definitionOf("predict").permissions,
      cwd: folder,
      stdin: "piped",
    });
    const process = command.spawn();
    const writer = process.stdin.getWriter();
    await writer.write(input);
    await writer.close();
    const { code, stdout } = await process.output();
    const graph = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([code, graph.imageWidth, graph.entities.length], [
      0,
      ...[[24, 2], [100, 1]][i],
    ]);
  }
});

testInFolder(
  "predict finds the entities of a photograph by CenterNet",
  async (folder) => {
    await Deno.writeFile(`${folder}/a.png`, SAMPLES.rgb); // its content counts, not its name
    const checkpoint = `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`;
    const { code, stdout, stderr } = await run(
      folder,
      ...["a.png", "--backend", "wasm", "--checkpoint", checkpoint],
    );
    assertEquals([code, stdout], [0, "No relation\n"], stderr);
    assert(/^Backend: wasm/.test(stderr), stderr);
  },
);
