import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { profileLogits } from "../../../src/label_predictor/entity_profiles.ts";
import {
  classBeliefs,
  type ClassShares,
} from "../../../src/predict/classes/class_beliefs.ts";
import { CERTAIN_SCORE } from "../../../src/certainty.ts";
import { softmaxRows } from "../../../src/softmax.ts";
import { assertClose } from "../../_assert.ts";

const log = Math.log;
const one = (label: number) => [{ label, weight: 1 }];

/** 4 classes; entities that look like 0 are half of them 0, and so on. */
const PROFILES = Float32Array.from([
  ...[0.5, 0.3, 0.1, 0.1],
  ...[0.2, 0.6, 0.1, 0.1],
  ...[0.25, 0.25, 0.25, 0.25],
  ...[0.1, 0.1, 0.2, 0.6],
], log);

/** Car and truck are classes 0 and 1; the detector's third class is not in the vocabulary. */
const CARS: ClassShares = [one(0), one(1), []];

const cases: {
  name: string;
  row: number[];
  shares: ClassShares;
  profiles?: Float32Array;
  power?: number;
  expected: number[];
}[] = [
  {
    name: "a label with its score",
    row: [0.7, 0, 0],
    shares: CARS,
    expected: [0.7, 0.1, 0.1, 0.1],
  },
  {
    // 0.4 is divided 3 : 1 : 1.
    name: "a label with its score and profiles",
    row: [0.6, 0, 0],
    shares: CARS,
    profiles: PROFILES,
    expected: [0.6, 0.24, 0.08, 0.08],
  },
  {
    // 0.2 is open: 0.125 goes by car's others (3, 1, 1 of 5), 0.075 by truck's (2, 1, 1 of 4).
    name: "two beliefs with profiles",
    row: [0.5, 0.3, 0],
    shares: CARS,
    profiles: PROFILES,
    expected: [
      0.5 + 0.075 / 2,
      0.3 + 0.125 * 3 / 5,
      0.125 / 5 + 0.075 / 4,
      0.125 / 5 + 0.075 / 4,
    ],
  },
  {
    name: "a sum above 1",
    row: [0.9, 0.6, 0],
    shares: CARS,
    profiles: PROFILES,
    expected: [0.6, 0.4, 1e-6, 1e-6],
  },
  {
    // The belief in the third class is open: 0.4, and 2/15 for each other class.
    name: "belief in a class that the vocabulary lacks",
    row: [0.6, 0, 0.3],
    shares: CARS,
    expected: [0.6, 0.4 / 3, 0.4 / 3, 0.4 / 3],
  },
  {
    name: "a class that may be two",
    row: [0.8],
    shares: [[{ label: 0, weight: 0.75 }, { label: 2, weight: 0.25 }]],
    // 0.15 goes to three others of 0, 0.05 to three others of 2.
    expected: [0.6 + 0.05 / 3, 0.2 / 3, 0.2 + 0.05, 0.2 / 3],
  },
  {
    name: "two classes that are one",
    row: [0.5, 0.25],
    shares: [one(3), one(3)],
    expected: [0.25 / 3, 0.25 / 3, 0.25 / 3, 0.75],
  },
  {
    // 0.6 : 0.2 becomes 9 : 1 of 0.8.
    name: "a power of 2",
    row: [0.6, 0.2, 0],
    shares: CARS,
    power: 2,
    // 0.18 goes to three others of 0, 0.02 to three others of 1.
    expected: [0.72 + 0.02 / 3, 0.08 + 0.06, 0.2 / 3, 0.2 / 3],
  },
  {
    name: "no belief",
    row: [0, 0, 0.9],
    shares: CARS,
    profiles: PROFILES,
    expected: [0.25, 0.25, 0.25, 0.25],
  },
  {
    // The others would get 0.3 each; they are brought to just below 0.1: nearly even.
    name: "a score so low that others would be likelier",
    row: [0.1, 0, 0],
    shares: CARS,
    expected: [1, 0.999, 0.999, 0.999].map((part) => part / 3.997),
  },
];

for (const { name, row, shares, profiles, power, expected } of cases) {
  Deno.test(`classBeliefs() of ${name}`, () => {
    const found = classBeliefs(Float32Array.from(row), shares, 4, { profiles, power });
    assertClose(found, expected, 4e-6);
  });
}

Deno.test("classBeliefs() of a label with its score is what profileLogits() gives", () => {
  const logits = new Float32Array(4);
  for (const [label, score] of [[0, 0.9], [1, 0.63], [3, 0.55]]) {
    profileLogits(label, score, PROFILES, logits);
    const row = new Float32Array(4);
    row[label] = score;
    const found = classBeliefs(row, [0, 1, 2, 3].map(one), 4, { profiles: PROFILES });
    assertClose(found, softmaxRows(logits, 4), 1e-6);
  }
});

Deno.test("classBeliefs() of a label with a score of 1 is certain", () => {
  const c = 200;
  for (const score of [1, 1 - 1e-7]) {
    const row = Float32Array.of(0, score);
    // The second class of the detector may be the first two of the vocabulary.
    const shares = [one(2), [{ label: 0, weight: 0.75 }, { label: 1, weight: 0.25 }]];
    const found = classBeliefs(row, shares, c);
    assert(found[0] + found[1] >= CERTAIN_SCORE, String(found[0] + found[1]));
    assertClose(found.subarray(0, 3), [0.75, 0.25, 0], 2e-6);
    assert(found.every((value) => value > 0), "a logarithm is infinite");
  }
});

const belief = fc.oneof(fc.constant(0), fc.double({ min: 1e-7, max: 1, noNaN: true }));

Deno.test("classBeliefs() are probabilities, keep the best class, and follow a permutation", () => {
  fc.assert(
    fc.property(
      fc.array(belief, { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      (beliefs, hasProfiles, order) => {
        const profiles = hasProfiles ? PROFILES : undefined;
        const row = Float32Array.from(beliefs);
        const shares = [one(2), one(0), one(3), one(1)];
        const found = classBeliefs(row, shares, 4, { profiles });
        const sum = found.reduce((total, value) => total + value, 0);
        const isCertain = row.filter((value) => value > 0).length === 1 &&
          Math.max(...row) >= CERTAIN_SCORE;
        const least = isCertain ? 0 : 1e-6 - 1e-12;
        assert(found.every((value) => value >= least), String(found));
        assert(Math.abs(sum - 1) < 1e-5, String(sum));
        const best = row.indexOf(Math.max(...row));
        if (row[best] > 0) {
          assertEquals(Math.max(...found), found[shares[best][0].label]);
        }
        const permuted = classBeliefs(
          Float32Array.from(order, (k) => row[k]),
          order.map((k) => shares[k]),
          4,
          { profiles },
        );
        assertClose(permuted, found, 1e-6);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("classBeliefs() refuses what are no beliefs", () => {
  const refuse = (row: number[], found: string) =>
    assertThrows(() => classBeliefs(Float32Array.from(row), CARS, 4), RangeError, found);
  refuse([1, 0], "there must be 3 of them, one a class: found 2");
  refuse([1, -0.5, 0], "each must be a number >= 0: found -0.5 at 1");
  refuse([1, NaN, 0], "each must be a number >= 0: found NaN at 1");
  assertThrows(
    () =>
      classBeliefs(Float32Array.of(1, 0, 0), CARS, 4, { profiles: new Float32Array(9) }),
    RangeError,
    "profiles must be 4 x 4 numbers: found 9",
  );
});
