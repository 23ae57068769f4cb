import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { checkExample, type Example } from "../../../src/example.ts";
import {
  openUserJson,
  type Problem,
  Problems,
  type UserImage,
} from "../../../src/dataset/formats/user_json.ts";
import { userJsonText } from "../../../src/dataset/formats/user_json_text.ts";
import { anyExample, manOnHorse, VOCABULARY } from "../_examples.ts";

/** Reads a file in pieces of a few bytes. */
async function read(text: string, name = "data.json", seed?: number, strict = false) {
  const problems = new Problems();
  const bytes = new TextEncoder().encode(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const file = await openUserJson({ name, chunks }, problems, { seed, strict });
  const images: UserImage[] = [];
  for await (const image of file.images) images.push(image);
  return { header: file.header, images, problems };
}

const HEADER = {
  format: "scene-graph-dataset",
  version: 1,
  name: "mine",
  source: "my camera",
  licence: "CC0-1.0",
  entities: ["man", "horse"],
  predicates: ["on", "near"],
};
const IMAGE = {
  id: 7,
  split: "train",
  width: 100,
  height: 80,
  boxes: [[10, 0, 40, 60], [0, 20, 100, 80]],
  labels: ["man", 1],
  relations: [[0, 1, "on"], [1, 0, 1]],
};

Deno.test("openUserJson() reads an image with all keys, from JSON and from JSONL", async () => {
  const full = {
    ...IMAGE,
    entityLogits: [[1, -1], [0.5, 2]],
    relationLogits: [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]],
  };
  const json = JSON.stringify({ ...HEADER, images: [full] }, null, 1);
  const lines = `${JSON.stringify(HEADER)}\n\n${JSON.stringify(full)}`;
  for (
    const [text, name] of [[json, "a.json"], [lines, "a.jsonl"], [lines, "a.ndjson"]]
  ) {
    const { header, images, problems } = await read(text, name);
    assertEquals(problems.list, []);
    assertEquals(header!.vocabulary.toJSON(), VOCABULARY.toJSON());
    assertEquals([header!.name, header!.source, header!.licence], [
      "mine",
      "my camera",
      "CC0-1.0",
    ]);
    assertEquals(images, [{
      split: "train",
      image: manOnHorse({ id: "7", relations: Int32Array.of(0, 1, 0, 1, 0, 1) }),
    }]);
  }
});

Deno.test("openUserJson() reads the names of predict's input, too", async () => {
  const { width, height, labels, ...rest } = { ...IMAGE, scores: [0.75, 0.5] };
  const { scores, ...others } = rest;
  const given = {
    ...others,
    ...{ imageWidth: width, imageHeight: height },
    ...{ entityLabels: labels, entityScores: scores },
  };
  const [mine, theirs] = await Promise.all(
    [{ ...IMAGE, scores }, given].map((image) =>
      read(JSON.stringify({ ...HEADER, images: [image] }))
    ),
  );
  assertEquals(theirs.problems.list, []);
  assertEquals(theirs.images, mine.images);
  const both = await problemsOf({ entityLabels: ["man", "man"] });
  assertEquals(both.map(({ place, problem }) => [place, problem]), [[
    "images[0].entityLabels",
    'must be left out beside "labels", which is the same: found ["man","man"]',
  ]]);
});

Deno.test("openUserJson() turns scores of labels into logits", async () => {
  const scored = { ...IMAGE, detectedLabels: ["horse", "horse"], scores: [0.75, 1] };
  const { images } = await read(JSON.stringify({ ...HEADER, images: [scored] }));
  const [horse, other] = [Math.log(0.75), Math.log(0.25)].map(Math.fround);
  const logits = images[0].image.entityLogits!;
  assertEquals([...logits.subarray(0, 2)], [other, horse]);
  // A score of 1 leaves a millionth to the others.
  assert(Math.abs(logits[2] - Math.log(1e-6)) < 1e-4 && Math.abs(logits[3]) < 1e-5);
  assertEquals([...images[0].image.entityLabels], [0, 1]);
  assertEquals(images[0].image.relationLogits, undefined);
});

Deno.test("openUserJson() draws splits by id and seed if images name none", async () => {
  const images = Array.from(
    { length: 1000 },
    (_, id) => ({ ...IMAGE, id, split: undefined }),
  );
  const text = (list: unknown[]) => JSON.stringify({ ...HEADER, images: list });
  const found = await read(text(images));
  const count = (split: string) =>
    found.images.filter((image) => image.split === split).length;
  assertEquals(found.problems.count, { errors: 0, warnings: 0 });
  // 8 to 1 to 1, within four standard deviations.
  assert(Math.abs(count("train") - 800) < 51);
  assert(Math.abs(count("validation") - 100) < 38 && Math.abs(count("test") - 100) < 38);
  const half = await read(text(images.slice(500)));
  assertEquals(half.images, found.images.slice(500));
  const other = await read(text(images), "data.json", 2);
  assert(other.images.some(({ split }, i) => split !== found.images[i].split));
});

Deno.test("userJsonText() and openUserJson() write and read any example bit by bit", async () => {
  const split = fc.constantFrom("train" as const, "validation" as const, "test" as const);
  const images = fc.array(fc.tuple(split, anyExample), { maxLength: 4 });
  const property = fc.asyncProperty(images, fc.boolean(), async (list, isLines) => {
    const images = list.map(([split, image], i) => ({
      split,
      image: { ...image, id: `${i}${image.id}` },
    }));
    const parts: string[] = [];
    const header = {
      vocabulary: VOCABULARY,
      labelPredictor: { name: "file", simulated: false },
    };
    for await (const part of userJsonText(header, images, isLines)) parts.push(part);
    const found = await read(parts.join(""), isLines ? "x.jsonl" : "x.json");
    assertEquals(found.images, images);
    assertEquals(found.header!.labelPredictor, header.labelPredictor);
  });
  await fc.assert(property, { numRuns: 50 });
});

Deno.test("userJsonText() keeps every float32, with few digits where few suffice", async () => {
  const numbers = [
    0,
    -0,
    1,
    0.1,
    1 / 3,
    65504,
    6e-8,
    3.4e38,
    1.401298464324817e-45,
    16777217,
  ];
  const image: Example = manOnHorse({
    entityLogits: Float32Array.from([...numbers.slice(0, 3), Math.fround(0.1)]),
    relationLogits: Float32Array.from({ length: 12 }, (_, i) => numbers[i % 10]),
  });
  const parts: string[] = [];
  for await (const part of userJsonText({ vocabulary: VOCABULARY }, [{ image }], false)) {
    parts.push(part);
  }
  const text = parts.join("");
  assert(text.includes("[0,-0],[1,0.1]"), text);
  const { images, problems } = await read(text);
  assertEquals(problems.list, []);
  assertEquals(images[0].image, image);
});

type Change = Record<string, unknown>;
async function problemsOf(image: Change, header: Change = {}): Promise<Problem[]> {
  const images = [{ ...IMAGE, ...image }];
  const { problems } = await read(JSON.stringify({ ...HEADER, ...header, images }));
  return problems.list.filter(({ problem }) =>
    problem !== "must hold at least one image without errors"
  );
}

Deno.test("openUserJson() reports each problem with its place and a suggestion", async () => {
  const at = "images[0].";
  const cases: [Change, string, string, string?][] = [
    [{ id: undefined }, `${at}id`, "is missing, it must be a text or a whole number"],
    [{ id: [] }, `${at}id`, "must be a text or a whole number: found []"],
    [{ width: 0 }, `${at}width`, "must be a number above 0: found 0"],
    [{ height: "80" }, `${at}height`, `must be a number above 0: found "80"`],
    [
      { split: "valid" },
      `${at}split`,
      `must be one of "train", "validation", "test": found "valid"`,
      `the nearest is "validation"`,
    ],
    [{ boxes: undefined }, `${at}boxes`, "is missing, it must be a list"],
    [
      { boxes: [[1, 2, 3], [0, 0, 9, 9]] },
      `${at}boxes[0]`,
      "must be a list of 4 numbers, [left, top, right, bottom]: found [1,2,3]",
    ],
    [
      { boxes: [[0, 0, 9, "9"], [0, 0, 9, 9]] },
      `${at}boxes[0][3]`,
      `must be a finite number, as float32 holds it: found "9"`,
    ],
    [
      { boxes: [[50, 30, 20, 10], [0, 0, 9, 9]] },
      `${at}boxes[0]`,
      "must be [left, top, right, bottom] with left < right and top < bottom: found [50,30,20,10]",
      "if it is [left, top, width, height], write [50, 30, 70, 40]",
    ],
    [
      { boxes: [[200, 0, 240, 90], [0, 0, 9, 9]] },
      `${at}boxes[0]`,
      "must lie in the image: 1 of 2 boxes lie outside of it, first [200, 0, 240, 90] in an image of 100 x 80",
      "the likely cause: the boxes are of images of another resolution, 2.40 times as wide and 1.13 times as high",
    ],
    [
      { labels: ["man"] },
      `${at}labels`,
      `must be a list of 2 labels, one for each box: found ["man"]`,
    ],
    [
      { labels: ["man", "hrose"] },
      `${at}labels[1]`,
      `must be a name of the vocabulary: found "hrose"`,
      `the nearest is "horse"`,
    ],
    [
      { labels: [1, 2] },
      `${at}labels[1]`,
      "must be a whole number in [0, 2): found 2",
      "indices count from 0",
    ],
    [{ relations: "none" }, `${at}relations`, `must be a list: found "none"`],
    [
      { relations: [[0, 1]] },
      `${at}relations[0]`,
      "must be a list of 3 parts, [subject, object, predicate]: found [0,1]",
    ],
    [
      { relations: [[0, 2, "on"]] },
      `${at}relations[0][1]`,
      "must be a whole number in [0, 2): found 2",
      "indices count from 0",
    ],
    [
      { relations: [[0, 1, "under"]] },
      `${at}relations[0][2]`,
      `must be a name of the vocabulary: found "under"`,
      "none of the 2 known names is similar",
    ],
    [
      { scores: [0.5, 80] },
      `${at}scores[1]`,
      "must be a probability in [0, 1]: found 80",
      "divide percentages by 100",
    ],
    [
      { scores: [0.5, null] },
      `${at}scores[1]`,
      "must be a probability in [0, 1]: found null",
    ],
    [
      { detectedLabels: ["man", "man"] },
      `${at}scores`,
      "is missing, it must be a list of 2 scores, one for each box",
    ],
    [
      { scores: [0.5, 0.5], entityLogits: [[0, 1], [1, 0]] },
      `${at}entityLogits`,
      "must be left out if scores are given: found [[...],[...]]",
    ],
    [
      { entityLogits: [[0, 1]] },
      `${at}entityLogits`,
      "must be a list of 2 rows, one for each box: found [[...]]",
    ],
    [
      { entityLogits: [[0, 1], [1e39, 0]] },
      `${at}entityLogits[1][0]`,
      "must be a finite number, as float32 holds it: found 1e+39",
    ],
    [
      { relationLogits: [[[1, 2, 3], [1, 2]], [[1, 2, 3], [1, 2, 3]]] },
      `${at}relationLogits[0][1]`,
      'must be a list of 3 numbers, one for each predicate and, last, "no relation": found [1,2]',
    ],
  ];
  for (const [change, place, problem, suggestion] of cases) {
    assertEquals(await problemsOf(change), [
      { place, problem, suggestion, isWarning: false },
    ]);
  }
});

Deno.test("openUserJson() reports all problems of an image at once", async () => {
  const problems = await problemsOf({
    width: -1,
    boxes: [[9, 0, 3, 5], [-1, 0, 9, 900]],
    labels: ["man", "hrse"],
    relations: [[0, 1, "onn"], [0, 7, "on"]],
  });
  assertEquals(problems.map(({ place }) => place.replace("images[0].", "")), [
    "width",
    "boxes[0]",
    "labels[1]",
    "relations[0][2]",
    "relations[1][1]",
    "boxes[1]",
  ]);
});

Deno.test("openUserJson() leaves out a relation of a box with itself, and counts it", async () => {
  const image = { ...IMAGE, relations: [[1, 1, "on"], [0, 1, "on"]] };
  const text = JSON.stringify({ ...HEADER, images: [image] });
  const { images, problems } = await read(text);
  assertEquals([...images[0].image.relations], [0, 1, 0]);
  assertEquals(problems.list, [{
    place: "images[0].relations[0]",
    problem: "1 relations of an entity with itself were left out, first here",
    suggestion: undefined,
    isWarning: true,
  }]);
  const strict = await read(text, "data.json", undefined, true);
  assertEquals(strict.problems.list.map(({ isWarning }) => isWarning), [false]);
});

Deno.test("openUserJson() warns about suspicious values", async () => {
  const small = await problemsOf({ boxes: [[0, 0, 0.5, 0.5], [0.1, 0, 1, 1]] });
  assertEquals(small, [{
    place: "images[0].boxes[0]",
    problem:
      "must be in pixels: 2 of 2 boxes lie within a single pixel, first [0, 0, 0.5, 0.5] in an image of 100 x 80",
    suggestion:
      "if they are fractions of the image (0 to 1), multiply them by its width and height",
    isWarning: false,
  }]);
  const keys = await problemsOf({ bboxes: [], colour: "red" }, { licenses: "MIT" });
  assertEquals(keys.map(({ place, suggestion }) => [place, suggestion]), [
    ["licenses", undefined],
    ["images[0].bboxes", undefined],
    ["images[0].colour", undefined],
  ]);
});

Deno.test("openUserJson() suggests the key that a misspelt key may mean", async () => {
  const { boxes, labels, ...rest } = IMAGE;
  const images = [{ ...rest, bboxes: boxes, label: labels }];
  const { problems } = await read(JSON.stringify({ ...HEADER, images }));
  assertEquals(problems.list.slice(0, 2).map(({ suggestion }) => suggestion), [
    `perhaps you mean "boxes"`,
    `perhaps you mean "labels"`,
  ]);
});

Deno.test("openUserJson() reports problems of the header", async () => {
  const cases: [Change, string, string][] = [
    [{ format: "coco" }, "format", `must be "scene-graph-dataset": found "coco"`],
    [{ version: 2 }, "version", "must be 1: found 2"],
    [{ entities: undefined }, "entities", "is missing, it must be a list of names"],
    [{ entities: [] }, "entities", "must be a list of names: found []"],
    [{ predicates: ["on", 3] }, "predicates[1]", "must be a name: found 3"],
    [
      { predicates: ["on", "on"] },
      "predicates[1]",
      `must be a name other than predicates[0]: found "on"`,
    ],
    [{ predicates: ["on", "near", "no relation"] }, "predicates[2]", `is "no relation"`],
    [{ name: {} }, "name", "must be a text: found {...}"],
    [
      { labelPredictor: { name: "x" } },
      "labelPredictor",
      'must be an object with "name" and "simulated", true or false: found {...}',
    ],
  ];
  for (const [change, place, problem] of cases) {
    const [first] = await problemsOf({}, change);
    assertEquals([first.place, first.problem], [place, problem]);
  }
});

Deno.test("openUserJson() reports problems between images, and of the whole file", async () => {
  const list = async (text: string, name?: string) =>
    (await read(text, name)).problems.list.map(({ place, problem }) =>
      `${place} | ${problem}`
    );
  const of = (...images: unknown[]) => list(JSON.stringify({ ...HEADER, images }));
  assertEquals(await of(IMAGE, { ...IMAGE, id: "7" }), [
    `images[1] | repeats the id "7" of images[0]`,
  ]);
  assertEquals(await of(IMAGE, { ...IMAGE, id: 8, split: undefined }), [
    `images[1] | lacks a "split", unlike the images before`,
  ]);
  assertEquals(
    await of({ ...IMAGE, split: undefined }, { ...IMAGE, id: 8 }, { ...IMAGE, id: 9 }),
    [`images[1] | has a "split", unlike the images before`],
  );
  assertEquals(await of(), ["images | must hold at least one image without errors"]);
  assertEquals(await of(3), [
    "images[0] | must be an object: found 3",
    "images | must hold at least one image without errors",
  ]);
  assertEquals(await list(JSON.stringify(HEADER)), [
    "images | is missing, it must be a list",
    "images | must hold at least one image without errors",
  ]);
  assertEquals(await list("[]"), [" | must be an object: found []"]);
  assertEquals(await list("", "x.jsonl"), [" | the file is empty"]);
  const [notJson] = await list("{");
  assert(notJson.startsWith(" | is not JSON ("), notJson);
  const head = JSON.stringify(HEADER);
  const lines = await list(
    `${head}\n${JSON.stringify(IMAGE)}\n{"id": NaN}\n{`,
    "x.jsonl",
  );
  assertEquals(lines[0], "line 3 | has NaN, which JSON does not allow");
  assert(lines[1].startsWith("line 4 | is not JSON ("), lines[1]);
  const utf16 = new Uint8Array([
    ...new TextEncoder().encode(`${head}\n{"id":"`),
    0xe9,
    0x22,
  ]);
  for (const [name, place] of [["x.jsonl", "line 2"], ["x.json", ""]]) {
    const problems = new Problems();
    const chunks = async function* () {
      yield utf16;
    };
    const { images } = await openUserJson({ name, chunks }, problems);
    for await (const _ of images);
    assertEquals([problems.list[0].place, problems.list[0].problem], [
      place,
      "it is not UTF-8 from here on",
    ]);
  }
  await assertRejects(
    () => read("", "data.txt"),
    RangeError,
    'Cannot read "data.txt": its name must end with .json or .jsonl',
  );
});

Deno.test("openUserJson() reports a thousand problems and counts the rest", async () => {
  const images = Array.from({ length: 1500 }, (_, id) => ({ ...IMAGE, id, width: 0 }));
  const { problems } = await read(JSON.stringify({ ...HEADER, images }));
  assertEquals([problems.list.length, problems.count.errors], [1000, 1501]);
});

Deno.test("openUserJson() refuses more logits than fit into memory", async () => {
  const [many] = await problemsOf({ boxes: new Array(5000).fill([0, 0, 1, 1]) });
  assert(many.problem.startsWith("must be a list of at most 4096 boxes"), many.problem);
  const n = 4096, c = 10_000;
  const header = {
    ...HEADER,
    entities: Array.from({ length: c }, (_, i) => `class ${i}`),
  };
  const image = {
    ...IMAGE,
    boxes: new Array(n).fill([0, 0, 1, 2]),
    labels: new Array(n).fill(0),
    scores: new Array(n).fill(0.5),
  };
  const { problems } = await read(JSON.stringify({ ...header, images: [image] }));
  assert(
    problems.list[0].problem.startsWith(
      "must be for fewer boxes, as 4096 boxes of 10000 classes have more than 33554432 logits",
    ),
  );
});

Deno.test("openUserJson() returns examples that pass checkExample() at the edge of float32", async () => {
  const width = 640.1; // rounds to a float32 below it; 640.3 rounds to one above
  for (const size of [width, 640.3, 1e7 + 0.3]) {
    const image = {
      ...IMAGE,
      width: size,
      height: size,
      boxes: [[0, 0, size, size], [0, 0, 1, 1]],
    };
    const { images, header } = await read(JSON.stringify({ ...HEADER, images: [image] }));
    checkExample(images[0].image, header!.vocabulary);
  }
});

Deno.test("openUserJson() takes names that differ in Unicode form, spaces or case, and counts", async () => {
  const entities = ["cafe\u0301", "traffic light", "Man"];
  const image = {
    ...IMAGE,
    boxes: [[0, 0, 9, 9], [9, 9, 30, 30], [5, 5, 50, 50], [1, 1, 20, 20]],
    labels: ["caf\u00e9", " traffic  light", "man", "Man"],
    relations: [],
  };
  const of = (images: unknown[]) => read(JSON.stringify({ ...HEADER, entities, images }));
  const { images, problems } = await of([image]);
  assertEquals([...images[0].image.entityLabels], [0, 1, 2, 2]);
  assertEquals(problems.list, [{
    place: "images[0].labels[0]",
    problem:
      '3 names were matched but for case, spaces or Unicode form, first here: "caf\u00e9" differs from the class in its Unicode form only',
    suggestion: undefined,
    isWarning: true,
  }]);
  entities.push("man ", "MAN");
  const { problems: two } = await of([{ ...image, labels: ["mAn", "Man", "man ", 0] }]);
  assertEquals(two.list[0].problem, 'must be a name of the vocabulary: found "mAn"');
  assertEquals(
    two.list[0].suggestion,
    '"Man" and "man" and "MAN" differ from it in upper and lower case only: write it exactly',
  );
});

Deno.test("openUserJson() names transposed logits and rows of five numbers", async () => {
  const at = "images[0].";
  const cases: [Change, string, string][] = [
    [
      { boxes: [[0, 0, 9, 9, 0.5], [0, 0, 9, 9]] },
      `${at}boxes[0]`,
      "rows have 5 numbers: x1, y1, x2, y2, score?",
    ],
    [
      { relationLogits: [[[1, 2], [1, 2]], [[1, 2], [1, 2]], [[1, 2], [1, 2]]] },
      `${at}relationLogits`,
      "3 lists of 2 lists of 2: transposed?",
    ],
  ];
  for (const [change, place, suggestion] of cases) {
    const [first] = await problemsOf(change);
    assertEquals([first.place, first.suggestion], [place, suggestion]);
  }
});
