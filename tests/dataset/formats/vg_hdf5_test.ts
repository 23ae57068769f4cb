import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkExample } from "../../../src/example.ts";
import {
  readVgHdf5,
  type VgDataset,
  type VgFiles,
  type VgOptions,
} from "../../../src/dataset/formats/vg_hdf5.ts";
import { Hdf5Reader } from "../../../src/io/hdf5.ts";
import { DATA, isMissing } from "../../_fixtures.ts";
import { type VgImage, writeHdf5, writeVg } from "./_vg_writer.ts";

const samples = new URL("./samples/", import.meta.url);

// All tests share one worker, which takes a tenth of a second to start.
const reader = new Hdf5Reader();
Deno.test.afterAll(() => reader.close());
const readVg = (files: VgFiles, options: VgOptions = {}) =>
  readVgHdf5(files, { ...options, reader });

const dicts = {
  name: "VG-SGG-dicts.json",
  text: JSON.stringify({
    idx_to_label: { "1": "cup", "2": "table", "3": "man" },
    idx_to_predicate: { "1": "on", "2": "near" },
  }),
};
const imageData = {
  name: "image_data.json",
  text: JSON.stringify([
    { image_id: 7, width: 512, height: 384 },
    { image_id: 8, width: 100, height: 100 },
    { image_id: 9, width: 1024, height: 1024 },
    { image_id: "a", width: 1024, height: 2048 },
  ]),
};

const kinds = [
  "old_contiguous",
  "old_packed",
  "latest_contiguous",
  "latest_packed",
  "big_endian",
  "int64",
];
for (const kind of kinds) {
  Deno.test(`readVgHdf5() reads what h5py wrote: ${kind}`, async () => {
    const bytes = await Deno.readFile(new URL(`${kind}.h5`, samples));
    const files = { annotations: { name: `${kind}.h5`, bytes }, dicts, imageData };
    const { vocabulary, images, annotated, leftOut } = await readVg(files);
    assertEquals(vocabulary.toJSON(), {
      entities: ["cup", "table", "man"],
      predicates: ["on", "near"],
    });
    assertEquals(annotated, { images: 4, entities: 7, relations: 4 });
    assertEquals(Object.values(leftOut), [0, 0, 0, 0, 0]);
    // The scale of the first image is 512 / 1024: its boxes [0, 0, 200, 400], all of it,
    // and [549.5, 274.5, 650.5, 325.5] halve.
    assertEquals(images.train.map(plain), [
      {
        id: "7",
        width: 512,
        height: 384,
        boxes: [0, 0, 100, 200, 0, 0, 512, 384, 274.75, 137.25, 325.25, 162.75],
        entityLabels: [0, 1, 2],
        relations: [0, 1, 0, 0, 1, 1, 2, 0, 0],
      },
      { id: "8", width: 100, height: 100, boxes: [], entityLabels: [], relations: [] },
    ]);
    assertEquals(images.validation, []);
    assertEquals(images.test.map(plain)[0].boxes, [
      ...[462, 462, 562, 562],
      ...[0, 0, 600, 600],
    ]);
    // The longer side, 2048, is twice 1024: [160, 955, 240, 1045] and [0, 0, 100, 120].
    assertEquals(images.test.map(plain)[1], {
      id: "a",
      width: 1024,
      height: 2048,
      boxes: [320, 1910, 480, 2048, 0, 0, 200, 240],
      entityLabels: [1, 2],
      relations: [1, 0, 1],
    });
  });
}

function plain(image: VgDataset["images"]["train"][number]) {
  const { boxes, entityLabels, relations, ...rest } = image;
  return {
    ...rest,
    boxes: [...boxes],
    entityLabels: [...entityLabels],
    relations: [...relations],
  };
}

Deno.test("readVgHdf5() finds a flipped bit where the file has checksums", async () => {
  // Each chunk of the packed file has a Fletcher-32 checksum, and each header of the latest
  // format another one. Bits without a checksum, such as unused space, must not matter.
  const sound = await Deno.readFile(new URL("latest_packed.h5", samples));
  const read = (bytes: Uint8Array) =>
    readVg({ annotations: { name: "f.h5", bytes }, dicts, imageData });
  const expected = await read(sound);
  let found = 0;
  for (let at = 1; at < sound.length; at += 97) {
    const bytes = sound.slice();
    bytes[at] ^= 16;
    try {
      assertEquals(await read(bytes), expected, `byte ${at}`);
    } catch (error) {
      assert(error instanceof SyntaxError, `byte ${at}: ${error}`);
      found++;
    }
  }
  assert(found > 0);
});

const folder = `${DATA}/rs-mksgg`;
Deno.test({
  name: "readVgHdf5() reads RS-MKSGG with the counts of its README",
  ignore: isMissing(folder),
  async fn() {
    const text = async (name: string) => ({
      name,
      text: await Deno.readTextFile(`${folder}/${name}`),
    });
    const files: VgFiles = {
      annotations: {
        name: "VG-SGG.h5",
        bytes: await Deno.readFile(`${folder}/VG-SGG.h5`),
      },
      dicts: await text("VG-SGG-dicts.json"),
      imageData: await text("image_data.json"),
    };
    // With a new reader.
    const { vocabulary, images, annotated, leftOut } = await readVgHdf5(files, {
      validation: 0,
    });
    assertEquals(annotated, { images: 7306, entities: 101_156, relations: 110_772 });
    assertEquals([images.train.length, images.test.length], [5997, 1309]);
    assertEquals([vocabulary.entities.length, vocabulary.predicates.length], [30, 52]);
    const all = [...images.train, ...images.test];
    const sizes = all.map((image) => image.entityLabels.length).sort((a, b) => a - b);
    const ofRelations = all.map((image) => image.relations.length / 3);
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    assertEquals([sum(sizes), sizes.at(-1), sizes[3653]], [101_156, 466, 6]);
    assertEquals(sizes.filter((n) => n === 0).length, 2);
    // 1,269 rows join an entity with itself.
    assertEquals(sum(ofRelations) + leftOut.selfRelations, 110_772);
    assertEquals(leftOut.selfRelations, 1269);
    const labels = new Set(all.flatMap((image) => [...image.entityLabels]));
    assertEquals(labels.size, 30);
    assertEquals((sum(sizes) / 7306).toFixed(1), "13.8");
    // The file has 90,157 and 20,615 rows by split, and 2,891 images without rows. Without
    // the rows of an entity with itself, 43 more images have none.
    using reader = new Hdf5Reader();
    const arrays = await reader.read(files.annotations.bytes.slice(), "VG-SGG.h5", {
      names: ["split", "predicates", "img_to_first_rel", "img_to_last_rel"],
    });
    const { split, predicates, img_to_first_rel: first, img_to_last_rel: last } = arrays;
    const rows = Array.from(
      first.data as Int32Array,
      (start, i) => start < 0 ? 0 : Number(last.data[i]) - start + 1,
    );
    const ofSplit = (value: number) =>
      sum(rows.filter((_, i) => Number(split.data[i]) === value));
    assertEquals([ofSplit(0), ofSplit(2)], [90_157, 20_615]);
    assertEquals(rows.filter((count) => count === 0).length, 2891);
    const unrelated = ofRelations.filter((count) => count === 0).length;
    assertEquals(unrelated, 2891 + 43);
    assertEquals(new Set<unknown>(predicates.data).size, 48);
    for (const image of all) checkExample(image, vocabulary);

    const tenth = await readVg(files, { maxEntities: 100 });
    assertEquals(tenth.leftOut.largeImages, sizes.filter((n) => n > 100).length);
    // A tenth of the training images with relations, rounded.
    const related = images.train.filter((image) => image.relations.length > 0).length;
    const { validation } = (await readVg(files)).images;
    assertEquals(validation.length, Math.round(related / 10));
    assert(validation.every((image) => image.relations.length > 0));
  },
});

const one = { split: 0, boxes: [[100, 100, 50, 50], [500, 500, 80, 80]] };
const related = { ...one, relations: [[0, 1, 1]] };

Deno.test("readVgHdf5() takes the first training images with relations for validation", async () => {
  const images: VgImage[] = [
    one,
    ...new Array(20).fill(related),
    { ...related, split: 2 },
  ];
  const ids = (dataset: VgDataset) => dataset.images.validation.map(({ id }) => id);
  for (const gzip of [false, true]) {
    assertEquals(ids(await readVg(await writeVg(images, { gzip }))), ["2", "3"]);
  }
  const files = await writeVg(images);
  assertEquals(ids(await readVg(files, { validation: 1 })), ["2"]);
  const marked = await writeVg([...images, { ...one, split: 1 }]);
  assertEquals(ids(await readVg(marked)), ["23"]);
  assertEquals(ids(await readVg(marked, { validation: 1 })), ["2", "23"]);
  for (const validation of [21, -1, 0.5]) {
    await assertRejects(
      () => readVg(files, { validation }),
      RangeError,
      validation === 21
        ? "Cannot take 21 images for validation as only 20 training images have relations"
        : "validation must be an integer >= 0",
    );
  }
});

Deno.test("readVgHdf5() skips exactly the four corrupted images", async () => {
  const files = await writeVg([one, one]);
  const withIds = (ids: (number | string)[]) => ({
    ...files,
    imageData: {
      name: "image_data.json",
      text: JSON.stringify(ids.map((image_id) => ({ image_id, width: 10, height: 10 }))),
    },
  });
  const { images, leftOut } = await readVg(
    withIds([1591, 1592, 1722, 4616, "4617", 5000]),
  );
  assertEquals(images.train.map(({ id }) => id), ["1591", "5000"]);
  assertEquals(leftOut.corruptedImages, 4);
  const same = await readVg(withIds([1592, 1722]));
  assertEquals(same.images.train.map(({ id }) => id), ["1592", "1722"]);
  for (const ids of [[1, 2, 3], [1592, 1722, 4616, 1, 2], [1, 2, 3, 4, 5, 6], [1]]) {
    await assertRejects(
      () => readVg(withIds(ids)),
      RangeError,
      `it has ${ids.length} images, the annotations 2`,
    );
  }
  await assertRejects(() => readVg(withIds([3, "3"])), RangeError, `"3" twice`);
});

Deno.test("readVgHdf5() counts what it leaves out", async () => {
  const touching = { split: 0, boxes: [[100, 100, 50, 50], [150, 100, 50, 50]] };
  const files = await writeVg([
    { ...related, relations: [[0, 1, 1], [1, 1, 2]] },
    { ...touching, relations: [[0, 1, 1]] },
    { ...related, split: 2 },
    { split: 0, boxes: [[10, 10, 5, 5], [20, 20, 5, 5], [30, 30, 5, 5]] },
  ], { change: () => {} });
  const all = await readVg(files, { validation: 0 });
  assertEquals(all.images.train.map((image) => image.relations.length), [3, 3, 0]);
  assertEquals(all.leftOut.selfRelations, 1);
  // Boxes that are 1 apart at this scale touch, by the "+1 pixel" rule. Test images keep all
  // relations.
  const { images, leftOut } = await readVg(files, {
    validation: 0,
    overlapping: true,
    maxEntities: 2,
  });
  assertEquals(images.train.map(({ id }) => id), ["2"]);
  assertEquals(images.test.map((image) => image.relations.length), [3]);
  assertEquals(leftOut, {
    corruptedImages: 0,
    largeImages: 1,
    selfRelations: 1,
    apartRelations: 1,
    apartImages: 1,
  });
});

Deno.test("readVgHdf5() keeps boxes inside the image, at least a pixel thick", async () => {
  const { images, vocabulary, mended } = await readVg(
    await writeVg([{
      split: 2,
      width: 512,
      height: 256,
      boxes: [[50, 48, 100, 100], [980, 480, 100, 100], [512, 256, 0.5, 0]],
    }]),
  );
  const [image] = images.test;
  checkExample(image, vocabulary);
  // Half a pixel for 1 in the file; the last box is 255.875 to 256.125 by 128 to 128.
  const cut = [0, 0, 50, 49, 465, 215, 512, 256], thin = [255.125, 127, 256.125, 128];
  assertEquals([...image.boxes], [...cut, ...thin]);
  assertEquals(mended, { boxesCut: 2, boxesWidened: 1 });
});

Deno.test("readVgHdf5() refuses arrays that contradict each other", async () => {
  const cases: [string, (arrays: Record<string, number[]>) => void][] = [
    [`"split" must hold whole numbers in [0, 2]: found 3 at 0`, (a) => a.split[0] = 3],
    [`"labels" must hold whole numbers in [1, 3]: found 0 at 1`, (a) => a.labels[1] = 0],
    [`"labels" must hold whole numbers in [1, 3]: found 4 at 0`, (a) => a.labels[0] = 4],
    [
      `"predicates" must hold whole numbers in [1, 2]: found 3 at 0`,
      (a) => a.predicates[0] = 3,
    ],
    [
      `"relationships" must hold whole numbers in [0, 3]: found 4 at 1`,
      (a) => a.relationships[1] = 4,
    ],
    [
      `"relationships" has 4 numbers, not 2`,
      (a) => a.relationships.push(0, 1),
    ],
    [`"boxes_1024" has 12 numbers for 4 labels`, (a) => a.boxes_1024.splice(12)],
    [
      "box 0 must be [centre x, centre y, width, height] without a negative side: found [100,100,-1,50]",
      (a) => a.boxes_1024[2] = -1,
    ],
    [
      "box 1 must be [centre x, centre y, width, height] without a negative side: found [NaN",
      (a) => a.boxes_1024[4] = NaN,
    ],
    [
      "relation 0 of image 0 has a box of another image, 2",
      (a) => a.relationships[1] = 2,
    ],
    [
      `"img_to_first_box" of image 0 is -1, its last 1`,
      (a) => a.img_to_first_box[0] = -1,
    ],
    [`"img_to_first_box" of image 1 is 3, its last 2`, (a) => {
      a.img_to_first_box[1] = 3;
      a.img_to_last_box[1] = 2;
    }],
    [
      `the ranges of "img_to_first_box" overlap: 6 rows of 4`,
      (a) => a.img_to_last_box[0] = 3,
    ],
    [
      `"img_to_last_rel" must hold whole numbers in [-1, 0]: found 1 at 0`,
      (a) => a.img_to_last_rel[0] = 1,
    ],
    [`"img_to_last_box" has 1 numbers, not 2`, (a) => a.img_to_last_box.pop()],
  ];
  for (const [problem, change] of cases) {
    const files = await writeVg([related, one], { change });
    await assertRejects(() => readVg(files), RangeError, problem);
  }
});

Deno.test("readVgHdf5() refuses files that do not parse", async () => {
  const files = await writeVg([related]);
  const json = (key: "dicts" | "imageData", text: string) => ({
    ...files,
    [key]: { name: `${key}.json`, text },
  });
  const cases: [string, VgFiles][] = [
    ['"dicts.json": it is not JSON', json("dicts", "{")],
    ['"dicts.json": it must be an object: found []', json("dicts", "[]")],
    [
      'idx_to_label["1"] is missing, it must be a text',
      json("dicts", '{"idx_to_label": {"0": "a", "2": "b"}}'),
    ],
    [
      "idx_to_predicate is missing, it must be an object",
      json("dicts", '{"idx_to_label": {"1": "a"}}'),
    ],
    ['"imageData.json": it is not JSON', json("imageData", "")],
    ['"imageData.json": it must be a list', json("imageData", "{}")],
    [
      "[0].image_id is missing, it must be a text",
      json("imageData", '[{"width": 1, "height": 1}]'),
    ],
    [
      "[0].width is missing, it must be a number >= 1",
      json("imageData", '[{"image_id": 1, "height": 1}]'),
    ],
    ["[0] must be an object: found null", json("imageData", "[null]")],
    ["file signature not found", {
      ...files,
      annotations: { name: "f.h5", bytes: new Uint8Array(600).fill(1) },
    }],
    ['it has no data set "labels"', {
      ...files,
      annotations: { name: "f.h5", bytes: await writeHdf5({ boxes_1024: [1, 1, 1, 1] }) },
    }],
  ];
  for (const [problem, changed] of cases) {
    await assertRejects(() => readVg(changed), SyntaxError, problem);
  }
  await assertRejects(
    () => readVg(json("imageData", '[{"image_id": 1, "width": 0, "height": 1}]')),
    RangeError,
    'Cannot use "imageData.json": [0].width must be a number >= 1: found 0',
  );
});

Deno.test("Hdf5Reader refuses data that are not arrays of numbers, and works after a failure", async () => {
  using reader = new Hdf5Reader();
  const bytes = await writeHdf5({ a: [1, 2, 3], none: [] });
  const read = (names: string[]) => reader.read(bytes, "f.h5", { names });
  assertEquals((await read(["a"])).a, { shape: [3], data: Int32Array.of(1, 2, 3) });
  await assertRejects(
    () => read(["b"]),
    SyntaxError,
    'it has no data set "b", only a,none',
  );
  await assertRejects(
    () => reader.read(bytes.slice(0, -1), "cut.h5", { names: ["a"] }),
    SyntaxError,
    'Cannot read "cut.h5": truncated file',
  );
  assertEquals((await read(["none"])).none, { shape: [0], data: new Int32Array() });
  const optional = await reader.read(bytes, "f.h5", {
    names: ["a"],
    optionalNames: ["b", "none"],
  });
  assertEquals(Object.keys(optional), ["a", "none"]);
});

Deno.test("Hdf5Reader names the data set that it cannot read as an array", async () => {
  const bytes = await Deno.readFile(new URL("odd.h5", samples));
  const cases = {
    group: '"group" must be a data set',
    text: '"text" must hold numbers: found S',
    nothing: '"nothing" must have a shape',
    half: "Float16 not supported",
    huge: '"huge" claims 4000000000 bytes, its file has 6164',
  };
  for (const [name, problem] of Object.entries(cases)) {
    await assertRejects(
      () => reader.read(bytes, "odd.h5", { names: [name] }),
      SyntaxError,
      `Cannot read "odd.h5": ${problem}`,
    );
  }
});

Deno.test("readVgHdf5() says how it read boxes that fit in several ways", async () => {
  // The longer side of the image is 1024 in the numbers: half as much in pixels.
  const image = { split: 0, width: 512, height: 384, boxes: [[200, 300, 150, 200]] };
  const files = await writeVg([image]);
  const boxOf = ({ images }: VgDataset) => Array.from(images.train[0].boxes);
  const plainly = await readVg(files);
  assertEquals(boxOf(plainly), [62.5, 100, 137.5, 200]);
  assertEquals(plainly.boxes, {
    form: "centres",
    swappedSizes: false,
    alsoFit: ["swappedSizes", "sizes"],
  });
  assertEquals(plainly.warnings.length, 1);
  assert(
    plainly.warnings[0].includes("(--swap-sizes) and as [left, top, width, height]"),
  );
  const swapped = await readVg(files, { swapSizes: true });
  const { width, height } = swapped.images.train[0];
  assertEquals([width, height], [384, 512]);
  assertEquals(swapped.boxes.swappedSizes, true);
  assert(!swapped.warnings[0].includes("--swap-sizes"));
  const sized = await readVg(files, { boxForm: "sizes", swapSizes: true });
  assertEquals(boxOf(sized), [100, 150, 175, 250]);
  assertEquals(sized.warnings, []);
  // Corners that end before they begin are refused, with the form.
  await assertRejects(
    () => readVg(files, { boxForm: "corners" }),
    RangeError,
    "box 0 must be [left, top, right, bottom] without a negative side: found [200,300,150,200]",
  );
});
