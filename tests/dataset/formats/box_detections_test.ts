import { assertEquals } from "@std/assert";
import { detectedEntities } from "../../../src/dataset/formats/box_detections.ts";

Deno.test("detectedEntities() takes the most confident detection that overlaps by half", () => {
  // The first detection overlaps the first box by exactly a half, the second by 0.8; the
  // third by 100 / 210, less than a half.
  const detections = {
    boxes: Float32Array.of(0, 0, 10, 5, 0, 0, 10, 8, 0, 0, 10, 21),
    scores: Float32Array.of(0.9, 0.5, 0.95),
  };
  const boxes = Float32Array.of(
    0,
    0,
    10,
    10,
    0,
    0,
    10,
    8.5,
    30,
    30,
    40,
    40,
    0,
    0,
    10,
    20,
  );
  // 5 / 8.5 > 0.5; the third box has none; the last has the third, 20 / 21.
  assertEquals(detectedEntities(boxes, detections), Int32Array.of(0, 0, -1, 2));
});
