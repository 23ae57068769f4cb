import { assertEquals } from "@std/assert";
import { learningRateAt } from "../../src/train/schedule.ts";
import { assertClose } from "../_assert.ts";

Deno.test("learningRateAt() falls along a cosine to zero", () => {
  const config = { schedule: "cosine", learningRate: 0.2, epochs: 4 } as const;
  const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateAt(config, epoch, 0));
  const root = Math.SQRT1_2; // cos(pi / 4)
  assertClose(rates, [0.2, 0.1 * (1 + root), 0.1, 0.1 * (1 - root), 0], 1e-12);
  assertEquals(
    learningRateAt(config, 1, 0.5),
    learningRateAt({ ...config, epochs: 8 }, 3, 0),
  );
  assertEquals(learningRateAt(config, 9, 0), 0);
});

Deno.test("learningRateAt() halves each 1000 epochs as published", () => {
  const config = { schedule: "halving", learningRate: 0.2, epochs: 3000 } as const;
  const rates = [0, 999, 1000, 1999, 2000].map((epoch) =>
    learningRateAt(config, epoch, 0.9)
  );
  assertEquals(rates, [0.2, 0.2, 0.1, 0.1, 0.05]);
});
