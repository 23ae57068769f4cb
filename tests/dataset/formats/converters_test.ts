import { assertEquals } from "@std/assert";
import {
  convertCocoRelations,
  isCocoRelations,
} from "../../../src/dataset/formats/coco_relations.ts";
import { convertPsg, isPsg } from "../../../src/dataset/formats/psg_json.ts";
import { Problems } from "../../../src/dataset/formats/user_json.ts";

/** The example of SGG-Benchmark's docs/ANNOTATIONS.md, completed; ids have gaps. */
const coco = () => ({
  info: {},
  categories: [{ id: 5, name: "cup" }, { id: 1, name: "man", supercategory: "none" }],
  rel_categories: [{ id: 4, name: "holding" }, { id: 0, name: "above" }],
  images: [
    { id: 10, width: 640, height: 480, file_name: "a.jpg" },
    { id: 11, width: 50, height: 50, file_name: "b.jpg" },
  ],
  annotations: [
    { id: 100, image_id: 10, category_id: 5, bbox: [214, 133, 124, 125], area: 15500 },
    { id: 101, image_id: 11, category_id: 5, bbox: [-5, 10, 30, 60], iscrowd: 0 },
    { id: 102, image_id: 10, category_id: 1, bbox: [600, 0, 0, 10] },
  ],
  rel_annotations: [
    { id: 0, subject_id: 102, predicate_id: 4, object_id: 100, image_id: 10 },
    { id: 1, subject_id: 102, predicate_id: 0, object_id: 100, image_id: 10 },
    { id: 2, subject_id: 100, predicate_id: 0, object_id: 100, image_id: 10 },
  ],
});

Deno.test("convertCocoRelations() returns boxes as corners and indices within each image", () => {
  const problems = new Problems();
  const result = convertCocoRelations([
    { name: "train.json", document: coco(), split: "train" },
    {
      name: "test.json",
      document: {
        ...coco(),
        images: [{ id: "x", width: 9, height: 9 }],
        annotations: [],
        rel_annotations: [],
      },
      split: "test",
    },
  ], problems)!;
  assertEquals(problems.count.errors, 0);
  assertEquals(result.header.vocabulary.toJSON(), {
    entities: ["man", "cup"],
    predicates: ["above", "holding"],
  });
  // b.jpg's box sticks out; the man's has no width; a cup is related with itself.
  const mended = { boxesCut: 1, boxesWidened: 1, selfRelations: 1 };
  assertEquals(result.mended, mended);
  assertEquals(result.header.mended, mended);
  assertEquals(result.images, [
    {
      split: "train",
      image: {
        id: "10",
        fileName: "a.jpg",
        width: 640,
        height: 480,
        boxes: Float32Array.of(214, 133, 338, 258, 599, 0, 600, 10),
        entityLabels: Int32Array.of(1, 0),
        relations: Int32Array.of(1, 0, 1, 1, 0, 0),
      },
    },
    {
      split: "train",
      image: {
        id: "11",
        fileName: "b.jpg",
        width: 50,
        height: 50,
        boxes: Float32Array.of(0, 10, 25, 50),
        entityLabels: Int32Array.of(1),
        relations: new Int32Array(),
      },
    },
    {
      split: "test",
      image: {
        id: "x",
        width: 9,
        height: 9,
        boxes: new Float32Array(),
        entityLabels: new Int32Array(),
        relations: new Int32Array(),
      },
    },
  ]);
});

// deno-lint-ignore no-explicit-any -- tests change any value
type Spoil = (document: any) => void;

Deno.test("convertCocoRelations() reports problems", () => {
  const cases: [string, string, Spoil][] = [
    ["categories", "is missing, it must be a list", (d) => delete d.categories],
    [
      "rel_categories",
      "must be a list of classes: found []",
      (d) => d.rel_categories = [],
    ],
    [
      "categories[1].id",
      "must be a whole number that no other class has: found 5",
      (d) => d.categories[1].id = 5,
    ],
    [
      "categories[0].name",
      `must be a name that no other class has: found "man"`,
      (d) => d.categories[0].name = "man",
    ],
    [
      "categories[0].name",
      "is missing, it must be a text",
      (d) => delete d.categories[0].name,
    ],
    [
      "images[0].width",
      "must be a number above 0: found 0",
      (d) => d.images[0].width = 0,
    ],
    [
      "annotations[1].image_id",
      "must be the id of an image: found 9",
      (d) => d.annotations[1].image_id = 9,
    ],
    [
      "annotations[0].category_id",
      "must be the id of a category: found 2",
      (d) => d.annotations[0].category_id = 2,
    ],
    [
      "annotations[2].bbox",
      "must be a list of 4 numbers, [left, top, width, height]: found [1]",
      (d) => d.annotations[2].bbox = [1],
    ],
    [
      "rel_annotations[0].object_id",
      "must be the id of an annotation: found 7",
      (d) => d.rel_annotations[0].object_id = 7,
    ],
    [
      "rel_annotations[0].predicate_id",
      "must be the id of a relation category: found 3",
      (d) => d.rel_annotations[0].predicate_id = 3,
    ],
    [
      "rel_annotations[0].object_id",
      "must be the id of an annotation of image 10: found 101",
      (d) => d.rel_annotations[0].object_id = 101,
    ],
    [
      "rel_annotations[0].object_id",
      "must be an annotation of the same image as the subject: found 101",
      (d) => {
        d.rel_annotations[0].object_id = 101;
        delete d.rel_annotations[0].image_id;
      },
    ],
  ];
  for (const [place, problem, spoil] of cases) {
    const problems = new Problems();
    const document = coco();
    spoil(document);
    assertEquals(
      convertCocoRelations([{ name: "c.json", document }], problems),
      undefined,
    );
    const [first] = problems.list;
    assertEquals([first.place, first.problem], [`"c.json": ${place}`, problem]);
  }
  const problems = new Problems();
  const other = { ...coco(), rel_categories: [{ id: 0, name: "on" }] };
  convertCocoRelations([
    { name: "a.json", document: coco() },
    { name: "c.json", document: other },
  ], problems);
  assertEquals(problems.list.map(({ place, problem }) => `${place} ${problem}`), [
    `"c.json": rel_categories must be the classes of "a.json", or some of them: id 0 is "on" here and "above" there: found [{...}]`,
  ]);
  const again = new Problems();
  const twice = [{ name: "a.json", document: coco() }, {
    name: "b.json",
    document: coco(),
  }];
  convertCocoRelations(twice, again);
  assertEquals(
    again.list.slice(0, 2).map(({ place, problem }) => `${place} ${problem}`),
    [
      `"b.json": images[0].id must be an id other than that of "a.json": images[0].id: found 10`,
      `"b.json": images[1].id must be an id other than that of "a.json": images[1].id: found 11`,
    ],
  );
});

const psg = () => ({
  thing_classes: ["man", "cup"],
  stuff_classes: ["sky"],
  predicate_classes: ["on", "under"],
  test_image_ids: ["2"],
  data: [
    {
      image_id: "1",
      file_name: "1.jpg",
      width: 100,
      height: 50,
      annotations: [
        { bbox: [0, 0, 20, 30], bbox_mode: 0, category_id: 2 },
        { bbox: [10, 10, 120, 30], bbox_mode: 1, category_id: 0 },
      ],
      segments_info: [],
      relations: [[0, 1, 1], [1, 0, 0], [1, 1, 0]],
    },
    { image_id: 2, width: 9, height: 9, annotations: [], relations: [] },
  ],
});

Deno.test("convertPsg() reads things and stuff, both kinds of boxes, and the test images", () => {
  const problems = new Problems();
  const { header, images, mended } = convertPsg(psg(), "psg.json", problems)!;
  assertEquals(problems.count.errors, 0);
  assertEquals(header.vocabulary.toJSON(), {
    entities: ["man", "cup", "sky"],
    predicates: ["on", "under"],
  });
  assertEquals(mended, { boxesCut: 1, selfRelations: 1 });
  assertEquals(images[0], {
    split: "train",
    image: {
      id: "1",
      fileName: "1.jpg",
      width: 100,
      height: 50,
      boxes: Float32Array.of(0, 0, 20, 30, 10, 10, 100, 40),
      entityLabels: Int32Array.of(2, 0),
      relations: Int32Array.of(0, 1, 1, 1, 0, 0),
    },
  });
  assertEquals([images[1].split, images[1].image.id], ["test", "2"]);
});

Deno.test("convertPsg() reports problems", () => {
  const cases: [string, string, Spoil][] = [
    [
      "thing_classes",
      "is missing, it must be a list of names",
      (d) => delete d.thing_classes,
    ],
    [
      "thing_classes[1]",
      `must be a name other than thing_classes[0]: found "man"`,
      (d) => d.thing_classes[1] = "man",
    ],
    [
      "predicate_classes",
      "must be a list of names: found []",
      (d) => d.predicate_classes = [],
    ],
    [
      "data[1].image_id",
      `must be an id other than that of "p.json": data[0].image_id: found "1"`,
      (d) => d.data[1].image_id = "1",
    ],
    [
      "data[0].height",
      "is missing, it must be a number above 0",
      (d) => delete d.data[0].height,
    ],
    [
      "data[0].annotations[0].category_id",
      "must be a whole number in [0, 3): found 3",
      (d) => d.data[0].annotations[0].category_id = 3,
    ],
    [
      "data[0].annotations[1].bbox_mode",
      "must be a whole number in [0, 2): found 2",
      (d) => d.data[0].annotations[1].bbox_mode = 2,
    ],
    [
      "data[0].relations[0]",
      "must be a list of 3 parts, [subject, object, predicate]: found [0]",
      (d) => d.data[0].relations[0] = [0],
    ],
    [
      "data[0].relations[0][1]",
      "must be a whole number in [0, 2): found 2",
      (d) => d.data[0].relations[0] = [0, 2, 0],
    ],
  ];
  for (const [place, problem, spoil] of cases) {
    const problems = new Problems();
    const document = psg();
    spoil(document);
    assertEquals(convertPsg(document, "p.json", problems), undefined);
    const [first] = problems.list;
    assertEquals([first.place, first.problem], [`"p.json": ${place}`, problem]);
  }
});

Deno.test("isCocoRelations() and isPsg() tell the formats apart", () => {
  for (const [document, expected] of [[coco(), [true, false]], [psg(), [false, true]]]) {
    assertEquals([isCocoRelations(document), isPsg(document)], expected);
  }
  for (const document of [null, 3, [], {}, { images: [] }]) {
    assertEquals([isCocoRelations(document), isPsg(document)], [false, false]);
  }
});
