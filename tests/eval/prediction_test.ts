import { assertEquals } from "@std/assert";
import { predictionFromLogits } from "../../src/eval/prediction.ts";

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
