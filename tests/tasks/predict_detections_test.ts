/** `predict` with files of detectors' results. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { ROOT, runTask } from "./_run_script.ts";
import { testTasks } from "../_task_host.ts";

/** The classes of the shipped model that a person may be. */
const PEOPLE = "boy, child, girl, man, people, person, player or woman";

const predict = (...args: string[]) =>
  runTask(ROOT, "predict", ...args, "--backend", "wasm");

testTasks(
  "predict reads the examples of each form, and says what became of names",
  async () => {
    const forms: [file: string, args: string[], entities: string[], notes: string[]][] = [
      ["coco", ["--image-size", "640x427"], ["sheep", "person", "kite", "motorcycle"], [
        "warning: 2 boxes were cut to their image",
        "Detections: 5, entities: 4 (1 merged with others)",
        `Class person: ${PEOPLE} (class table)`,
      ]],
      ["transformers", [], ["person", "horse", "drone"], [
        `Class person: ${PEOPLE} (class table)`,
        "Class drone: no class of the model",
      ]],
      [
        "ultralytics",
        ["--image-size", "640x480"],
        ["dining table", "cup", "cell phone"],
        [
          "Class dining table: table (class table)",
          "Class cell phone: phone (class table)",
        ],
      ],
    ];
    for (const [form, args, entities, notes] of forms) {
      const file = `examples/detections_${form}.json`;
      const { stdout, stderr, code } = await predict(file, ...args, "--format", "json");
      assertEquals(code, 0, stderr);
      const graph = JSON.parse(stdout) as {
        entities: { detected: { label: string }; known?: false }[];
      };
      assertEquals(graph.entities.map(({ detected }) => detected.label), entities);
      assertEquals(stderr.trimEnd().split("\n").slice(1), notes); // after the backend
    }
  },
);

testInFolder(
  "predict takes the image of COCO's results that is asked for",
  async (folder) => {
    const rows = [1, 2].map((image_id) => ({
      ...{ image_id, category_id: image_id, score: 0.5 },
      ...{ bbox: [10, 10, 50, 50] },
    }));
    const annotations = {
      images: [{ id: 1, width: 100, height: 100 }, { id: 2, width: 200, height: 100 }],
      categories: [{ id: 1, name: "hovercraft" }, { id: 2, name: "Dogs" }],
    };
    await Deno.writeTextFile(`${folder}/results.json`, JSON.stringify(rows));
    await Deno.writeTextFile(`${folder}/instances.json`, JSON.stringify(annotations));
    const files = [`${folder}/results.json`, "--annotations", `${folder}/instances.json`];

    const { stdout } = await predict(...files, "--image-id", "2", "--json");
    const { imageWidth, entities: [{ detected }] } = JSON.parse(stdout);
    assertEquals([imageWidth, detected], [200, { label: "Dogs", score: 0.5 }]);

    const { stdout: listed } = await predict(...files, "--image-id", "1");
    assertStringIncludes(
      listed,
      "0 hovercraft 0.50 (not a class of the model: no relations)",
    );

    const none = await predict(...files, "--image-id", "1,9", "--json");
    assertStringIncludes(none.stderr, "image 9 must be one of the 2 images of the anno");
    assertEquals(JSON.parse(none.stdout).image, "1"); // the other one is done
  },
);

testTasks("predict says what is wrong with a size of an image", async () => {
  const file = "examples/detections_ultralytics.json";
  const { stderr, code } = await predict(file, "--image-size", "640");
  assert(code !== 0);
  assertStringIncludes(
    stderr,
    'it must be a width and a height in pixels, such as 640x480: found "640"',
  );
});
