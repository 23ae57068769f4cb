import { assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "../../src/checksum.ts";
import { numEntities } from "../../src/example.ts";
import { preprocessVg5k } from "../../src/preprocess/preprocess_vg5k.ts";
import { readVg5k, splitVg5k } from "../../src/preprocess/read_vg5k.ts";
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

Deno.test("preprocessVg5k() says which file is missing and what to do", async () => {
  const raw = await Deno.makeTempDir();
  await assertRejects(
    () => preprocessVg5k({ raw, out: `${raw}/out`, command: "none" }),
    RangeError,
    `Cannot preprocess "vg5k" as "${raw}/objects.json" is missing: run "deno task download vg5k" first`,
  );
  await Deno.remove(raw, { recursive: true });
});

const VG5K = `${DATA}/vg5k`;

Deno.test("preprocessVg5k() makes the three splits of the published files", {
  ignore: isMissing(VG5K),
}, async () => {
  const out = await Deno.makeTempDir();
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
  await Deno.remove(out, { recursive: true });
});

Deno.test("readVg5k() has detections for every image with boxes", {
  ignore: isMissing(VG5K),
}, async () => {
  const { images, detections } = await readVg5k(VG5K);
  const all = Object.values(images).flat();
  assertEquals(all.filter(({ id }) => !detections.has(id)), []);
  assertEquals(all.every((image) => numEntities(image) > 0), true);
  assertEquals(detections.size, 4881);
});
