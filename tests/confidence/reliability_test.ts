import { assert, assertEquals } from "@std/assert";
import { calibrated, fitPlatt } from "../../src/confidence/platt.ts";
import { reliability } from "../../src/confidence/reliability.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";

Deno.test("reliability() is that of a calculation by hand", () => {
  const { error, count, bins } = reliability([0.1, 0.12, 0.95, 1, 0], [0, 1, 1, 1, 0]);
  assertEquals([count, bins.length], [5, 15]);
  const used = bins.filter((bin) => bin.count > 0);
  assertEquals(used.map((bin) => bin.count), [1, 2, 2]);
  // [0, 1/15) has 0; [1/15, 2/15) has 0.1 and 0.12; [14/15, 1] has 0.95 and 1.
  assertClose(used.map(({ from }) => from), [0, 1 / 15, 14 / 15], 1e-12);
  assertClose(used.map(({ to }) => to), [1 / 15, 2 / 15, 1], 1e-12);
  assertClose(used.map(({ meanScore }) => meanScore), [0, 0.11, 0.975], 1e-12);
  assertClose(used.map(({ shareRight }) => shareRight), [0, 0.5, 1], 1e-12);
  // 2/5 |0.11 - 0.5| + 2/5 |0.975 - 1|
  assertClose([error], [0.4 * 0.39 + 0.4 * 0.025], 1e-12);
  for (const bin of bins.filter(({ count }) => count === 0)) {
    assert(Number.isNaN(bin.meanScore) && Number.isNaN(bin.shareRight));
  }
});

Deno.test("reliability() has no error without predictions", () => {
  const { error, count } = reliability([], []);
  assert(Number.isNaN(error));
  assertEquals(count, 0);
});

Deno.test("reliability() is better after fitPlatt() on other predictions", () => {
  const random = new Random("reliability");
  // Scores that are too sure: the chance is 0.3 + 0.4 score.
  const draw = () => {
    const scores = Array.from({ length: 20_000 }, () => random.uniform());
    return {
      scores,
      isRight: scores.map((score) => Number(random.chance(0.3 + 0.4 * score))),
    };
  };
  const fitted = draw(), other = draw();
  // The mean of |0.3 + 0.4 s - s| = 0.6 |0.5 - s| is 0.15.
  assertClose([reliability(other.scores, other.isRight).error], [0.15], 0.01);
  const platt = fitPlatt(fitted.scores, fitted.isRight);
  const scores = other.scores.map((score) => calibrated(platt, score));
  assert(reliability(scores, other.isRight).error < 0.04);
});
