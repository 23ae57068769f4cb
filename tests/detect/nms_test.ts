import { assertEquals } from "@std/assert";
import { suppressOverlaps } from "../../src/detect/nms.ts";

Deno.test("suppressOverlaps() keeps the likeliest of a class, and every class", () => {
  // deno-fmt-ignore
  const boxes = [
    0, 0, 10, 10,
    0, 0, 10, 8, // overlap with the first: 80 / 100
    0, 0, 10, 9, // another class
    20, 0, 30, 10,
    0, 0, 10, 4, // overlap with the first: 0.4
  ];
  const labels = [1, 1, 2, 1, 1], scores = [0.5, 0.6, 0.1, 0.9, 0.2];
  assertEquals(suppressOverlaps(boxes, labels, scores, 0.8), [3, 1, 4, 2]);
  assertEquals(suppressOverlaps(boxes, labels, scores, 0.81), [3, 1, 0, 4, 2]);
  // The second and the fifth share 40 of 80.
  assertEquals(suppressOverlaps(boxes, labels, scores, 0.5), [3, 1, 2]);
});

Deno.test("suppressOverlaps() takes boxes without a size and no boxes", () => {
  assertEquals(suppressOverlaps([5, 5, 5, 5, 5, 5, 5, 5], [0, 0], [1, 1], 0.5), [0, 1]);
  assertEquals(suppressOverlaps([], [], [], 0.5), []);
});
