import { assertEquals } from "@std/assert";
import { ConfidenceData } from "../../src/confidence/confidence.ts";
import { setThresholds } from "../../src/confidence/label_sets.ts";
import type { Example, Logits } from "../../src/example.ts";
import { Random } from "../../src/random.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, VOCABULARY } from "../_samples.ts";

const log = Math.log;
const SMALL = new Vocabulary({
  entities: ["cup", "table"],
  predicates: ["on", "near"],
});

/** A certain cup, a table and a cup in doubt. "0 on 1" is annotated twice. */
const IMAGE: Example = {
  id: "a",
  width: 100,
  height: 100,
  boxes: Float32Array.of(0, 0, 10, 10, 20, 0, 30, 10, 40, 0, 50, 10),
  entityLabels: Int32Array.of(0, 1, 0),
  relations: Int32Array.from(
    [[0, 1, 0], [0, 1, 0], [0, 2, 1], [1, 0, 1], [2, 1, 0]].flat(),
  ),
  entityLogits: Float32Array.of(40, 0, log(0.4), log(0.6), log(0.5), log(0.5)),
  relationLogits: new Float32Array(27),
};

/** The network would make the certain cup a table, and takes the other cup for one. */
function output(): Logits {
  const pairs = Array.from({ length: 9 }, () => [0.5, 0.25, 0.25]); // likeliest: on
  pairs[3] = [0.25, 0.5, 0.25]; // 1 near 0
  return {
    entityLogits: Float32Array.of(0.1, 0.9, 0.2, 0.8, 0.3, 0.7).map(log),
    relationLogits: Float32Array.from(pairs.flat(), log),
  };
}

Deno.test("ConfidenceData compares labels in doubt and the likeliest relations", () => {
  const data = new ConfidenceData(SMALL);
  data.add(IMAGE, output());
  assertClose(data.entities.scores, [0.8, 0.7], 1e-6);
  assertEquals(data.entities.isRight, [1, 0]);
  // Of 0 -> 1 and 1 -> 0: 1 * 0.5 * 0.8, both right. Of 0 -> 2 and 2 -> 0: 0.7 * 0.5,
  // annotated as "near" and not at all. Of 1 -> 2 and 2 -> 1: 0.8 * 0.5 * 0.7; the second
  // is annotated so, but the label of 2 is wrong.
  const expected = [0.4, 0.4, 0.35, 0.35, 0.28, 0.28];
  assertClose(data.relations.scores, expected, 1e-6);
  assertEquals(data.relations.isRight, [1, 1, 0, 0, 0, 0]);
});

Deno.test("ConfidenceData.fit() gives a predicate its own threshold from ten right relations on", () => {
  const data = new ConfidenceData(SMALL);
  // Five images: "on" is right five times, "near" five times; neither has its own limit.
  for (let i = 0; i < 5; i++) data.add({ ...IMAGE, id: `${i}` }, output());
  const { thresholds, hasOwnThreshold, relations } = data.fit();
  assertEquals(hasOwnThreshold, Int32Array.of(0, 0));
  // 10 of 20 annotated ones are found above 0.35: the calibrated score of 0.4.
  assertEquals(thresholds[0], thresholds[1]);
  const logit = relations.intercept + relations.slope * log(0.4 / 0.6);
  assertClose([thresholds[0]], [1 / (1 + Math.exp(-logit))], 1e-6);
  // Twice as many images: now they have, of 10 right relations each.
  for (let i = 5; i < 10; i++) data.add({ ...IMAGE, id: `${i}` }, output());
  assertEquals(data.fit().hasOwnThreshold, Int32Array.of(1, 1));
});

Deno.test("ConfidenceData.fit() changes nothing without images", () => {
  const { entities, relations, labelSets, thresholds } = new ConfidenceData(SMALL).fit();
  assertEquals(entities, { intercept: 0, slope: 1 });
  assertEquals(relations, { intercept: 0, slope: 1 });
  assertEquals(setThresholds(labelSets, 0.9), new Float32Array(2));
  assertEquals(thresholds, Float32Array.of(1, 1));
});

Deno.test("ConfidenceData.fit() finds label sets with the wanted coverage", () => {
  // The network's probabilities are true: labels are drawn from them.
  const random = new Random("coverage");
  const image = (i: number) => {
    const example = randomImage(6, "coverage", i);
    const c = VOCABULARY.numEntityClasses;
    const entityLabels = Int32Array.from({ length: 6 }, (_, e) =>
      random.weighted(
        example.entityLogits.subarray(e * c, (e + 1) * c).map((logit) => Math.exp(logit)),
      ));
    return { ...example, entityLabels };
  };
  const data = new ConfidenceData(VOCABULARY);
  for (let i = 0; i < 200; i++) data.add(image(i), image(i));
  const { entities, labelSets } = data.fit();
  const least = setThresholds(labelSets, 0.8);
  assertEquals(least.length, 5);
  let inside = 0, count = 0;
  for (let i = 200; i < 400; i++) {
    const { entityLogits, entityLabels } = image(i);
    entityLabels.forEach((label, e) => {
      const row = entityLogits.subarray(5 * e, 5 * e + 5).map((logit) => Math.exp(logit));
      const total = row.reduce((sum, value) => sum + value, 0);
      inside += Number(row[label] / total >= least[label]);
      count++;
    });
  }
  // 1,200 entities on each side: standard errors of 0.012.
  assertClose([inside / count], [0.8], 0.06);
  // The likeliest label is right as often as its probability says.
  assertClose([entities.intercept, entities.slope], [0, 1], 0.35);
});
