import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ClassShares } from "../../src/predict/classes/class_beliefs.ts";
import {
  type DoubtSample,
  type DoubtSamples,
  SampledDoubt,
  type SampledDoubtOptions,
} from "../../src/preprocess/sampled_doubt.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";

const sample = (
  truth: number,
  half: number,
  ...beliefs: [number, number][]
): DoubtSample => ({ truth, half, beliefs });

/** Classes 0 and 1 have three samples; class 2 has one, class 3 none. */
const DOUBT: DoubtSamples = {
  detector: "spyglass",
  source: "by hand",
  classes: ["cat", "dog", "kitten", "wolf"],
  power: 1,
  powers: [1, 2],
  samples: [
    sample(0, 0, [0, 0.9], [1, 0.1]),
    sample(0, 0, [0, 0.6], [2, 0.4]),
    sample(0, 0, [0, 1]),
    sample(1, 0, [1, 0.8], [0, 0.2]),
    sample(1, 1, [1, 0.7], [3, 0.3]),
    sample(1, 1, [1, 1]),
    sample(2, 1, [2, 1]),
  ],
};

const one = (label: number) => [{ label, weight: 1 }];
/** The detector's classes in the opposite order; class 4 of the vocabulary is unknown. */
const SHARES: ClassShares = [one(3), one(2), one(1), one(0)];
/** Kittens are like cats, wolves like dogs. */
const WORDS = { data: Float32Array.of(1, 0, 0, 1, 2, 0.5, 0.25, 1), size: 2 };

const doubtOf = (options: Partial<SampledDoubtOptions> = {}) =>
  new SampledDoubt(DOUBT, { shares: SHARES, numClasses: 5, words: WORDS, ...options });

/** The different rows of 200 draws as probabilities with two digits, sorted. */
function rowsOf(doubt: SampledDoubt, label: number): string[] {
  const random = new Random("draws", label);
  const rows = Array.from(
    { length: 200 },
    () =>
      [...doubt.draw(label, random)].map((logit) => Math.exp(logit).toFixed(2)).join(" "),
  );
  return [...new Set(rows)].sort();
}

Deno.test("SampledDoubt draws from the samples of the entity's class", () => {
  const doubt = doubtOf();
  // The vocabulary: wolf, kitten, dog, cat, another one.
  assertEquals(rowsOf(doubt, 3), [
    "0.00 0.00 0.00 1.00 0.00",
    "0.00 0.00 0.10 0.90 0.00",
    "0.00 0.40 0.00 0.60 0.00",
  ]);
  assertEquals(rowsOf(doubt, 2), [
    "0.00 0.00 0.80 0.20 0.00",
    "0.00 0.00 1.00 0.00 0.00",
    "0.30 0.00 0.70 0.00 0.00",
  ]);
  assertEquals([0, 1, 2, 3, 4].map((label) => doubt.sees(label)), [
    ...[true, true, true, true],
    false,
  ]);
});

Deno.test("SampledDoubt borrows from the most similar class, and changes their places", () => {
  const doubt = doubtOf();
  assertEquals(doubt.borrowed, [
    { name: "kitten", from: "cat" },
    { name: "wolf", from: "dog" },
  ]);
  // A cat that was 0.6 cat and 0.4 kitten is a kitten of 0.6, and a cat of 0.4.
  assertEquals(rowsOf(doubt, 1), [
    "0.00 0.60 0.00 0.40 0.00",
    "0.00 0.90 0.10 0.00 0.00",
    "0.00 1.00 0.00 0.00 0.00",
  ]);
  assertEquals(rowsOf(doubt, 0), [
    "0.70 0.00 0.30 0.00 0.00",
    "0.80 0.00 0.00 0.20 0.00",
    "1.00 0.00 0.00 0.00 0.00",
  ]);
});

Deno.test("SampledDoubt draws a class that several of the detector's may be from each", () => {
  // Cats and dogs are "pet"; there is no other class in use.
  const doubt = doubtOf({ shares: [one(0), one(0), one(1), []], numClasses: 2 });
  assertEquals(rowsOf(doubt, 0), [
    "0.60 0.40", // the cat that may be a kitten
    "0.70 0.30", // the dog that may be a wolf, which the vocabulary lacks
    "1.00 0.00",
  ]);
});

Deno.test("SampledDoubt uses the samples and the power of one half", () => {
  const doubt = doubtOf({ half: 0 });
  // Dogs have one sample of half 0, and borrow; only cats lend.
  assertEquals(doubt.borrowed.map(({ from }) => from), ["cat", "cat", "cat"]);
  const enough = {
    ...DOUBT,
    samples: [...DOUBT.samples, sample(1, 1, [1, 0.5], [0, 0.5])],
  };
  const other = new SampledDoubt(enough, {
    ...{ shares: SHARES, numClasses: 5, words: WORDS },
    half: 1,
  });
  // Power 2: 0.7 and 0.3 become 0.49 and 0.09 of 0.58.
  assertEquals(rowsOf(other, 2), [
    "0.00 0.00 0.50 0.50 0.00",
    "0.00 0.00 1.00 0.00 0.00",
    "0.16 0.00 0.84 0.00 0.00",
  ]);
});

Deno.test("SampledDoubt.draw() gives logarithms of probabilities, the same by seed", () => {
  const doubt = doubtOf();
  const [first, again, other] = ["a", "a", "b"].map((seed) => {
    const random = new Random(seed);
    return Array.from({ length: 9 }, (_, i) => [...doubt.draw(i % 4, random)]);
  });
  assertEquals(first, again);
  assert(first.flat().join() !== other.flat().join());
  for (const row of first) {
    assertClose([row.reduce((sum, logit) => sum + Math.exp(logit), 0)], [1], 1e-5);
    assert(row.every(Number.isFinite));
  }
});

Deno.test("SampledDoubt refuses samples of which no class has enough", () => {
  assertThrows(
    () => doubtOf({ half: 1 }),
    RangeError,
    'Cannot draw beliefs of "spyglass" as a class must have 3 or more samples: found at most 2',
  );
});
