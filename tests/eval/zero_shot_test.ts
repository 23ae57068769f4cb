import { assertEquals } from "@std/assert";
import { TrainingTriplets, zeroShotList } from "../../src/eval/zero_shot.ts";

Deno.test("TrainingTriplets knows which classes form a triplet in training", () => {
  const triplets = new TrainingTriplets();
  triplets.add({
    entityLabels: Int32Array.of(3, 5),
    relations: Int32Array.of(0, 1, 2, 0, 1, 2, 1, 0, 2),
  });
  assertEquals(triplets.size, 2);
  assertEquals(triplets.isUnseen(3, 2, 5), false);
  assertEquals(triplets.isUnseen(5, 2, 3), false);
  assertEquals(triplets.isUnseen(3, 1, 5), true);
  assertEquals(triplets.isUnseen(3, 2, 3), true);
});

Deno.test("zeroShotList() takes subject, object, predicate, from 0 or from 1", () => {
  const rows = [[1, 22, 33]] as const;
  assertEquals(zeroShotList(rows).isUnseen(1, 33, 22), true);
  assertEquals(zeroShotList(rows).isUnseen(1, 22, 33), false);
  assertEquals(zeroShotList(rows, 1).isUnseen(0, 32, 21), true);
  assertEquals(zeroShotList(rows, 1).isUnseen(1, 33, 22), false);
});
