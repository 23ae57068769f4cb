import { assertEquals, assertThrows } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import { FrequencyPredictor } from "../../src/label_predictor/frequency.ts";
import { countRelations } from "../../src/label_predictor/relation_counts.ts";
import { assertClose } from "../_assert.ts";

const SIZES = { numEntityClasses: 2, numPredicates: 3 };

function image(labels: number[], relations: number[]): AnnotatedImage {
  return {
    id: "a",
    width: 10,
    height: 10,
    boxes: Float32Array.from({ length: 4 * labels.length }, (_, k) => k % 4 < 2 ? 1 : 9),
    entityLabels: Int32Array.from(labels),
    relations: Int32Array.from(relations),
  };
}

/** Probabilities of the pairs of entities with the given class probabilities. */
function predict(predictor: FrequencyPredictor, entityProbabilities: number[]) {
  const { boxes, width, height } = image(
    Array(entityProbabilities.length / 2).fill(0),
    [],
  );
  const logits = predictor.predictRelations({
    boxes,
    width,
    height,
    entityProbabilities: Float32Array.from(entityProbabilities),
  });
  return logits.map(Math.exp);
}

const ONE = new FrequencyPredictor(countRelations([image([0, 1], [0, 1, 1])], SIZES));

Deno.test("countRelations() counts rows, pairs and related pairs by class", () => {
  const counts = countRelations([
    image([0, 1, 1], [0, 1, 1, 0, 1, 0, 0, 1, 1, 2, 0, 0]),
    image([0, 0], []),
  ], SIZES);
  assertEquals(Array.from(counts.relations), [0, 0, 1, 2, 1, 0, 0, 0]);
  assertEquals(Array.from(counts.pairs), [2, 2, 2, 2]);
  assertEquals(Array.from(counts.relatedPairs), [0, 1, 1, 0]);
});

Deno.test("FrequencyPredictor backs a pair of classes off by three observations", () => {
  // One pair of classes (0, 1) with predicate 1, and the pair (1, 0) without a relation.
  // Overall [1 + 0, 1 + 1] / 3 = [1/3, 2/3]; class 0 as subject and class 1 as object
  // ([0, 1] + 3 [1/3, 2/3]) / 4 = [1/4, 3/4]; their product over the overall
  // [3/16, 27/32] ~ [2/11, 9/11]; the pair ([0, 1] + 3 [2/11, 9/11]) / 4 = [3/22, 19/22].
  // Related: overall 2/4; 0 as subject, 1 as object (1 + 3/2) / 4 = 5/8; product over the
  // overall 25/32 to 9/32 ~ 25/34; the pair (1 + 75/34) / 4 = 109/136.
  const related = 109 / 136;
  const probabilities = predict(ONE, [1, 0, 0, 1]);
  const expected = [related * 3 / 22, related * 19 / 22, 1 - related];
  assertClose(probabilities.subarray(3, 6), expected, 1e-6);
  // The pair (1, 0) was never related: predicates as overall; related 3 (9/34) / 4.
  const back = 27 / 136;
  assertClose(probabilities.subarray(6, 9), [back / 3, back * 2 / 3, 1 - back], 1e-6);
});

Deno.test("FrequencyPredictor averages over uncertain labels", () => {
  const subject = [0.3, 0.7], object = [0.6, 0.4];
  const expected = [0, 0, 0];
  for (const [a, p] of subject.entries()) {
    for (const [b, q] of object.entries()) {
      const given = predict(ONE, [1 - a, a, 1 - b, b]).subarray(3, 6);
      given.forEach((value, k) => expected[k] += p * q * value);
    }
  }
  assertClose(predict(ONE, [...subject, ...object]).subarray(3, 6), expected, 1e-6);
});

Deno.test("FrequencyPredictor is certain that no entity is related to itself", () => {
  assertClose(predict(ONE, [0.5, 0.5]), [0, 0, 1], 1e-6);
  assertEquals(predict(ONE, []).length, 0);
});

Deno.test("FrequencyPredictor without counts gives equal probabilities", () => {
  const empty = new FrequencyPredictor(countRelations([], SIZES));
  const third = predict(empty, [1, 0, 0, 1]).subarray(3, 6);
  assertClose(third, [1 / 4, 1 / 4, 1 / 2], 1e-6);
});

Deno.test("FrequencyPredictor.fromArrays() gives the same predictor again", () => {
  const again = FrequencyPredictor.fromArrays(ONE.toArrays());
  assertEquals(predict(again, [0.2, 0.8, 0.9, 0.1]), predict(ONE, [0.2, 0.8, 0.9, 0.1]));
});

Deno.test("FrequencyPredictor refuses probabilities of another number of classes", () => {
  assertThrows(
    () =>
      ONE.predictRelations({
        ...image([0, 1], []),
        entityProbabilities: new Float32Array(6),
      }),
    RangeError,
    "Cannot predict relations as 2 boxes and 2 classes must have 4 probabilities: found 6",
  );
});

Deno.test("FrequencyPredictor.fromArrays() refuses arrays that do not fit", () => {
  const arrays = ONE.toArrays();
  const rows = (...data: number[]) => ({
    shape: [data.length / 4, 4],
    data: Int32Array.from(data),
  });
  for (
    const [change, message] of [
      [
        { sizes: undefined },
        '"sizes" must be rows of 2 int32 numbers: found no such array',
      ],
      [{ pairs: { shape: [1], data: Float32Array.of(1) } }, '"pairs" must be rows of 4'],
      [{ pairs: rows(0, 2, 1, 0) }, 'column 1 of "pairs" must be in [0, 2): found 2'],
      [{ pairs: rows(0, 1, 1, 2) }, 'column 2 of "pairs" must be in [0, 2): found 2'],
      [{ relations: rows(0, 1, 2, 1) }, 'column 2 of "relations" must be in [0, 2)'],
      [{ relations: rows(0, 1, 1, -1) }, 'column 3 of "relations" must be in [0, Inf'],
    ] as const
  ) {
    assertThrows(
      // @ts-expect-error: a missing array, too
      () => FrequencyPredictor.fromArrays({ ...arrays, ...change }),
      RangeError,
      `Cannot read class statistics as ${message}`,
    );
  }
});
