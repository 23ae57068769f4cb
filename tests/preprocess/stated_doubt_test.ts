import { assert, assertEquals } from "@std/assert";
import { GREATEST_SCORE } from "../../src/certainty.ts";
import { statedLogits } from "../../src/preprocess/stated_doubt.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";

/** 3 classes; what looks like 0 is more often 1 than 2. */
const PROFILES = Float32Array.from(
  [0.5, 0.4, 0.1, 0.2, 0.6, 0.2, 0.1, 0.3, 0.6],
  Math.log,
);

/** The labels and scores that 5,000 images of four entities get. */
function draws() {
  const truths = Int32Array.of(0, 1, 2, 0);
  return Array.from({ length: 5000 }, (_, image) => {
    const logits = statedLogits(truths, PROFILES, new Random("stated", image));
    return [...truths].map((truth, i) => {
      const p = [...logits.subarray(3 * i, 3 * i + 3)].map(Math.exp);
      return { truth, p };
    });
  });
}

Deno.test("statedLogits() makes every label certain and right in a fifth of the images", () => {
  const images = draws();
  const certain = images.filter((entities) =>
    entities.every(({ truth, p }) => p[truth] > 1 - 1e-5)
  );
  // Otherwise 1 - 10^-2.5 is the greatest score.
  assertClose([certain.length / images.length], [0.2], 0.025);
  for (const { truth, p } of certain.flat()) {
    assertClose([p[truth]], [GREATEST_SCORE], 1e-6);
  }
});

Deno.test("statedLogits() gives a label of score s that is right with probability s", () => {
  const all = draws().flat().filter(({ truth, p }) => p[truth] < 1 - 1e-5);
  const limits = [0.7, 0.8, 0.9, 0.97, 1];
  const bins = limits.slice(1).map(() => ({ count: 0, score: 0, right: 0 }));
  for (const { truth, p } of all) {
    // Below 0.7 the likeliest class may be another one than the stated one.
    const score = Math.max(...p);
    const bin = bins[limits.findLastIndex((limit) => score >= limit)];
    if (!bin) continue;
    bin.count++;
    bin.score += score;
    bin.right += Number(p[truth] === score);
  }
  for (const { count, score, right } of bins) {
    const s = score / count;
    assertClose([right / count], [s], 4 * Math.sqrt(s * (1 - s) / count), `${s}`);
  }
  // Scores of 1 - 10^-x with x between 0.1 and 2.5: a median of 1 - 10^-1.3.
  const doubts = all.map(({ p }) => 1 - Math.max(...p)).sort((a, b) => a - b);
  assertClose([Math.log10(doubts[doubts.length >> 1])], [-1.3], 0.06);
  assert(doubts[0] > 0.99 * 10 ** -2.5);
});

Deno.test("statedLogits() draws wrong labels from the profile of the true class", () => {
  const random = new Random("wrong");
  const truths = new Int32Array(4);
  const labels = [0, 0, 0];
  for (let image = 0; image < 3000; image++) {
    const logits = statedLogits(truths, PROFILES, random);
    for (let i = 0; i < 4; i++) {
      const row = logits.subarray(3 * i, 3 * i + 3);
      const best = row.indexOf(Math.max(...row));
      // Above three quarters the likeliest class is the stated one.
      if (row[best] > Math.log(0.75)) labels[best]++;
    }
  }
  // 0.4 to 0.1.
  assertClose([labels[1] / (labels[1] + labels[2])], [0.8], 0.05);
});

Deno.test("statedLogits() gives logarithms of probabilities, the same by seed", () => {
  const truths = Int32Array.of(2, 1, 0);
  const logits = (seed: string) => statedLogits(truths, PROFILES, new Random(seed));
  assertEquals(logits("a"), logits("a"));
  for (let i = 0; i < 9; i += 3) {
    const row = [...logits("a").subarray(i, i + 3)];
    assertClose([row.reduce((sum, logit) => sum + Math.exp(logit), 0)], [1], 1e-6);
  }
  assertEquals(statedLogits(new Int32Array(0), PROFILES, new Random(1)).length, 0);
});
