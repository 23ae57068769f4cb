import { assertEquals } from "@std/assert";
import { withDetectedBoxes } from "../../src/preprocess/detected_nodes.ts";

/** A man (class 0) on a horse (class 1): the man's box is above the horse's. */
const IMAGE = {
  id: "a.jpg",
  width: 100,
  height: 80,
  boxes: Float32Array.of(40, 0, 60, 40, 20, 30, 90, 80),
  entityLabels: Int32Array.of(0, 1),
  relations: Int32Array.of(0, 1, 5),
};

Deno.test("withDetectedBoxes() takes over classes and relations of overlapped boxes", () => {
  // Two detections of the man (3/4 and all of his box), one of the horse that sticks out by
  // 10 pixels and has the wrong class, and one of nothing that was annotated.
  const found = withDetectedBoxes(IMAGE, {
    boxes: Float32Array.of(
      ...[40, 0, 60, 30],
      ...[40, 0, 60, 40],
      ...[20, 30, 90, 90],
      ...[0, 0, 10, 10],
    ),
    classes: Int32Array.of(0, 0, 7, 8),
    scores: Float32Array.of(0.9, 0.8, 0.7, 0.6),
  });
  assertEquals(
    found.boxes,
    Float32Array.of(
      ...[40, 0, 60, 30],
      ...[40, 0, 60, 40],
      ...[20, 30, 90, 80],
      ...[0, 0, 10, 10],
    ),
  );
  assertEquals(found.entityLabels, Int32Array.of(0, 0, 1, 8));
  assertEquals(found.relations, Int32Array.of(0, 2, 5, 1, 2, 5));
  const { boxes, entityLabels, relations } = IMAGE;
  assertEquals(found.annotated, { boxes, entityLabels, relations });
});

Deno.test("withDetectedBoxes() makes an image without entities of no detections", () => {
  const found = withDetectedBoxes(IMAGE, {
    boxes: new Float32Array(),
    classes: new Int32Array(),
    scores: new Float32Array(),
  });
  assertEquals([found.entityLabels.length, found.relations.length], [0, 0]);
});
