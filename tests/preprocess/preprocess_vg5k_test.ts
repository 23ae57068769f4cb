import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "../../src/checksum.ts";
import { preprocessVg5k } from "../../src/preprocess/preprocess_vg5k.ts";
import { readVg5k, splitVg5k } from "../../src/preprocess/read_vg5k.ts";
import { testInFolder } from "../_in_folder.ts";
import { type RawImage, writeVg5k } from "../dataset/formats/_vg5k_writer.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { toyImages } from "../label_predictor/_toy.ts";

Deno.test("splitVg5k() ranks images by the hash of their ids, whatever their order", () => {
  const images = toyImages(60, 1);
  const splits = splitVg5k(images);
  const names = Object.keys(splits) as (keyof typeof splits)[];
  assertEquals(names.map((name) => splits[name].length), [48, 6, 6]);
  const reversed = splitVg5k(images.toReversed());
  for (const name of names) {
    assertEquals(reversed[name].toReversed(), splits[name]);
  }
  const hashes = names.map((name) => splits[name].map(({ id }) => sha256(id)).sort());
  assertEquals(hashes.flat(), images.map(({ id }) => sha256(id)).sort());
});

Deno.test("splitVg5k() leaves out images without boxes", () => {
  const images = toyImages(20, 1);
  const empty = { ...images[0], id: "empty", entityLabels: new Int32Array(0) };
  const splits = splitVg5k([empty, ...images]);
  assertEquals(Object.values(splits).flat().length, 20);
});

testInFolder(
  "preprocessVg5k() says which file is missing and what to do",
  async (raw) => {
    await assertRejects(
      () => preprocessVg5k({ raw, out: `${raw}/out`, command: "none" }),
      RangeError,
      `Cannot preprocess "vg5k" as "${raw}/objects.json" is missing: run "deno task download vg5k" first`,
    );
  },
);

const NAMES = { objects: ["man", "plane", "airplane"], predicates: ["on", "rid"] };

/** A man on a plane, and a man whom the detector has not found. */
const rawImage = (id: number): RawImage => ({
  path: `VG_100K/${id}.jpg`,
  objs: [
    { cls: 0, bbox: [0, 0, 50, 90] },
    { cls: 1, bbox: [40, 60, 200, 90] },
    { cls: 0, bbox: [300, 0, 340, 90] },
  ],
  rels: [{ sub: 0, obj: 1, pred: [0] }, { sub: 2, obj: 1, pred: [1] }],
  detections: {
    boxes: [[0, 0, 50, 80], [50, 60, 200, 90]],
    cls: [0, id % 2 === 0 ? 0 : 2],
    confs: [0.5, 0.5],
  },
});

testInFolder(
  "preprocessVg5k() has the detected boxes as entities with rcnn",
  async (raw) => {
    const images = Array.from({ length: 40 }, (_, i) => rawImage(i));
    await writeVg5k(raw, images, NAMES);
    const make = (detections: "rcnn" | "none") =>
      preprocessVg5k({
        ...{ raw, detections, out: `${raw}/out`, command: "none", versions: 1 },
        labelPredictor: "frequency",
      });
    const dataset = await make("rcnn");
    const { name, splits, details } = dataset.manifest;
    assertEquals(name, "vg5k_rcnn");
    assertEquals([splits.train.images, splits.test.images], [32, 4]);
    assertEquals([splits.train.entities, splits.train.relations], [64, 32]);
    const { detected } = details as { detected: Record<string, unknown> };
    assertEquals(Object.keys(detected), ["train", "validation", "test"]);
    const beliefs = new Map<boolean, number>();
    for await (const example of dataset.examples("train")) {
      assertEquals(example.entityLabels, Int32Array.of(0, 1));
      const [man, plane, notMan, isPlane] = example.entityLogits;
      // Of the boxes that were found to be men, two of three are.
      assert(man > plane);
      beliefs.set(Number(example.id) % 2 === 1, isPlane - notMan);
      // The label predictor has seen "riding" as often as "on", though only undetected
      // men ride.
      const [on, riding] = example.relationLogits.subarray(3);
      assertAlmostEquals(on, riding, 0.02);
    }
    // Images with even ids have a plane that was taken for a man.
    assert(beliefs.get(true)! > 0 && beliefs.get(false)! < 0);
    const given = await make("none");
    assertEquals([given.manifest.name, given.manifest.splits.train.entities], [
      "vg5k",
      96,
    ]);
  },
);

const VG5K = `${DATA}/vg5k`;

testInFolder(
  "preprocessVg5k() makes the three splits of the published files",
  async (out) => {
    const dataset = await preprocessVg5k({
      raw: VG5K,
      out,
      labelPredictor: "frequency",
      command: "none",
    });
    const { name, splits, vocabulary, details } = dataset.manifest;
    const { train, validation, test } = splits;
    assertEquals([train.images, validation.images, test.images], [3500, 300, 608]);
    assertEquals(train.entities + validation.entities + test.entities, 50155 - 205);
    assertEquals([vocabulary.entities.length, vocabulary.predicates.length], [148, 35]);
    assertEquals([name, details?.entityLabels], ["vg5k", "given"]);
  },
  { ignore: isMissing(VG5K) },
);

Deno.test("readVg5k() has detections for every image with boxes", {
  ignore: isMissing(VG5K),
}, async () => {
  const { images, detections } = await readVg5k(VG5K);
  const all = Object.values(images).flat();
  assertEquals(all.filter(({ id }) => !detections.has(id)), []);
  assertEquals(all.every((image) => image.entityLabels.length > 0), true);
  assertEquals(detections.size, 4881);
});
