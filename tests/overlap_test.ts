import { assertEquals } from "@std/assert";
import { intersectionOverUnion } from "../src/overlap.ts";

/** Left, top, right, bottom. */
const BOXES = [
  ...[0, 0, 10, 10],
  ...[5, 5, 15, 15], // shares 5 x 5 with the first
  ...[10, 0, 20, 10], // touches the first
  ...[2, 2, 6, 7], // 4 x 5, inside the first
  ...[3, 3, 3, 3], // no area
];
const iou = (i: number, j: number, pixel?: number) =>
  intersectionOverUnion(BOXES, i, BOXES, j, pixel);

Deno.test("intersectionOverUnion() is that of a calculation by hand, both ways", () => {
  const cases: [i: number, j: number, overlap: number][] = [
    [0, 0, 1],
    [0, 1, 25 / 175],
    [0, 2, 0],
    [0, 3, 20 / 100],
    [1, 3, 2 / (100 + 20 - 2)], // [5, 5, 6, 7]
    [0, 4, 0],
    [4, 4, 0],
  ];
  for (const [i, j, overlap] of cases) {
    assertEquals([iou(i, j), iou(j, i)], [overlap, overlap], `${i} and ${j}`);
  }
});

Deno.test("intersectionOverUnion() with a pixel counts the last ones, too", () => {
  // 11 x 11 pixels each, of which one column is shared.
  assertEquals(iou(0, 2, 1), 11 / (121 + 121 - 11));
  assertEquals(iou(4, 4, 1), 1);
  assertEquals(iou(0, 4, 1), 1 / 121);
});
