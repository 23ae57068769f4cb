import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type JsonFile,
  readVg5kImages,
  readVg5kNames,
} from "../../../src/dataset/formats/vg5k.ts";
import { readVg5kCounts } from "../../../src/dataset/formats/vg5k_counts.ts";
import { checkExample } from "../../../src/example.ts";
import { ForeignRules } from "../../../src/foreign/rules.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

const json = (name: string, value: unknown): JsonFile => ({
  name,
  text: JSON.stringify(value),
});
const OBJECTS = ["airplane", "background", "jean", "man", "plane"];
const PREDICATES = ["on", "wear", "rid", "on top of", "wear a"];
const NAMES = readVg5kNames(json("o.json", OBJECTS), json("p.json", PREDICATES));

Deno.test("readVg5kNames() merges classes and predicates, and leaves background out", () => {
  assertEquals(NAMES.vocabulary.entities, ["airplane", "jeans", "man"]);
  assertEquals(NAMES.classes, [0, -1, 1, 2, 0]);
  assertEquals(NAMES.vocabulary.predicates, ["on", "wearing", "riding"]);
  assertEquals(NAMES.predicates, [0, 1, 2, 0, 1]);
});

const object = (cls: number, bbox: number[]) => ({ cls, bbox });
const relation = (sub: number, obj: number, pred: number[]) => ({ sub, obj, pred });
const MAN = object(3, [10, 20, 30, 400]);
const PLANE = object(4, [0, 0, 600, 50]);
const SKY = object(1, [0, 0, 640, 50]);

const read = (...entries: unknown[]) =>
  readVg5kImages(json("annos.json", entries), NAMES);
const readOne = (objs: unknown, rels: unknown, path: unknown = "VG_100K/7.jpg") =>
  read([path, { objs, rels }]);

Deno.test("readVg5kImages() takes the size from the boxes, also from those it leaves out", () => {
  const { images, counts } = readOne(
    [SKY, MAN, PLANE],
    [
      relation(1, 2, [0, 3, 2]), // "on" and "on top of" are one
      relation(1, 2, [3]), // a repeated row counts again
      relation(1, 0, [0]), // of background
      relation(1, 1, [1, 4]), // of itself
    ],
  );
  assertEquals(images, [{
    id: "7",
    fileName: "VG_100K/7.jpg",
    width: 640,
    height: 400,
    boxes: Float32Array.of(10, 20, 30, 400, 0, 0, 600, 50),
    entityLabels: Int32Array.of(2, 0),
    relations: Int32Array.of(0, 1, 0, 0, 1, 2, 0, 1, 0),
  }]);
  assertEquals(counts, {
    missingImages: 0,
    emptyImages: 0,
    boxes: 3,
    relations: 4,
    backgroundBoxes: 1,
    backgroundRelations: 1,
    selfRelations: 1,
  });
});

Deno.test("readVg5kImages() keeps the place of empty and missing images", () => {
  const nothing = { objs: [], rels: [] };
  const { images, counts } = read([null, null], ["VG_100K_2/12.jpg", nothing]);
  assertEquals(images.map((image) => image?.id), [undefined, "12"]);
  assertEquals([images[1]?.width, images[1]?.height], [320, 240]);
  assertEquals([counts.missingImages, counts.emptyImages], [1, 1]);
});

Deno.test("readVg5kImages() mends a box without an area, and one that begins before 0", () => {
  const rules = new ForeignRules();
  const objs = [object(3, [10, 20, 10, 60]), object(3, [-1, 0, 50, 60])];
  const file = json("annos.json", [["VG_100K/7.jpg", { objs, rels: [] }]]);
  const { images: [image] } = readVg5kImages(file, NAMES, rules);
  checkExample(image!, NAMES.vocabulary);
  assertEquals([...image!.boxes.subarray(4)], [0, 0, 50, 60]);
  assertEquals(rules.counts, { boxesCut: 1, boxesWidened: 1 });
});

const REFUSED: [string, () => unknown, typeof SyntaxError | typeof RangeError, string][] =
  [
    [
      "a file that is no list",
      () => readVg5kImages(json("annos.json", {}), NAMES),
      SyntaxError,
      'Cannot read "annos.json": it must be a list: found {...}',
    ],
    [
      "an entry without annotations",
      () => read(["VG_100K/7.jpg"]),
      SyntaxError,
      "[0] must be a list of 2 values, path and annotations",
    ],
    [
      "a path without a number",
      () => readOne([], [], "VG_100K/a.jpg"),
      RangeError,
      "[0][0] must be a path that ends in a number and an extension",
    ],
    [
      "two images of one number",
      () => {
        const nothing = { objs: [], rels: [] };
        return read(["VG_100K/7.jpg", nothing], ["VG_100K_2/7.jpg", nothing]);
      },
      RangeError,
      '[1][0] must be a path with a number of its own: found "VG_100K_2/7.jpg"',
    ],
    [
      "an unknown class",
      () => readOne([object(5, [0, 0, 1, 1])], []),
      RangeError,
      "[0][1].objs[0].cls must be a whole number in [0, 5): found 5",
    ],
    [
      "a box of three numbers",
      () => readOne([object(3, [0, 0, 1])], []),
      SyntaxError,
      "[0][1].objs[0].bbox must be a list of 4 numbers, [x1, y1, x2, y2]: found [0,0,1]",
    ],
    [
      "a reversed box",
      () => readOne([object(3, [9, 0, 1, 9])], []),
      RangeError,
      "[0][1].objs[0].bbox must be",
    ],
    [
      "a relation of an entity that is not there",
      () => readOne([MAN], [relation(0, 1, [0])]),
      RangeError,
      "[0][1].rels[0].obj must be a whole number in [0, 1): found 1",
    ],
    [
      "an unknown predicate",
      () => readOne([MAN, PLANE], [relation(0, 1, [5])]),
      RangeError,
      "[0][1].rels[0].pred[0] must be a whole number in [0, 5): found 5",
    ],
  ];
for (const [what, run, errorClass, message] of REFUSED) {
  Deno.test(`readVg5kImages() refuses ${what}`, () => {
    assertThrows(run, errorClass, message);
  });
}

Deno.test("readVg5kCounts() adds up what is merged and leaves background out", () => {
  const file = json("counts.json", {
    "[4, 3, 0]": 2, // plane on man
    "[0, 3, 3]": 5, // airplane on top of man
    "[3, 0, 0]": 1,
    "[3, 2, 1]": 7, // man wear jean
    "[3, 2, 4]": 1, // man wear a jean
    "[3, 1, 0]": 9, // man on background
  });
  assertEquals(readVg5kCounts(file, NAMES), {
    subjects: Int32Array.of(0, 2, 2),
    objects: Int32Array.of(2, 0, 1),
    predicates: Int32Array.of(0, 0, 1),
    counts: Int32Array.of(7, 1, 8),
  });
});

Deno.test("readVg5kCounts() refuses keys and counts of another form", () => {
  const counts = (value: unknown) => () => readVg5kCounts(json("c.json", value), NAMES);
  assertThrows(counts([]), SyntaxError, 'Cannot read "c.json": it must be an object');
  assertThrows(
    counts({ "[0, 0]": 1 }),
    SyntaxError,
    'Cannot read "c.json": the key "[0, 0]": it must be a list of 3 indices',
  );
  assertThrows(
    counts({ "[0, 5, 0]": 1 }),
    RangeError,
    'Cannot use "c.json": the key "[0, 5, 0]": [1] must be a whole number in [0, 5)',
  );
  assertThrows(
    counts({ "[0, 0, 0]": 0 }),
    RangeError,
    '"[0, 0, 0]"] must be a whole number >= 1: found 0',
  );
});

const VG5K = `${DATA}/vg5k`;
const isVg5kMissing = isMissing(VG5K);
const published = (name: string): JsonFile => ({
  name,
  text: Deno.readTextFileSync(`${VG5K}/${name}`),
});
const publishedNames = () =>
  readVg5kNames(published("objects.json"), published("predicates.json"));

Deno.test("readVg5kNames() merges as the independent table of the data does", {
  ignore: isVg5kMissing,
}, () => {
  const { vocabulary, predicates } = publishedNames();
  assertEquals([vocabulary.numEntityClasses, vocabulary.noRelation], [148, 35]);
  const raw: string[] = JSON.parse(published("predicates.json").text);
  const table = JSON.parse(published("predicates-merged.json").text);
  const merged = raw.map((name, i) => [name, vocabulary.predicates[predicates[i]]]);
  assertEquals(Object.fromEntries(merged), table);
});

Deno.test("readVg5kImages() finds the counts of the published files", {
  ignore: isVg5kMissing,
}, () => {
  const names = publishedNames();
  const { images, counts } = readVg5kImages(
    published("data_annos_img_test.json"),
    names,
  );
  // The counts of the README beside the data, and of its background: 205 boxes.
  assertEquals(images.length, 5000);
  assertEquals([counts.missingImages, counts.emptyImages], [115, 477]);
  assertEquals([counts.boxes, counts.relations], [50155, 41114]);
  const used = images.filter((image) => image !== undefined && image.boxes.length > 0);
  assertEquals(used.length, 4408);
  let boxes = 0, relations = 0;
  for (const image of used) {
    assert(image !== undefined);
    checkExample(image, names.vocabulary);
    assert(image.width >= 320 && image.height >= 240);
    boxes += image.entityLabels.length;
    relations += image.relations.length / 3;
  }
  assertEquals(boxes, counts.boxes - counts.backgroundBoxes);
  assertEquals(relations, counts.relations - counts.backgroundRelations);
});

Deno.test("readVg5kCounts() finds the counts of the published files", {
  ignore: isVg5kMissing,
}, () => {
  const file = published("tuples-counts_train.json");
  const names = publishedNames();
  const { vocabulary } = names;
  const found = readVg5kCounts(file, names);
  const of = (name: string) => {
    const index = vocabulary.predicateIndex(name);
    return found.counts.reduce(
      (sum, count, i) => sum + (found.predicates[i] === index ? count : 0),
      0,
    );
  };
  // Those of background are added, as the published sums have them.
  const background: Record<string, number> = {};
  const raw: string[] = JSON.parse(published("predicates.json").text);
  const table = JSON.parse(published("predicates-merged.json").text);
  const classes: string[] = JSON.parse(published("objects.json").text);
  for (const [key, count] of Object.entries<number>(JSON.parse(file.text))) {
    const [subject, object, predicate] = JSON.parse(key);
    if (![subject, object].some((index) => classes[index] === "background")) continue;
    const name = table[raw[predicate]];
    background[name] = (background[name] ?? 0) + count;
  }
  const sum = (name: string) => of(name) + (background[name] ?? 0);
  assertEquals(
    ["on", "has", "in", "wearing", "of", "near", "next to", "riding"].map(sum),
    [293439, 122500, 93397, 76989, 67953, 19354, 13517, 5055],
  );
  const total = found.counts.reduce((sum, count) => sum + count, 0);
  const left = Object.values(background).reduce((sum, count) => sum + count, 0);
  assertEquals(total + left, 821166);
});
