import { assertEquals } from "@std/assert";
import { bestOf, pausesOf } from "../../src/sweep/halving.ts";

Deno.test("pausesOf() multiplies the epochs until the longest run", () => {
  assertEquals(pausesOf({ epochs: 1, factor: 3 }, 8), [1, 3, 8]);
  assertEquals(pausesOf({ epochs: 2, factor: 2 }, 8), [2, 4, 8]);
  assertEquals(pausesOf({ epochs: 9, factor: 2 }, 8), [8]);
});

Deno.test("bestOf() keeps one of so many, and a diverged run last", () => {
  assertEquals(bestOf([0.1, 0.4, 0.3, 0.2], 2), [1, 2]);
  assertEquals(bestOf([0.1, 0.4, 0.3, 0.2], 3), [1, 2]);
  assertEquals(bestOf([NaN, 0.1, NaN], 2), [0, 1]);
  // Of equal scores the first.
  assertEquals(bestOf([0.5, 0.5, 0.5], 3), [0]);
});
