import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { classMap } from "../../src/predict/classes/class_map.ts";
import type { Detections } from "../../src/detections.ts";
import { inputOf, type InputOptions } from "../../src/predict/detections.ts";
import { assertClose } from "../_assert.ts";

const CLASSES = ["person", "car", "truck", "dog", "drone"];
const VOCABULARY = { entities: ["man", "woman", "car", "truck", "dog", "sky"] };

/** Detections of label and score, in an image of 100 x 100. */
function labelled(
  rows: readonly [box: number[], name: string, score: number][],
): Detections {
  const beliefs = new Float32Array(rows.length * CLASSES.length);
  for (const [i, [, name, score]] of rows.entries()) {
    beliefs[i * CLASSES.length + CLASSES.indexOf(name)] = score;
  }
  return {
    ...{ imageWidth: 100, imageHeight: 100, classes: CLASSES, beliefs },
    boxes: Float32Array.from(rows.flatMap(([box]) => box)),
  };
}

const map = classMap(CLASSES, VOCABULARY.entities);

const read = (rows: Parameters<typeof labelled>[0], options: InputOptions = {}) =>
  inputOf(labelled(rows), VOCABULARY, options.weights ? options : { map, ...options });

const BOX = [0, 0, 50, 50];

Deno.test("inputOf() joins boxes of different classes that are one thing, with both beliefs", () => {
  // 50 x 50 and 50 x 40: the intersection over union is 0.8.
  const found = read([[[0, 0, 50, 40], "truck", 0.3], [BOX, "car", 0.5]]);
  assertEquals(found.entities, [
    {
      box: [0, 0, 50, 50],
      detected: { label: "car", score: 0.5 },
      known: 0,
      members: [1, 0],
    },
  ]);
  assertEquals(found.counts, {
    ...{ detections: 2, entities: 1, merged: 1, leftOut: 0, unknown: 0 },
  });
  // 0.2 is left: 0.125 for five classes beside car, 0.075 for five beside truck.
  assertClose(found.input.entityLogits.map(Math.exp), [
    ...[0.04, 0.04, 0.5 + 0.015, 0.3 + 0.025, 0.04, 0.04],
  ], 1e-5);
});

const apart: [name: string, rows: Parameters<typeof read>[0], options?: InputOptions][] =
  [
    // 50 x 50 and 50 x 30: 0.6 exactly.
    ["overlap no more than 0.6", [[BOX, "car", 0.5], [[0, 0, 50, 30], "truck", 0.4]]],
    ["are of the same class", [[BOX, "car", 0.5], [BOX, "car", 0.4]]],
    ["are a man and his dog", [[BOX, "person", 0.5], [[0, 0, 50, 44], "dog", 0.4]]],
    ["are to stay apart", [[BOX, "car", 0.5], [BOX, "truck", 0.4]], { mergeOverlap: 1 }],
  ];

for (const [name, rows, options] of apart) {
  Deno.test(`inputOf() does not join boxes that ${name}`, () => {
    assertEquals(read(rows, options).entities.map(({ members }) => members), [[0], [1]]);
  });
}

Deno.test("inputOf() joins any two classes that have nearly the same box", () => {
  const { entities } = read([[BOX, "person", 0.5], [[0, 0, 50, 46], "dog", 0.4]]);
  assertEquals(entities.map(({ members }) => members), [[0, 1]]);
});

Deno.test("inputOf() keeps the best entities, in the order of the detections", () => {
  const rows = [0.2, 0.9, 0.5, 0.7].map((score, i): [number[], string, number] => [
    [20 * i, 0, 20 * i + 10, 10],
    "dog",
    score,
  ]);
  const membersOf = (options: InputOptions) =>
    read(rows, options).entities.map(({ members }) => members[0]);
  assertEquals(membersOf({}), [0, 1, 2, 3]);
  assertEquals(membersOf({ maxEntities: 2 }), [1, 3]);
  assertEquals(membersOf({ maxEntities: 0 }), []);
  assertEquals(membersOf({ minBelief: 0.5 }), [1, 2, 3]);
  assertEquals(read(rows, { maxEntities: 3 }).counts.leftOut, 1);
  const many = Array.from({ length: 70 }, (_, i) => rows[i % 4]);
  assertEquals(read(many).entities.length, 60);
});

Deno.test("inputOf() keeps unknown classes apart and says what became of classes", () => {
  const found = read([
    [[0, 0, 9, 9], "drone", 0.8],
    [[20, 20, 40, 40], "person", 0.6],
    [[60, 60, 80, 80], "dog", 0.7],
  ], { weights: [3, 1, 1, 1, 1, 1] });
  assertEquals(found.entities.map(({ known }) => known), [-1, 0, 1]);
  assertEquals(found.unknown, [0]);
  assertEquals(found.counts.unknown, 1);
  assertEquals([...found.input.boxes], [20, 20, 40, 40, 60, 60, 80, 80]);
  assertEquals(found.mapped, [
    { from: "person", to: ["man", "woman"], by: "table" },
    { from: "drone", to: [], by: "none" },
  ]);
  const [man, woman] = found.input.entityLogits.map(Math.exp);
  // 0.6 in shares of 3 : 1, and a fifth of what the other leaves open.
  assertClose([man, woman], [0.45 + 0.4 / 4 / 5, 0.15 + 0.4 * 3 / 4 / 5], 1e-5);
});

Deno.test("inputOf() gives a person all its classes, of which none is the likeliest by chance", () => {
  const { input } = read([[BOX, "person", 0.6]]);
  const [man, woman, ...others] = input.entityLogits.map(Math.exp);
  assertClose([man, woman], [0.34, 0.34], 1e-5);
  assert(others.every((other) => other < man));
});

Deno.test("inputOf() cuts boxes and counts it; strict refuses that", () => {
  const rows: Parameters<typeof read>[0] = [
    [[-30, -5, 50, 50], "dog", 0.5], // without strict, however many stick out
    [[60, 60, 130, 100], "car", 0.5],
  ];
  const { entities, mended } = read(rows);
  assertEquals(entities.map(({ box }) => box), [[0, 0, 50, 50], [60, 60, 100, 100]]);
  assertEquals(mended, { boxesCut: 2 });
  assertThrows(() => read(rows, { strict: true }), RangeError, "must lie in the image");
  assertThrows(
    () => read([[[-9, 0, -1, 9], "dog", 0.5]]),
    RangeError,
    "must lie in the image: 1 of 1 boxes lie outside of it, first [-9, 0, -1, 9]",
  );
});

const refusals: [change: Partial<Detections>, options: InputOptions, message: string][] =
  [
    [{ classes: [] }, {}, "classes must be names: found none"],
    [{ imageWidth: 0 }, {}, "imageWidth must be above 0: found 0"],
    [{ imageHeight: NaN }, {}, "imageHeight must be above 0: found NaN"],
    [
      { boxes: new Float32Array(7) },
      {},
      "boxes must be 4 numbers a box: found 7 numbers",
    ],
    [
      { beliefs: new Float32Array(4) },
      {},
      "beliefs must be 1 x 5 numbers, one for each box and class: found 4",
    ],
    [
      { beliefs: Float32Array.of(0, 2, 0, 0, 0) },
      {},
      'belief in "car" of box 0 must be a probability in [0, 1]: found 2; divide percentages by 100',
    ],
    [
      { beliefs: Float32Array.of(0, NaN, 0, 0, 0) },
      {},
      'belief in "car" of box 0 must be a probability in [0, 1]: found NaN',
    ],
    [
      { boxes: Float32Array.of(0, 0, Infinity, 9) },
      {},
      "box 0 must have finite numbers: found [0,0,Infinity,9]",
    ],
    [{ boxes: Float32Array.of(9, 0, 3, 9) }, {}, "left < right and top < bottom"],
    [{}, { maxEntities: 1.5 }, "maxEntities must be a whole number >= 0: found 1.5"],
    [{}, { minBelief: 2 }, "minBelief must be in [0, 1]: found 2"],
    [{}, { mergeOverlap: NaN }, "mergeOverlap must be in [0, 1]: found NaN"],
  ];

for (const [change, options, message] of refusals) {
  Deno.test(`inputOf() refuses with: ${message}`, () => {
    const detections = { ...labelled([[BOX, "dog", 0.5]]), ...change };
    assertThrows(() => inputOf(detections, VOCABULARY, options), RangeError, message);
  });
}

Deno.test("inputOf() of no detections is empty", () => {
  const found = inputOf({ ...labelled([]), classes: [] }, VOCABULARY);
  assertEquals(found.entities, []);
  assertEquals(found.input.entityLogits.length, 0);
});

/** Boxes of different scores, which may stick out of the image but not lie outside. */
const rows = fc.uniqueArray(
  fc.record({
    x: fc.integer({ min: -20, max: 90 }),
    y: fc.integer({ min: -20, max: 90 }),
    width: fc.integer({ min: 21, max: 200 }),
    height: fc.integer({ min: 21, max: 200 }),
    name: fc.constantFrom(...CLASSES),
    score: fc.integer({ min: 1, max: 1000 }),
  }),
  { minLength: 1, maxLength: 8, selector: ({ score }) => score },
).map((list) =>
  list.map(({ x, y, width, height, name, score }): [number[], string, number] => [
    [x, y, x + width, y + height],
    name,
    score / 1000,
  ])
);

Deno.test("inputOf() has every box within the image, every detection once, and any order alike", () => {
  fc.assert(
    fc.property(
      rows.chain((list) =>
        fc.record({
          list: fc.constant(list),
          order: fc.shuffledSubarray(list.map((_, i) => i), { minLength: list.length }),
          maxEntities: fc.integer({ min: 1, max: 8 }),
        })
      ),
      ({ list, order, maxEntities }) => {
        const found = read(list, { maxEntities });
        for (const { box: [left, top, right, bottom] } of found.entities) {
          assert(0 <= left && left < right && right <= 100, String([left, right]));
          assert(0 <= top && top < bottom && bottom <= 100, String([top, bottom]));
        }
        const members = found.entities.flatMap(({ members }) => members);
        assertEquals(new Set(members).size, members.length);
        assertEquals(members.length + found.counts.leftOut, list.length);
        const permuted = read(order.map((i) => list[i]), { maxEntities });
        const things = (of: typeof found, place: (i: number) => number) =>
          of.entities.map(({ members, box, detected }) =>
            JSON.stringify([members.map(place), box, detected])
          ).sort();
        assertEquals(things(permuted, (i) => order[i]), things(found, (i) => i));
      },
    ),
    { seed: 1 },
  );
});
