import { assertEquals, assertThrows } from "@std/assert";
import type { Detections } from "../../../src/detections.ts";
import {
  fromDetectionsJson,
  toDetectionsJson,
} from "../../../src/foreign/detections/detections_json.ts";
import { assertClose } from "../../_assert.ts";

const DETECTIONS: Detections = {
  imageWidth: 100,
  imageHeight: 80,
  classes: ["dog", "kite", "cat"],
  boxes: Float32Array.of(-2.44, 3, 40.26, 60, 50, 10, 90, 70.5),
  beliefs: Float32Array.of(0.71238, 0.00099, 0.00004, 0.2, 0, 0.01014),
  power: 3.2,
};

/** By hand: "kite" never reaches 0.001; one decimal in boxes, four in beliefs. */
const LISTS = {
  image: "a.jpg",
  imageWidth: 100,
  imageHeight: 80,
  classes: ["dog", "cat"],
  boxes: [[-2.4, 3, 40.3, 60], [50, 10, 90, 70.5]],
  beliefs: [[0.7124, 0], [0.2, 0.0101]],
  power: 3.2,
};

Deno.test("toDetectionsJson() rounds, and leaves out classes that no box comes near to", () => {
  assertEquals(toDetectionsJson(DETECTIONS, "a.jpg"), LISTS);
  const { power: _, ...rest } = DETECTIONS;
  assertEquals(Object.keys(toDetectionsJson(rest)), [
    ...["imageWidth", "imageHeight", "classes", "boxes", "beliefs"],
  ]);
});

Deno.test("fromDetectionsJson() reads lists, typed arrays and text", () => {
  const typed = { ...LISTS, beliefs: LISTS.beliefs.map((row) => Float64Array.from(row)) };
  for (const value of [LISTS, typed, JSON.stringify(LISTS)]) {
    const found = fromDetectionsJson(value);
    const { imageWidth, imageHeight, classes, power } = found;
    assertEquals([imageWidth, imageHeight, classes, power], [
      100,
      80,
      LISTS.classes,
      3.2,
    ]);
    assertClose(found.boxes, LISTS.boxes.flat(), 1e-5);
    // 0 stays 0: a row with one number above 0 is a label with its score.
    assertEquals(found.beliefs[1], 0);
    assertClose(found.beliefs, LISTS.beliefs.flat(), 1e-7);
  }
});

Deno.test("fromDetectionsJson() takes an image in which nothing was found, and one without power", () => {
  const none = toDetectionsJson({
    ...DETECTIONS,
    boxes: new Float32Array(0),
    beliefs: new Float32Array(0),
  });
  assertEquals(none.classes, []);
  const { boxes, beliefs } = fromDetectionsJson(none);
  assertEquals([boxes.length, beliefs.length], [0, 0]);
  const { power: _, ...rest } = LISTS;
  assertEquals("power" in fromDetectionsJson(rest), false);
});

const refusals: [name: string, change: Record<string, unknown>, message: string][] = [
  [
    "transposed beliefs",
    { classes: ["a", "b", "c"], beliefs: [[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]] },
    "beliefs must be 2 lists of 3 beliefs, a list for each box and a number for each class: found [[...],[...],[...]]; 3 lists of 2: transposed?",
  ],
  [
    "beliefs of fewer boxes",
    { beliefs: [[0.1, 0.2]] },
    "beliefs must be 2 lists of 2 beliefs, a list for each box and a number for each class: found [[...]]",
  ],
  [
    "a row of other classes",
    { beliefs: [[0.1, 0.2], [0.1]] },
    "beliefs[1] must be a list of 2 beliefs, one for each class: found [0.1]",
  ],
  [
    "percentages",
    { beliefs: [[0.1, 0.2], [0.1, 50]] },
    "beliefs[1][1] must be a probability in [0, 1]: found 50; divide percentages by 100",
  ],
  [
    "a box with a score",
    { boxes: [[1, 2, 3, 4], [1, 2, 3, 4, 0.5]] },
    "boxes[1] must be a list of 4 numbers, [left, top, right, bottom]: found [1,2,3,4,0.5]",
  ],
  [
    "classes of one name",
    { classes: ["dog", "dog"] },
    "classes[1] must be a name other than classes[0]",
  ],
  ["a power of 0", { power: 0 }, "power must be a number above 0: found 0"],
  ["an unknown key", { scores: [1] }, "scores is not a known key"],
  [
    "no size",
    { imageWidth: undefined },
    "it does not have the size of its image, give imageWidth and imageHeight",
  ],
  ["no beliefs", { beliefs: undefined }, "beliefs is missing, it must be 2 lists of 2"],
];

for (const [name, change, message] of refusals) {
  Deno.test(`fromDetectionsJson() refuses ${name}`, () => {
    const error = assertThrows(
      () => fromDetectionsJson({ ...LISTS, ...change }, { name: '"a.json"' }),
      Error,
      message,
    );
    assertEquals(error.message.startsWith('Cannot use "a.json": '), true);
  });
}
