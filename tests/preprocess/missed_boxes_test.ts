import { beliefsOfMissed } from "../../src/preprocess/missed_boxes.ts";
import { assertClose } from "../_assert.ts";

Deno.test("beliefsOfMissed() smooths the shares of missed boxes by those of all", () => {
  // Of all boxes, with one more of each class: 3, 2 and 5 of 10. Of the missed ones 30 of
  // class 0 and 20 of class 1, to which 50 others are added in the shares of all boxes.
  const missed = [...Array(30).fill(0), ...Array(20).fill(1)];
  const all = [0, 0, 1, 2, 2, 2, 2];
  assertClose(beliefsOfMissed(missed, all, 3), [45 / 100, 30 / 100, 25 / 100], 1e-6);
  // Without missed boxes the shares of all remain.
  assertClose(beliefsOfMissed([], all, 3), [0.3, 0.2, 0.5], 1e-6);
});
