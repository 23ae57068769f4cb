import { assertEquals } from "@std/assert";
import {
  isChosen,
  readChosen,
  readYolo,
  yoloLayout,
} from "../../src/detect/yolo_output.ts";
import { assertClose } from "../_assert.ts";

/** Two pixels of the photograph for one of the input, eight of which are above it. */
const PLACE = {
  ...{ imageWidth: 64, imageHeight: 32, left: 0, top: 8 },
  ...{ scaleX: 2, scaleY: 2 },
};
const CLASSES = ["cat", "dog", "cow"];
const OPTIONS = { classes: CLASSES, minBelief: 0.25, size: [32, 32] as const };

/** Columns of rows, as rows of columns. */
const transposed = (rows: number[][]) => rows[0].map((_, i) => rows.map((row) => row[i]));

// Middle, size, beliefs. The second lies on the first: overlap 7 / 8.
const ROWS = [
  [16, 16, 8, 4, 0.125, 0.5, 0.25],
  [16, 16, 7, 4, 0.0625, 0.75, 0.25],
  [8, 24, 4, 2, 0.125, 0.25, 0.375],
  [20, 20, 4, 2, 0.125, 0.125, 0.125],
];

Deno.test("yoloLayout() tells layouts by the number of classes", () => {
  const v8 = { count: 8400, head: 4, isTransposed: true };
  assertEquals(yoloLayout([1, 84, 8400], 80), v8);
  assertEquals(yoloLayout([1, 8400, 84], 80), { ...v8, isTransposed: false });
  const v5 = { count: 25200, head: 5, isTransposed: false };
  assertEquals(yoloLayout([1, 25200, 85], 80), v5);
  // A model of 81 classes has outputs of the same shape as YOLOv5 with 80.
  assertEquals(yoloLayout([1, 8400, 85], 81)?.head, 4);
  for (const shape of [[1, 84, 8400], [2, 7, 10], [7, 10], [1, 10, 9]]) {
    assertEquals(yoloLayout(shape, 3), undefined);
  }
});

Deno.test("readYolo() reads both orders alike, and drops what lies on a likelier box", () => {
  for (const isTransposed of [false, true]) {
    const values = (isTransposed ? transposed(ROWS) : ROWS).flat();
    const layout = { count: 4, head: 4, isTransposed } as const;
    const found = readYolo(values, layout, PLACE, OPTIONS);
    assertEquals([found.imageWidth, found.imageHeight], [64, 32]);
    // (16 - 3.5) * 2 = 25, (16 - 2 - 8) * 2 = 12 and so on.
    assertClose(found.boxes, [25, 12, 39, 20, 12, 30, 20, 34], 1e-5);
    assertClose(found.beliefs, [0.0625, 0.75, 0.25, 0.125, 0.25, 0.375], 1e-6);
  }
});

Deno.test("readYolo() multiplies with the belief in anything of YOLOv5", () => {
  const rows = [
    [16, 16, 8, 4, 0.5, 0.25, 0.75, 0],
    [30, 16, 8, 4, 0.25, 1, 0.5, 0.5],
    [40, 16, 8, 4, 0.125, 1, 1, 1],
  ];
  const layout = { count: 3, head: 5, isTransposed: false } as const;
  const found = readYolo(rows.flat(), layout, PLACE, OPTIONS);
  assertClose(found.beliefs, [0.125, 0.375, 0, 0.25, 0.125, 0.125], 1e-6);
});

Deno.test("readChosen() reads boxes by their sides, with the belief in one class", () => {
  assertEquals([isChosen([], [1, 300, 6], 80), isChosen([], [1, 6, 300], 80)], [
    true,
    false,
  ]);
  const rows = [
    [12, 14, 20, 18, 0.5, 2],
    [12, 14, 20, 18, 0.125, 1],
    [6, 23, 10, 25, 0.25, 0],
    [0, 0, 0, 0, 0.5, -1],
  ];
  const found = readChosen(rows.flat(), PLACE, OPTIONS);
  assertClose(found.boxes, [24, 12, 40, 20, 12, 30, 20, 34], 1e-5);
  assertClose(found.beliefs, [0, 0, 0.5, 0.25, 0, 0], 1e-6);
});

Deno.test("isChosen() tells chosen classes from beliefs where there are one or two", () => {
  const chosen = [12, 14, 20, 18, 0.5, 1, 6, 23, 10, 25, 0.25, 0, 0, 0, 0, 0, 0, 0];
  // Middle, size and two beliefs; or a belief in anything, and one.
  const beliefs = [16, 16, 8, 4, 0.5, 1, 8, 24, 4, 2, 0.25, 0.125, 8, 8, 4, 2, 0, 0];
  assertEquals(isChosen(chosen, [1, 3, 6], 2), true);
  assertEquals(isChosen(beliefs, [1, 3, 6], 2), false);
  assertEquals(isChosen(chosen, [1, 3, 6], 1), false); // 1 is no class of one
  assertEquals(isChosen(beliefs, [1, 3, 6], 1), false);
});

Deno.test("readYolo() takes boxes that are shares of the input", () => {
  const rows = ROWS.map((row) => row.map((value, i) => i < 4 ? value / 32 : value));
  const layout = { count: 4, head: 4, isTransposed: false } as const;
  const { boxes } = readYolo(rows.flat(), layout, PLACE, OPTIONS);
  assertClose(boxes, [25, 12, 39, 20, 12, 30, 20, 34], 1e-5);
});

Deno.test("readYolo() takes a model that finds nothing", () => {
  const layout = { count: 0, head: 4, isTransposed: true } as const;
  assertEquals(readYolo([], layout, PLACE, OPTIONS).boxes.length, 0);
});
