import { assertEquals, assertThrows } from "@std/assert";
import {
  type JsonFile,
  readVrdImages,
  readVrdVocabulary,
} from "../../../src/dataset/formats/vrd_json.ts";
import { checkExample } from "../../../src/example.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

const json = (name: string, value: unknown): JsonFile => ({
  name,
  text: JSON.stringify(value),
});
const NAMES = ["person", "hat", "dog"];
const VOCABULARY = readVrdVocabulary(json("o", NAMES), json("p", ["on", "wear"]));
const PERSON = { category: 0, bbox: [10, 60, 20, 40] };
const HAT = { category: 1, bbox: [5, 15, 22, 38] };

function read(rows: unknown, size: unknown = { width: 100, height: 80 }) {
  return readVrdImages(
    json("rows.json", { "a.jpg": rows }),
    json("sizes.json", { "a.jpg": size }),
    VOCABULARY,
  )[0];
}

Deno.test("readVrdImages() merges mentions of one entity and keeps every row", () => {
  const image = read([
    { subject: PERSON, predicate: 1, object: HAT },
    { subject: HAT, predicate: 0, object: PERSON },
    { subject: HAT, predicate: 0, object: PERSON },
    { subject: HAT, predicate: 1, object: PERSON },
    { subject: { ...HAT, category: 2 }, predicate: 0, object: HAT },
  ]);
  assertEquals(image, {
    id: "a.jpg",
    width: 100,
    height: 80,
    // [ymin, ymax, xmin, xmax] has become [xmin, ymin, xmax, ymax].
    boxes: Float32Array.of(20, 10, 40, 60, 22, 5, 38, 15, 22, 5, 38, 15),
    entityLabels: Int32Array.of(0, 1, 2),
    relations: Int32Array.of(0, 1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 2, 1, 0),
  });
});

Deno.test("readVrdImages() gives an entity related with itself one twin", () => {
  const image = read([
    { subject: PERSON, predicate: 0, object: PERSON },
    { subject: PERSON, predicate: 1, object: PERSON },
    { subject: PERSON, predicate: 1, object: HAT },
  ]);
  assertEquals(image.entityLabels, Int32Array.of(0, 0, 1));
  assertEquals(image.boxes.subarray(0, 4), image.boxes.subarray(4, 8));
  assertEquals(image.relations, Int32Array.of(0, 1, 0, 0, 1, 1, 0, 2, 1));
});

Deno.test("readVrdImages() cuts boxes to the image, but for the published one no more than a part", () => {
  const image = read([
    {
      subject: { category: 0, bbox: [-1, 60, 20, 101] },
      predicate: 0,
      object: { category: 1, bbox: [72, 82, 80, 99] },
    },
  ]);
  assertEquals(image.boxes, Float32Array.of(20, 0, 100, 60, 80, 72, 99, 80));
  checkExample(image, VOCABULARY);
  const id = "9210906893_4102aa74c8_b.jpg";
  const outside = [{
    subject: { category: 0, bbox: [964, 1023, 174, 224] },
    predicate: 0,
    object: HAT,
  }];
  const readAs = (id: string) =>
    readVrdImages(
      json("rows.json", { [id]: outside }),
      json("sizes.json", { [id]: { width: 500, height: 374 } }),
      VOCABULARY,
    )[0];
  assertEquals(readAs(id).boxes.subarray(0, 4), Float32Array.of(174, 373, 224, 374));
  assertThrows(() => readAs("a.jpg"), RangeError, "1 of 2 boxes lie outside of it");
});

Deno.test("readVrdImages() keeps an image without relations", () => {
  const image = read([]);
  assertEquals([image.entityLabels.length, image.relations.length], [0, 0]);
});

Deno.test("readVrdImages() finds a size that is listed under another extension", () => {
  const [image] = readVrdImages(
    json("rows.json", { "a.b.jpg": [] }),
    json("sizes.json", { "a.c.jpg": {}, "a.b.gif": { width: 3, height: 4 } }),
    VOCABULARY,
  );
  assertEquals([image.id, image.width, image.height], ["a.b.jpg", 3, 4]);
});

const row = { subject: PERSON, predicate: 0, object: HAT };
const REFUSED: [string, unknown, typeof SyntaxError | typeof RangeError, string][] = [
  [
    "rows that are no list",
    {},
    SyntaxError,
    `Cannot read "rows.json": ["a.jpg"] must be a list: found {...}`,
  ],
  [
    "a row that is no object",
    [row, 7],
    SyntaxError,
    `Cannot read "rows.json": ["a.jpg"][1] must be an object: found 7`,
  ],
  [
    "a missing object",
    [{ ...row, object: undefined }],
    SyntaxError,
    `["a.jpg"][0].object is missing, it must be an object`,
  ],
  [
    "a class outside the vocabulary",
    [{ ...row, object: { ...HAT, category: 3 } }],
    RangeError,
    `Cannot use "rows.json": ["a.jpg"][0].object.category must be a whole number in [0, 3): found 3`,
  ],
  [
    "a predicate outside the vocabulary",
    [{ ...row, predicate: 2 }],
    RangeError,
    `["a.jpg"][0].predicate must be a whole number in [0, 2): found 2`,
  ],
  [
    "a missing predicate",
    [{ ...row, predicate: undefined }],
    SyntaxError,
    `["a.jpg"][0].predicate is missing, it must be a whole number in [0, 2)`,
  ],
  [
    "a box of three numbers",
    [{ ...row, subject: { category: 0, bbox: [1, 2, 3] } }],
    SyntaxError,
    `["a.jpg"][0].subject.bbox must be a list of 4 numbers, [ymin, ymax, xmin, xmax]: found [1,2,3]`,
  ],
  [
    "a reversed box",
    [{ ...row, subject: { category: 0, bbox: [1, 9, 5, 4] } }],
    RangeError,
    `subject.bbox must be [ymin, ymax, xmin, xmax] with ymin < ymax and xmin < xmax: found [1,9,5,4]`,
  ],
];
for (const [what, rows, errorClass, message] of REFUSED) {
  Deno.test(`readVrdImages() refuses ${what}`, () => {
    assertThrows(() => read(rows), errorClass, message);
  });
}

Deno.test("readVrdImages() refuses files of the wrong form", () => {
  const sizes = json("sizes.json", {});
  const readFile = (annotations: JsonFile) =>
    readVrdImages(annotations, sizes, VOCABULARY);
  assertThrows(
    () => readFile({ name: "cut.json", text: '{"a.jpg": [' }),
    SyntaxError,
    'Cannot read "cut.json": it is not JSON (',
  );
  assertThrows(
    () => readFile(json("list.json", [1])),
    SyntaxError,
    'Cannot read "list.json": it must be an object: found [1]',
  );
  assertThrows(
    () => readFile(json("rows.json", { "a.jpg": [] })),
    RangeError,
    'Cannot use "sizes.json": it must have the size of image "a.jpg"',
  );
  assertThrows(
    () => read([], { width: 0, height: 5 }),
    RangeError,
    'Cannot use "sizes.json": ["a.jpg"].width must be a number >= 1: found 0',
  );
  assertThrows(
    () => read([], 7),
    SyntaxError,
    'Cannot read "sizes.json": ["a.jpg"] must be an object: found 7',
  );
  assertThrows(
    () => read([], { width: 5 }),
    SyntaxError,
    '["a.jpg"].height is missing, it must be a number >= 1',
  );
});

Deno.test("readVrdVocabulary() refuses a file that is not a list of names", () => {
  assertThrows(
    () => readVrdVocabulary(json("objects.json", { a: 1 }), json("p.json", ["on"])),
    SyntaxError,
    'Cannot read "objects.json": it must be a list of names: found {...}',
  );
  assertThrows(
    () => readVrdVocabulary(json("o.json", ["a"]), json("p.json", ["on", 1])),
    SyntaxError,
    'Cannot read "p.json": [1] must be a name: found 1',
  );
});

const VRD = `${DATA}/vrd`;
Deno.test("readVrdImages() finds the published counts in the published files", {
  ignore: isMissing(VRD),
}, () => {
  const file = (name: string): JsonFile => ({
    name,
    text: Deno.readTextFileSync(`${VRD}/${name}`),
  });
  const vocabulary = readVrdVocabulary(file("objects.json"), file("predicates.json"));
  assertEquals([vocabulary.numEntityClasses, vocabulary.noRelation], [100, 70]);
  // The numbers of the table in data/README.md. Twins are extra entities, one for each
  // distinct entity that is related with itself.
  const published = {
    train: { images: 4000, withRelations: 3780, rows: 30355, distinct: 29861 },
    test: { images: 1000, withRelations: 955, rows: 7638, distinct: 7478 },
  };
  const entities = { train: 26430, test: 6735 };
  const types = { train: 6672, test: 2747 };
  for (const split of ["train", "test"] as const) {
    const images = readVrdImages(
      file(`annotations_${split}.json`),
      file(`${split}_image_metadata.json`),
      vocabulary,
    );
    const triplets = new Set<string>();
    let rows = 0, distinct = 0, withRelations = 0, distinctEntities = 0;
    for (const image of images) {
      checkExample(image, vocabulary);
      const seen = new Set<string>();
      for (let r = 0; r < image.relations.length; r += 3) {
        const [subject, object, predicate] = image.relations.subarray(r, r + 3);
        seen.add(`${subject} ${object} ${predicate}`);
        const { entityLabels } = image;
        triplets.add(`${entityLabels[subject]} ${predicate} ${entityLabels[object]}`);
      }
      rows += image.relations.length / 3;
      distinct += seen.size;
      withRelations += Number(seen.size > 0);
      distinctEntities += new Set(
        Array.from(
          image.entityLabels,
          (label, i) => `${label} ${image.boxes.subarray(4 * i, 4 * i + 4)}`,
        ),
      ).size;
    }
    assertEquals(
      { images: images.length, withRelations, rows, distinct },
      published[split],
    );
    assertEquals(distinctEntities, entities[split]);
    assertEquals(triplets.size, types[split]);
  }
});
