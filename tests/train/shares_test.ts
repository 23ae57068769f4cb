import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { dealBySize } from "../../src/train/shares.ts";

Deno.test("dealBySize() deals the largest first, to the smallest share", () => {
  // 9 to the first, 7 and then 6 to the second, 5 to the first, 2 to the second (13, 14).
  assertEquals(dealBySize([5, 9, 2, 7, 6], 2), [[0, 1], [2, 3, 4]]);
  assertEquals(dealBySize([1, 1, 1, 1], 2), [[0, 2], [1, 3]]);
  assertEquals(dealBySize([3, 4], 5), [[1], [0]], "no share is empty");
  assertEquals(dealBySize([3, 4, 1], 1), [[0, 1, 2]]);
});

Deno.test("dealBySize() deals each item once, and evenly", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 12 }),
    (sizes, numShares) => {
      const shares = dealBySize(sizes, numShares);
      assertEquals(shares.length, Math.min(numShares, sizes.length));
      assertEquals(shares.flat().sort((a, b) => a - b), sizes.map((_, i) => i));
      for (const items of shares) {
        assertEquals(items, items.toSorted((a, b) => a - b), "in the order of the batch");
      }
      const totals = shares.map((items) => items.reduce((sum, i) => sum + sizes[i], 0));
      assert(Math.max(...totals) - Math.min(...totals) <= Math.max(...sizes));
    },
  ));
});
