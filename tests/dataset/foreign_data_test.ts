import { assertEquals, assertRejects } from "@std/assert";
import { convertAnnotations } from "../../src/dataset/convert.ts";
import type { BoxForm } from "../../src/foreign/box_forms.ts";
import { FOREIGN_READERS, type ForeignImage } from "./_foreign_readers.ts";

/** How each form writes a box. */
const WRITE: Record<BoxForm, (box: number[]) => number[]> = {
  corners: (box) => box,
  sizes: ([x1, y1, x2, y2]) => [x1, y1, x2 - x1, y2 - y1],
  centres: ([x1, y1, x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1],
  ranges: ([x1, y1, x2, y2]) => [y1, y2, x1, x2],
  rowsFirst: ([x1, y1, x2, y2]) => [y1, x1, y2, x2],
};

/** The longer side is 1024, so that VG-SGG's numbers are pixels. */
const SIZE = { width: 1024, height: 768 };
/** Different boxes that lie in the image. */
const inside = (count: number) =>
  Array.from({ length: count }, (_, i) => [100 + i, 200, 300, 400]);

type Case = [
  name: string,
  boxes: number[][],
  expected: { boxes: number[][]; mended?: object } | string,
  options?: { cutBoxes?: boolean; strict?: boolean },
  size?: Omit<ForeignImage, "boxes">,
];

const far = [990, 200, 1034, 400]; // 34 of its 44 pixels lie inside
const CASES: Case[] = [
  ["takes what lies inside", inside(3), { boxes: inside(3) }],
  [
    "cuts what sticks out a little, and counts it",
    [[-0.5, 200, 300, 400], [100, 200, 300, 768.25], ...inside(1)],
    {
      boxes: [[0, 200, 300, 400], [100, 200, 300, 768], ...inside(1)],
      mended: { boxesCut: 2 },
    },
  ],
  [
    "makes a box without width a pixel wide, inwards",
    [[1024, 200, 1024, 400], ...inside(1)],
    { boxes: [[1023, 200, 1024, 400], ...inside(1)], mended: { boxesWidened: 1 } },
  ],
  [
    "takes 5 of 100 boxes that stick out by more than two pixels",
    [...Array.from({ length: 5 }, (_, i) => [990, 200 + i, 1034, 400]), ...inside(95)],
    {
      boxes: [
        ...Array.from({ length: 5 }, (_, i) => [990, 200 + i, 1024, 400]),
        ...inside(95),
      ],
      mended: { boxesCut: 5 },
    },
  ],
  [
    "stops at 6 of 100",
    [...Array.from({ length: 6 }, (_, i) => [990, 200 + i, 1034, 400]), ...inside(94)],
    "must lie in the image: 6 of 100 boxes stick out by more than 2 pixels",
  ],
  ["takes one of few", [far, ...inside(1)], {
    boxes: [[990, 200, 1024, 400], ...inside(1)],
    mended: { boxesCut: 1 },
  }],
  [
    "stops at most of few",
    [far, [991, 200, 1034, 400], ...inside(1)],
    "2 of 3 boxes stick out by more than 2 pixels",
  ],
  [
    "stops where most of a box's area is gone",
    [[1000, 200, 1074, 400], ...inside(99)],
    "1 of 100 boxes have most of their area outside",
  ],
  [
    "cuts it all the same if it is told to",
    [[1000, 200, 1074, 400], ...inside(1)],
    { boxes: [[1000, 200, 1024, 400], ...inside(1)], mended: { boxesCut: 1 } },
    { cutBoxes: true },
  ],
  [
    "refuses a box of which nothing is left",
    [[1100, 200, 1200, 400], ...inside(99)],
    "1 of 100 boxes lie outside of it",
    { cutBoxes: true },
  ],
  [
    "names fractions of the image",
    [[0.1, 0.2, 0.5, 0.9], [0.3, 0.1, 1, 1]],
    "must be in pixels: 2 of 2 boxes lie within a single pixel",
  ],
  [
    "names swapped sizes",
    [[800, 100, 1000, 300], [700, 200, 900, 500]],
    "the likely cause: width and height of the images are swapped",
    {},
    { width: 768, height: 1024 },
  ],
  [
    "names another resolution",
    [[800, 700, 1500, 1000], [900, 100, 1707, 300]],
    "times as wide",
  ],
  [
    "refuses with strict what it would mend",
    [[-0.5, 200, 300, 400]],
    "boxes were cut to their image, first here",
    { strict: true },
  ],
];

for (const [name, { form, read }] of Object.entries(FOREIGN_READERS)) {
  for (const [what, boxes, expected, options, size = SIZE] of CASES) {
    Deno.test(`${name} ${what}`, async () => {
      const reading = read({ ...size, boxes: boxes.map(WRITE[form]) }, options);
      if (typeof expected === "string") {
        await assertRejects(() => reading, RangeError, expected);
      } else {
        const { boxes: found, mended } = await reading;
        assertEquals({ boxes: found, mended }, { mended: undefined, ...expected });
      }
    });
  }
}

for (
  const [name, meant, written] of [
    ["COCO's relations", "[left, top, right, bottom]", [[500, 100, 1000, 400]]],
    ["VG-SGG", "[left, top, right, bottom]", [[100, 100, 1000, 400]]],
    ["VG-SGG", "[left, top, width, height]", [[600, 2, 400, 698]]],
  ] as const
) {
  Deno.test(`${name} names boxes that are ${meant}`, async () => {
    const boxes = [...written, ...written].map((box) => [...box]);
    await assertRejects(
      () => FOREIGN_READERS[name].read({ ...SIZE, boxes }),
      RangeError,
      `the likely cause: the boxes are ${meant} and were read as`,
    );
  });
}

const coco = () => ({
  categories: [{ id: 1, name: "man" }, { id: 2, name: "horse" }, { id: 3, name: "hat" }],
  rel_categories: [{ id: 1, name: "riding" }, { id: 2, name: "wearing" }],
  images: [1, 2].map((id) => ({ id, width: 100, height: 100, file_name: `${id}.jpg` })),
  annotations: [
    { id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 30, 50] },
    { id: 2, image_id: 1, category_id: 2, bbox: [10, 40, 60, 50] },
    { id: 3, image_id: 2, category_id: 3, bbox: [10, 10, 20, 20] },
    { id: 4, image_id: 2, category_id: 1, bbox: [10, 20, 30, 70] },
  ],
  rel_annotations: [
    { image_id: 1, subject_id: 1, predicate_id: 1, object_id: 2 },
    { image_id: 2, subject_id: 4, predicate_id: 2, object_id: 3 },
  ],
});

// deno-lint-ignore no-explicit-any -- tests spoil what they like
type Spoil = (document: any) => void;

function convert(spoil: Spoil) {
  const document = coco();
  spoil(document);
  return convertAnnotations([{ name: "a.json", document }]);
}

Deno.test("ids that repeat among images are told apart by image_id, and counted", () => {
  const wanted = convert(() => {}).converted!;
  const { converted } = convert(({ annotations, rel_annotations }) => {
    annotations[2].id = 1;
    annotations[3].id = 2;
    Object.assign(rel_annotations[1], { subject_id: 2, object_id: 1 });
  });
  assertEquals(converted!.images, wanted.images);
  assertEquals(converted!.mended, { idsByImage: 4 });
});

Deno.test("ids that are missing, repeated or not exact are errors with their place", () => {
  const must = 'must be an id other than that of "a.json":';
  const cases: [place: string, problem: string, spoil: Spoil][] = [
    [
      "annotations[1].id",
      "is missing, it must be a text or a whole number",
      (d) => delete d.annotations[1].id,
    ],
    [
      "annotations[1].id",
      `${must} annotations[0].id in image 1`,
      (d) => d.annotations[1].id = 1,
    ],
    [
      "annotations[1].id",
      `${must} annotations[0].id in image 1`,
      (d) => d.annotations[1].id = "1",
    ],
    [
      "annotations[0].id",
      "must be exact, below 2^53",
      (d) => d.annotations[0].id = 2 ** 53,
    ],
    ["images[1].id", `${must} images[0].id`, (d) => d.images[1].id = 1],
    ["images[0].id", "is missing", (d) => delete d.images[0].id],
    [
      "rel_annotations[0].subject_id",
      "is missing",
      (d) => delete d.rel_annotations[0].subject_id,
    ],
    [
      "rel_annotations[1].object_id",
      "must be the id of an annotation of image 2",
      (d) => d.rel_annotations[1].object_id = 1,
    ],
    [
      "rel_annotations[0].subject_id",
      "must be an id that one annotation has alone",
      (d) => {
        d.annotations[2].id = 1;
        delete d.rel_annotations[0].image_id;
      },
    ],
  ];
  for (const [place, problem, spoil] of cases) {
    const { converted, problems } = convert(spoil);
    assertEquals(converted, undefined);
    const [first] = problems.list;
    assertEquals(first.place, `"a.json": ${place}`);
    assertEquals(first.problem.slice(0, problem.length), problem);
  }
});

Deno.test("class names lose spaces around them; look-alikes are warned of", () => {
  const { converted, problems } = convert((d) => {
    d.categories[1].name = " horse ";
    d.categories[2].name = "Man";
    d.rel_categories[0].name = "cafe\u0301";
    d.rel_categories[1].name = "caf\u00e9";
  });
  assertEquals(converted!.header.vocabulary.entities, ["man", "horse", "Man"]);
  assertEquals(converted!.mended, { namesTrimmed: 1 });
  assertEquals(problems.list.map(({ problem }) => problem), [
    'is "Man", which differs from "man" in upper and lower case only',
    'is "caf\u00e9", which differs from "cafe\u0301" in its Unicode form only',
    "1 class names were freed of spaces around them, first here",
  ]);
  const blank = convert((d) => d.categories[0].name = " ").problems.list[0];
  assertEquals(blank.problem, 'must be a name that is not blank: found " "');
});

Deno.test("a file may have some of the classes of another, under the same ids", () => {
  const other = coco();
  other.rel_categories.pop();
  other.images = [{ id: 7, width: 9, height: 9, file_name: "7.jpg" }];
  const { converted } = convertAnnotations([
    { name: "train.json", document: coco(), split: "train" },
    {
      name: "val.json",
      document: { ...other, annotations: [], rel_annotations: [] },
      split: "validation",
    },
  ]);
  assertEquals(converted!.header.vocabulary.predicates, ["riding", "wearing"]);
  assertEquals(converted!.images.map(({ image }) => image.fileName), [
    "1.jpg",
    "2.jpg",
    "7.jpg",
  ]);
});
