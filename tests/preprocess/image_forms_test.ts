import { assertEquals } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import { withEntities } from "../../src/preprocess/image_forms.ts";

/** Four boxes of classes 5, 6, 7, 8; two predicates of the same pair. */
const IMAGE: AnnotatedImage = {
  id: "a",
  fileName: "a.jpg",
  width: 100,
  height: 50,
  boxes: Float32Array.from({ length: 16 }, (_, i) => i),
  entityLabels: Int32Array.of(5, 6, 7, 8),
  relations: Int32Array.from(
    [[0, 2, 1], [2, 3, 0], [3, 2, 4], [2, 3, 5], [1, 0, 2]].flat(),
  ),
  negatives: Int32Array.from([[0, 2, 7], [3, 2, 7]].flat()),
};

Deno.test("withEntities() keeps the chosen entities and the relations among them", () => {
  assertEquals(withEntities(IMAGE, [2, 3]), {
    ...IMAGE,
    boxes: Float32Array.of(8, 9, 10, 11, 12, 13, 14, 15),
    entityLabels: Int32Array.of(7, 8),
    relations: Int32Array.from([[0, 1, 0], [1, 0, 4], [0, 1, 5]].flat()),
    negatives: Int32Array.of(1, 0, 7),
  });
});

Deno.test("withEntities() of all or no entities is the image or an empty one", () => {
  const before = structuredClone(IMAGE);
  assertEquals(withEntities(IMAGE, [0, 1, 2, 3]), IMAGE);
  const none = withEntities(IMAGE, []);
  assertEquals([none.boxes.length, none.entityLabels.length, none.relations.length], [
    ...[0, 0, 0],
  ]);
  assertEquals(none.id, "a");
  assertEquals(IMAGE, before);
});
