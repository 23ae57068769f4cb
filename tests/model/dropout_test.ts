import { assert, assertEquals } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { Dropout } from "../../src/model/dropout.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig } from "../_samples.ts";

const CONFIG = smallConfig("gpi_mean");

testOnEachBackend(
  "Dropout keeps the expectation and drops the stated share",
  async () => {
    const batch = new Batch([randomImage(8), randomImage(12)], CONFIG);
    const dropout = new Dropout(batch, 0.1, [1, 2]);
    const ones = tf.ones<tf.Rank.R2>([batch.numPairs, 500]); // 188 x 500
    const dropped = dropout.onPairs(ones, "site");
    const values = await dropped.data<"float32">();
    const share = values.filter((value) => value === 0).length / values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // Deviation of the share is sqrt(0.1 * 0.9 / 94,000) = 0.001, of the mean 0.0011.
    assertClose([share], [0.1], 0.004, "share of zeros");
    assertClose([mean], [1], 0.0044, "mean");
    const kept = values.find((value) => value !== 0)!;
    assertClose([kept], [1 / 0.9], 1e-6, "what is kept");
    tf.dispose([ones, dropped]);
    batch.dispose();
  },
);

testOnEachBackend("Dropout draws the same mask for an image in every batch", async () => {
  const images = [3, 2, 4].map((n) => randomImage(n, n));
  const together = new Batch(images, CONFIG);
  const alone = new Batch([images[2]], CONFIG);
  const seeds = [11, 12, 13];
  const draw = async (
    batch: Batch,
    seeds: number[],
    on: (dropout: Dropout) => tf.Tensor2D,
  ) => {
    const dropout = new Dropout(batch, 0.5, seeds);
    dropout.nextStep();
    const mask = tf.tidy(() => on(dropout));
    const values = await mask.data();
    mask.dispose();
    return [...values];
  };
  const width = 7;
  const ones = (rows: number) => tf.ones<tf.Rank.R2>([rows, width]);
  const [entities, pairs, graphs] = await Promise.all([
    draw(together, seeds, (d) => d.onEntities(ones(together.numEntities), "x")),
    draw(together, seeds, (d) => d.onPairs(ones(together.numPairs), "x")),
    draw(together, seeds, (d) => d.onImages(ones(3), "x")),
  ]);
  const [ownEntities, ownPairs, ownGraphs] = await Promise.all([
    draw(alone, [13], (d) => d.onEntities(ones(alone.numEntities), "x")),
    draw(alone, [13], (d) => d.onPairs(ones(alone.numPairs), "x")),
    draw(alone, [13], (d) => d.onImages(ones(1), "x")),
  ]);
  assertEquals(entities.slice(-ownEntities.length), ownEntities);
  assertEquals(pairs.slice(-ownPairs.length), ownPairs);
  assertEquals(graphs.slice(-ownGraphs.length), ownGraphs);
  together.dispose();
  alone.dispose();
});

testOnEachBackend(
  "Dropout draws other masks for another step, site or seed",
  async () => {
    const batch = new Batch([randomImage(6)], CONFIG);
    const ones = tf.ones<tf.Rank.R2>([6, 40]);
    const dropout = new Dropout(batch, 0.5, [1]), other = new Dropout(batch, 0.5, [2]);
    const masks = [dropout.onEntities(ones, "a"), dropout.onEntities(ones, "b")];
    masks.push(other.onEntities(ones, "a"));
    dropout.nextStep();
    masks.push(dropout.onEntities(ones, "a"));
    const values = await Promise.all(
      masks.map(async (mask) => (await mask.data()).join()),
    );
    assertEquals(new Set(values).size, masks.length);
    tf.dispose([ones, ...masks]);
    batch.dispose();
  },
);

testOnEachBackend("Dropout leaves only its result behind", async () => {
  const batch = new Batch([randomImage(3)], CONFIG);
  const ones = tf.ones<tf.Rank.R2>([3, 4]);
  const dropout = new Dropout(batch, 0.5, [1]);
  await assertNoLeak(() => dropout.onEntities(ones, "a"), 1);
  assert(!ones.isDisposed);
  batch.dispose();
});
