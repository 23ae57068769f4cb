import { assertEquals } from "@std/assert";
import {
  type Confusion,
  countPredicates,
} from "../../../src/pipeline/scoring/confusions.ts";
import { Vocabulary } from "../../../src/vocabulary.ts";

Deno.test("countPredicates() counts each annotated relation, right if its pair has the likeliest", () => {
  const vocabulary = new Vocabulary({
    entities: ["man", "horse"],
    predicates: ["on", "riding", "near"],
  });
  // Two boxes, so that pair 1 is of the first and the second, and pair 2 the reverse; the
  // last logit is that of no relation, which is no predicate.
  const logitsOf = (first: number[], second: number[]) => ({
    entityLogits: new Float32Array(4),
    relationLogits: Float32Array.from([9, 0, 0, 0, ...first, ...second, 0, 0, 0, 0]),
  });
  const confusions = new Map<string, Confusion>();
  countPredicates(
    confusions,
    {
      ...{ id: "one", width: 10, height: 10, boxes: new Float32Array(8) },
      entityLabels: Int32Array.of(0, 1),
      // A man on and riding a horse, said twice, and the horse near the man.
      relations: Int32Array.from([[0, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 2]].flat()),
      ...logitsOf([0, 0, 2, 8], [3, 0, 1, 8]),
    },
    logitsOf([0, 2, 1, 8], [0, 0, 1, 8]),
    vocabulary,
  );
  const sorted = [...confusions.values()].map((each) => Object.values(each).join())
    .sort();
  assertEquals(sorted, [
    "near,near,0,1",
    "near,on,1,0",
    "on,near,1,0",
    "on,on,0,1",
    "riding,near,1,0",
    "riding,riding,0,1",
  ]);
});
