import { assertAlmostEquals, assertEquals } from "@std/assert";
import { predictionFromLogits, softmaxRows } from "../../src/eval/softmax.ts";

Deno.test("softmaxRows() is exp over the sum of exps, row by row", () => {
  const [a, b, c, d] = softmaxRows([Math.log(1), Math.log(3), 5, 5], 2);
  assertAlmostEquals(a, 0.25, 1e-15);
  assertAlmostEquals(b, 0.75, 1e-15);
  assertEquals([c, d], [0.5, 0.5]);
});

Deno.test("softmaxRows() survives logits far from zero", () => {
  const [a, b] = softmaxRows([1000, 1000 - Math.log(3)], 2);
  assertAlmostEquals(a, 0.75, 1e-12);
  assertAlmostEquals(b, 0.25, 1e-12);
});

Deno.test("predictionFromLogits() makes rows of C and P classes", () => {
  const logits = {
    entityLogits: Float32Array.of(0, 0),
    relationLogits: Float32Array.of(0, 0, 0, 0, 0),
  };
  const { entityProbabilities, relationProbabilities } = predictionFromLogits(logits, 1);
  assertEquals([...entityProbabilities as Float64Array], [0.5, 0.5]);
  assertEquals([...relationProbabilities as Float64Array], [0.2, 0.2, 0.2, 0.2, 0.2]);
  const nothing = {
    entityLogits: new Float32Array(0),
    relationLogits: new Float32Array(0),
  };
  assertEquals(predictionFromLogits(nothing, 0).entityProbabilities.length, 0);
});
