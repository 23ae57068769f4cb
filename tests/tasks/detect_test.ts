/** `detect`, and what `predict` makes of its output. */

import { assert, assertEquals } from "@std/assert";
import { SAMPLES } from "../detect/_sample_images.ts";
import { assertClose } from "../_assert.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { testInFolder } from "../_in_folder.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { ROOT, runTask } from "./_run_script.ts";
import { testTasks } from "../_task_host.ts";

/** A detector whose results are known, and depend on the size of the photograph. */
const DETECTOR = `export default ({ width, height }) => ({
  imageWidth: width,
  imageHeight: height,
  classes: ["man", "horse", "drone"],
  boxes: [0, 0, width / 2, height, width / 4, 0, width, height],
  beliefs: [0.8, 0.1, 0.0004, 0.2, 0.51234, 0],
});`;

/** What it finds in a photograph of 24 x 16. */
const FOUND = {
  image: "a.jpg",
  imageWidth: 24,
  imageHeight: 16,
  classes: ["man", "horse"],
  boxes: [[0, 0, 12, 16], [6, 0, 24, 16]],
  beliefs: [[0.8, 0.1], [0.2, 0.5123]],
};

testInFolder("detect prints one line of JSON for each photograph", async (folder) => {
  await Deno.writeTextFile(`${folder}/detector.ts`, DETECTOR);
  await Deno.mkdir(`${folder}/photos`);
  await Deno.writeFile(`${folder}/photos/a.jpg`, SAMPLES.rgb);
  await Deno.writeFile(`${folder}/photos/turned.webp`, SAMPLES.turnedWebp);
  await Deno.writeTextFile(`${folder}/boxes.json`, "{}");
  const own = ["--detector", "detector.ts"];

  const one = await runTask(folder, "detect", "photos/a.jpg", ...own);
  assertEquals([one.code, one.stderr], [0, ""]);
  assertEquals(JSON.parse(one.stdout), FOUND);

  const many = await runTask(
    folder,
    "detect",
    "photos",
    "boxes.json",
    "none.png",
    ...own,
  );
  assertEquals(many.code, 1);
  const lines = many.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    lines.map(({ image, imageWidth, imageHeight }) => [
      image,
      imageWidth,
      imageHeight,
    ]),
    [["a.jpg", 24, 16], ["turned.webp", 16, 24]],
  );
  assertEquals(many.stderr.trimEnd().split("\n"), [
    'error: boxes.json: Cannot detect entities in "boxes.json": it must be a photograph in JPEG, PNG or WebP: found a JSON file; JSON is an input of predict',
    'error: none.png: Cannot read "none.png" as there is no such file; check the path',
    "error: Cannot read 2 of 4 images, as said above; the others are done",
  ]);
});

const PHOTOGRAPHS = ["dog", "horses", "person"];
const folder = `${DATA}/photos`;

testTasks("examples are what detect prints, and predict reads them", async (t) => {
  for (const name of PHOTOGRAPHS) await testExample(name, t);
});

async function testExample(name: string, t: Deno.TestContext): Promise<void> {
  await t.step(`predict reads examples/${name}.json`, async () => {
    const file = `examples/${name}.json`;
    const { imageWidth, imageHeight, boxes } = JSON.parse(
      await Deno.readTextFile(ROOT + file),
    );
    const { code, stdout, stderr } = await runTask(ROOT, "predict", file, "--json");
    assertEquals(code, 0, stderr);
    const graph: SceneGraph = JSON.parse(stdout);
    assertEquals([graph.imageWidth, graph.imageHeight], [imageWidth, imageHeight]);
    // Two boxes of one thing become one entity.
    assert(graph.entities.length > 1 && graph.entities.length <= boxes.length);
    assert(graph.relations.length > 0);
  });

  await t.step({
    name: `predict of examples/${name}.json is that of its photograph`,
    ignore: isMissing(folder),
    fn: async () => {
      const graphOf = async (file: string): Promise<SceneGraph> => {
        const flags = ["--json", "--threshold", "0", "--k", "1000"];
        const { code, stdout, stderr } = await runTask(ROOT, "predict", file, ...flags);
        assertEquals(code, 0, stderr);
        return JSON.parse(stdout);
      };
      const ours = await graphOf(`examples/${name}.json`);
      const theirs = await graphOf(`${folder}/${name}.jpg`);
      const labels = ({ entities }: SceneGraph) => entities.map(({ label }) => label);
      const scores = ({ entities }: SceneGraph) => entities.map(({ score }) => score);
      assertEquals(labels(ours), labels(theirs));
      assertClose(scores(ours), scores(theirs), 0.01, "scores of labels");
      // The best relation of each pair, whose predicates may be close to each other.
      const pairs = ({ relations }: SceneGraph) =>
        new Map(relations.map(({ subject, object, score }) => [
          `${subject} -> ${object}`,
          score,
        ]));
      const found = pairs(ours), expected = pairs(theirs);
      assertEquals([...found.keys()].sort(), [...expected.keys()].sort());
      for (const [pair, score] of expected) {
        assertClose([found.get(pair)!], [score], 0.01, pair);
      }
    },
  });

  await t.step({
    name: `examples/${name}.json is what detect prints`,
    ignore: isMissing(folder),
    fn: async () => {
      const example = JSON.parse(
        await Deno.readTextFile(`${ROOT}examples/${name}.json`),
      );
      const { stdout, stderr } = await runTask(ROOT, "detect", `${folder}/${name}.jpg`);
      assertEquals(stderr, "");
      const { boxes, beliefs, classes, ...rest } = JSON.parse(stdout);
      assertEquals(rest.image, `${name}.jpg`);
      const numbers = { boxes: [], beliefs: [], classes: [] };
      assertEquals({ ...rest, ...numbers }, { ...example, ...numbers });
      assertClose(boxes.flat(), example.boxes.flat(), 1, "boxes");
      // A class near the limit may be in one and not in the other.
      const of = (list: typeof example, label: string) =>
        list.beliefs.map((row: number[]) => row[list.classes.indexOf(label)] ?? 0);
      for (const label of new Set<string>([...classes, ...example.classes])) {
        assertClose(of({ classes, beliefs }, label), of(example, label), 0.01, label);
      }
    },
  });
}
