import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  adjustedSystem,
  adjustLogits,
  logFrequencies,
} from "../../src/eval/logit_adjustment.ts";
import { TrainingTriplets } from "../../src/eval/zero_shot.ts";
import { softmaxRows } from "../../src/softmax.ts";

const LOGITS = [0.6, 0.2, 0.2].map(Math.log);
const FREQUENCIES = Float64Array.of(Math.log(0.8), Math.log(0.2));

Deno.test("adjustLogits() divides by frequencies to the power of the strength", () => {
  for (const strength of [0, 0.5, 1]) {
    const found = softmaxRows(adjustLogits(LOGITS, FREQUENCIES, strength), 3);
    const first = 0.6 / 0.8 ** strength, second = 0.2 / 0.2 ** strength;
    const related = 0.8 / (first + second);
    [first * related, second * related, 0.2].forEach((wanted, i) =>
      assertAlmostEquals(found[i], wanted, 1e-6)
    );
  }
});

Deno.test("adjustLogits() is the same whatever constant is added to the logits", () => {
  const shifted = LOGITS.map((logit) => logit + 80);
  const [one, other] = [LOGITS, shifted].map((logits) =>
    softmaxRows(adjustLogits([...logits, ...LOGITS], FREQUENCIES, 1), 3)
  );
  one.forEach((value, i) => assertAlmostEquals(value, other[i], 1e-5));
});

Deno.test("logFrequencies() counts each predicate once more than it occurs", () => {
  const training = new TrainingTriplets();
  training.add({
    entityLabels: Int32Array.of(0, 1),
    relations: Int32Array.of(0, 1, 0, 1, 0, 0, 0, 1, 0),
  });
  const found = logFrequencies(training, 2);
  assertAlmostEquals(found[0], Math.log(4 / 5));
  assertAlmostEquals(found[1], Math.log(1 / 5));
});

Deno.test("adjustedSystem() leaves entity logits alone, and all at strength 0", async () => {
  const output = {
    entityLogits: Float32Array.of(1, 2),
    relationLogits: Float32Array.from(LOGITS),
  };
  const system = () => Promise.resolve([output]);
  assertEquals(adjustedSystem(system, FREQUENCIES, 0), system);
  const [adjusted] = await adjustedSystem(system, FREQUENCIES, 1)([]);
  assertEquals(adjusted.entityLogits, output.entityLogits);
  assertEquals(adjusted.relationLogits, adjustLogits(LOGITS, FREQUENCIES, 1));
});
