import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { headerOf, imagesOf } from "../../src/dataset/convert.ts";
import { userJsonText } from "../../src/dataset/formats/user_json_text.ts";
import { preprocessJson } from "../../src/preprocess/preprocess_json.ts";
import { inFolder } from "../_in_folder.ts";

const HEADER = {
  format: "scene-graph-dataset",
  version: 1,
  name: "mine",
  entities: ["man", "horse"],
  predicates: ["on", "near"],
};
const image = (id: number, more: Record<string, unknown> = {}) => ({
  id,
  split: ["train", "train", "train", "train", "validation", "test"][id % 6],
  width: 100,
  height: 80,
  boxes: [[10, 0, 40, 60], [0, 20, 100, 80]],
  labels: ["man", "horse"],
  relations: [[0, 1, "on"]],
  ...more,
});

async function withFile(
  images: unknown[],
  run: (options: Parameters<typeof preprocessJson>[0]) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const file = `${folder}/mine.json`;
    await Deno.writeTextFile(file, JSON.stringify({ ...HEADER, images }));
    await run({
      file,
      out: `${folder}/out`,
      command: "deno task preprocess json",
      labelPredictor: "frequency",
    });
  });
}

const twelve = (more?: Record<string, unknown>) =>
  Array.from({ length: 12 }, (_, id) => image(id, more));

Deno.test("preprocessJson() fits a label predictor if the file has no logits", () =>
  withFile(twelve(), async (options) => {
    const dataset = await preprocessJson(options);
    const { manifest } = dataset;
    assertEquals([manifest.name, manifest.licence], ["mine", "not stated"]);
    assertEquals(manifest.labelPredictor.name, "frequency");
    const [{ entityLogits, relationLogits }] = await Array.fromAsync(
      dataset.examples("test"),
    );
    // The label is given, so it is certain: 1e-6 is left for the other class.
    assertAlmostEquals(entityLogits[1], Math.log(1e-6), 0.01);
    // Man on horse in every image.
    assertEquals(
      relationLogits.subarray(3, 6).indexOf(Math.max(...relationLogits.subarray(3, 6))),
      0,
    );
    assertEquals((await preprocessJson(options)).manifest, manifest);
  }));

Deno.test("preprocessJson() keeps a detector's labels and looks them up in the label predictor", () =>
  withFile(
    twelve({ detectedLabels: ["horse", "man"], scores: [0.9, 0.9] }),
    async (options) => {
      const dataset = await preprocessJson(options);
      const [{ entityLogits, relationLogits }] = await Array.fromAsync(
        dataset.examples("test"),
      );
      assertAlmostEquals(entityLogits[1], Math.log(0.9), 1e-3);
      // The detector confuses man and horse, so the second is on the first.
      const on = (pair: number) => relationLogits[3 * pair];
      assert(on(2) > on(1));
    },
  ));

Deno.test("preprocessJson() keeps relation logits, with entity logits or without", async () => {
  const relationLogits = [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]];
  for (const entityLogits of [undefined, [[1, -1], [0.5, 2]]]) {
    await withFile(twelve({ relationLogits, entityLogits }), async (options) => {
      const done: number[] = [];
      const dataset = await preprocessJson({
        ...options,
        name: "yours",
        onProgress: (n) => done.push(n),
      });
      assertEquals([dataset.manifest.name, done.at(-1)], ["yours", 12]);
      assertEquals(dataset.manifest.labelPredictor, { name: "file", simulated: false });
      const [example] = await Array.fromAsync(dataset.examples("validation"));
      assertEquals([...example.relationLogits], relationLogits.flat(2));
      const certain = [1 - 1e-6, 1e-6, 1e-6, 1 - 1e-6].map((p) =>
        Math.fround(Math.log(p))
      );
      [...example.entityLogits].forEach((logit, i) =>
        assertAlmostEquals(logit, (entityLogits?.flat() ?? certain)[i], 1e-6)
      );
      done.length = 0;
      assertEquals((await preprocessJson(options)).manifest, dataset.manifest);
      assertEquals(done, []);
    });
  }
});

Deno.test("preprocessJson() refuses a file with errors, and names the first", () =>
  withFile([...twelve(), image(12, { labels: ["man", "cow"] })], async (options) => {
    await assertRejects(
      () => preprocessJson(options),
      RangeError,
      `Cannot preprocess "${options.file}" as it has 1 errors, the first: images[12].labels[1] must be a name of the vocabulary: found "cow"; run "deno task validate ${options.file}" to see all`,
    );
    await assertRejects(
      () => preprocessJson({ ...options, file: `${options.file}x` }),
      RangeError,
      "there is no such file",
    );
  }));

Deno.test("negatives and annotated boxes pass through a dataset and back", () => {
  const negatives = [[1, 0, "on"], [0, 1, "near"]];
  const annotated = {
    boxes: [[12, 0, 40, 60], [0, 20, 90, 80], [1, 1, 2, 2]],
    labels: ["man", "horse", "man"],
    relations: [[2, 1, "near"]],
  };
  return withFile(twelve({ negatives, annotated }), async (options) => {
    const dataset = await preprocessJson(options);
    assertEquals(dataset.manifest.details, { boxes: "detected" });
    const [example] = await Array.fromAsync(dataset.examples("test"));
    assertEquals(example.negatives, Int32Array.of(1, 0, 0, 0, 1, 1));
    assertEquals(example.annotated, {
      boxes: Float32Array.from(annotated.boxes.flat()),
      entityLabels: Int32Array.of(0, 1, 0),
      relations: Int32Array.of(2, 1, 1),
    });
    const text = userJsonText(
      headerOf(dataset),
      imagesOf(dataset, { logits: false }),
      false,
    );
    const { images } = JSON.parse((await Array.fromAsync(text)).join(""));
    assertEquals(images[11].negatives, negatives);
    assertEquals(images[11].annotated, annotated);
  });
});

Deno.test("a row cannot be a relation and a negative", () =>
  withFile(twelve({ negatives: [[1, 0, "on"], [0, 1, "on"]] }), async (options) => {
    await assertRejects(
      () => preprocessJson(options),
      RangeError,
      "images[0].negatives[1]",
    );
  }));

Deno.test("annotated boxes are checked, and wanted in all images or in none", () =>
  withFile([...twelve(), image(12, { annotated: {} })], async (options) => {
    await assertRejects(
      () => preprocessJson(options),
      RangeError,
      "images[12].annotated.boxes",
    );
    const annotated = { boxes: [], labels: [], relations: [] };
    const images = [...twelve(), image(12, { annotated })];
    await Deno.writeTextFile(options.file, JSON.stringify({ ...HEADER, images }));
    await assertRejects(
      () => preprocessJson(options),
      RangeError,
      '1 of 13 images have detected boxes beside "annotated" ones',
    );
  }));
