import { assertEquals } from "@std/assert";
import { HitCounts } from "../../src/eval/hit_counts.ts";

/** Image 0: ranks 0 and 30. Image 2: ranks 5, 60 and 70. No row in image 1. */
function someCounts(aggregate: "images" | "pooled"): HitCounts {
  const counts = new HitCounts([20, 50], aggregate);
  for (const [image, rank] of [[0, 0], [0, 30], [2, 5], [2, 60], [2, 70]]) {
    counts.addRow(image, rank);
  }
  return counts;
}

Deno.test("HitCounts has an entry for each image with rows", () => {
  const { images, rows, hits } = someCounts("images");
  const lists = { images: [...images], rows: [...rows], hits: hits.map((of) => [...of]) };
  assertEquals(lists, {
    images: [0, 2],
    rows: [2, 3],
    hits: [[1, 1], [2, 1]],
  });
});

Deno.test("recall() is the mean over images, or all hits over all rows", () => {
  const mean = someCounts("images"), pooled = someCounts("pooled");
  assertEquals([mean.recall(0), mean.recall(1)], [(1 / 2 + 1 / 3) / 2, (1 + 1 / 3) / 2]);
  assertEquals([pooled.recall(0), pooled.recall(1)], [2 / 5, 3 / 5]);
  assertEquals(new HitCounts([20], "images").recall(0), NaN);
  assertEquals(new HitCounts([20], "pooled").recall(0), NaN);
});

Deno.test("recall() of a sample counts each image as often as it is in it", () => {
  const mean = someCounts("images"), pooled = someCounts("pooled");
  // Image 0 twice, image 2 once.
  assertEquals(mean.recall(0, [2, 0, 1]), (2 / 2 + 1 / 3) / 3);
  assertEquals(pooled.recall(0, [2, 0, 1]), 3 / 7);
  // A sample without rows has no recall.
  assertEquals([mean.recall(0, [0, 3, 0]), pooled.recall(0, [0, 3, 0])], [NaN, NaN]);
});

Deno.test("recall() of all images does not depend on their order", () => {
  // Added from left to right, 1/10 + 1/5 + 3/10 differs from 3/10 + 1/5 + 1/10.
  const shares: [hits: number, rows: number][] = [[1, 10], [1, 5], [3, 10], [2, 7]];
  const recall = (order: number[]) => {
    const counts = new HitCounts([1], "images");
    for (const [image, share] of order.entries()) {
      const [hits, rows] = shares[share];
      for (let row = 0; row < rows; row++) counts.addRow(image, row < hits ? 0 : 1);
    }
    return counts.recall(0);
  };
  const expected = recall([0, 1, 2, 3]);
  for (const order of [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]]) {
    assertEquals(recall(order), expected);
  }
});
