import { assert, assertEquals } from "@std/assert";
import {
  fitLabelSets,
  LEAST_ENTITIES,
  setThresholds,
} from "../../src/confidence/label_sets.ts";
import { Random } from "../../src/random.ts";
import { softmaxRows } from "../../src/softmax.ts";
import { assertClose } from "../_assert.ts";

/**
 * 40 entities of class 0, whose true class got 0.01, 0.02, ..., 0.4; three of class 2 with
 * less; none of class 1.
 */
function sets() {
  assertEquals(LEAST_ENTITIES, 40);
  const many = Array.from({ length: 40 }, (_, i) => (40 - i) / 100);
  const labels = [...many.map(() => 0), 2, 2, 2];
  return fitLabelSets(labels, [...many, 0.003, 0.001, 0.002], 3);
}

Deno.test("setThresholds() are quantiles of the class, or of all if it is rare", () => {
  for (
    const [coverage, own, all] of [
      // floor(41 * 0.1) = 4th of the class; floor(44 * 0.1) = 4th of all.
      [0.9, 0.04, 0.01],
      // floor(41 * 0.5) = 20th; floor(44 * 0.5) = 22nd of all, after the three.
      [0.5, 0.2, 0.19],
      // floor(41 * 0.97) = 39th; floor(44 * 0.97) = 42nd of all.
      [0.03, 0.39, 0.39],
    ]
  ) {
    assertClose(setThresholds(sets(), coverage), [own, all, all], 1e-7, `${coverage}`);
  }
});

Deno.test("setThresholds() counts exactly where 1 - coverage is not exact", () => {
  // 100 * (1 - 0.9) is 9.999999999999998: the tenth of 99.
  const probabilities = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const one = fitLabelSets(probabilities.map(() => 0), probabilities, 1);
  assertClose(setThresholds(one, 0.9), [0.1], 1e-7);
});

Deno.test("setThresholds() are 0 where there are too few entities for the coverage", () => {
  // floor(41 * 0.02) and floor(44 * 0.02) are 0.
  assertEquals(setThresholds(sets(), 0.98), new Float32Array(3));
  assertEquals(setThresholds(fitLabelSets([], [], 2), 0.5), new Float32Array(2));
});

/** Entities whose probabilities are in doubt, the classes not equally so. */
function draw(count: number, seed: string) {
  const random = new Random("label sets", seed), numClasses = 3;
  const labels = Int32Array.from({ length: count }, () => random.weighted([6, 3, 1]));
  const logits = Float32Array.from(
    { length: count * numClasses },
    () => random.normal(),
  );
  labels.forEach((label, m) => logits[m * numClasses + label] += 1 + label);
  return { labels, p: softmaxRows(logits, numClasses), numClasses };
}

Deno.test("label sets hold the true label as often as wanted, for each class", () => {
  const { labels, p, numClasses } = draw(20_000, "fitted");
  const fitted = fitLabelSets(
    labels,
    Float64Array.from(labels, (label, m) => p[m * numClasses + label]),
    numClasses,
  );
  const other = draw(20_000, "other");
  for (const coverage of [0.5, 0.8, 0.9, 0.99]) {
    const least = setThresholds(fitted, coverage);
    for (let k = 0; k < numClasses; k++) {
      let inside = 0, count = 0;
      other.labels.forEach((label, m) => {
        if (label !== k) return;
        count++;
        inside += Number(other.p[m * numClasses + k] >= least[k]);
      });
      // 2,000 entities of the rarest class, of which 1,000 quantiles are kept: a standard
      // error of 0.016 at 0.5, and of 0.003 at 0.99.
      const tolerance = 4 * Math.sqrt(coverage * (1 - coverage) / 1000);
      assertClose([inside / count], [coverage], tolerance, `class ${k}`);
    }
  }
});

Deno.test("fitLabelSets() keeps at most 1,000 quantiles of each class and of all", () => {
  const { labels, p, numClasses } = draw(20_000, "many");
  const { starts, probabilities } = fitLabelSets(
    labels,
    p.subarray(0, 20_000),
    numClasses,
  );
  assertEquals(starts, Int32Array.of(0, 1000, 2000, 3000, 4000));
  assertEquals(probabilities.length, 4000);
  for (let g = 0; g < 4; g++) {
    const list = probabilities.subarray(starts[g], starts[g + 1]);
    assert(list.every((value, i) => i === 0 || value >= list[i - 1]));
  }
});
