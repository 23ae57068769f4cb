/** Attention as shares, worked out by hand. */

import { assertEquals } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Groups } from "../../src/kernels/groups.ts";
import { Batch } from "../../src/model/batch.ts";
import { poolRows, weightOfRows } from "../../src/model/pool.ts";
import { readPredictions } from "../../src/model/prediction.ts";
import { assertClose } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

testOnEachBackend(
  "weightOfRows() is the mean over features, or weighs by size",
  async () => {
    // Softmax over the two rows: first feature 1/2 and 1/2, second 3/4 and 1/4.
    const scores = tf.tensor2d([[0, Math.log(3)], [0, 0]]);
    const values = tf.tensor2d([[2, -4], [6, 0]]);
    const groups = new Groups(Int32Array.of(0, 0), 1);
    const { value, weights } = poolRows(values, scores, groups);
    assertClose(await value.data(), [4, -3], 1e-6); // 1 + 3, -3 + 0
    const mean = weightOfRows(weights!, values, "mean");
    assertClose(await mean.data(), [0.625, 0.375], 1e-6);
    const size = weightOfRows(weights!, values, "size");
    // (1/2 · 2 + 3/4 · 4) / 2, (1/2 · 6 + 1/4 · 0) / 2
    assertClose(await size.data(), [2, 1.5], 1e-6);
    tf.dispose([scores, values, value, weights!, mean, size]);
    groups.dispose();
  },
);

testOnEachBackend(
  "readPredictions() makes shares of the weights of each step",
  async () => {
    const config = smallConfig("gpi_linguistic");
    const batch = new Batch([randomImage(2), randomImage(3)], config);
    const { numEntityClasses, numPredicates } = config;
    const last = {
      entities: tf.zeros<tf.Rank.R2>([5, numEntityClasses]),
      relations: tf.zeros<tf.Rank.R2>([8, numPredicates]),
    };
    // Pairs 01, 10 of the first image; 01, 02, 10, 12, 20, 21 of the second.
    const nodeAttention = tf.tensor2d([2, 5, 1, 3, 0, 0, 0.5, 0.5], [8, 1]);
    const graphAttention = tf.tensor2d([1, 1, 2, 2, 4], [5, 1]);
    const steps = [{ nodeAttention, graphAttention }, last];
    const [two, three] = await readPredictions(batch, steps, config);
    assertEquals(two.attention!.length, 1);
    assertEquals([...two.attention![0].nodes], [0, 1, 1, 0]);
    assertEquals([...two.attention![0].graph], [0.5, 0.5]);
    // Where nothing is carried there is nothing to share.
    assertEquals([...three.attention![0].nodes], [0, 0.25, 0.75, 0, 0, 0, 0.5, 0.5, 0]);
    assertEquals([...three.attention![0].graph], [0.25, 0.25, 0.5]);
    tf.dispose([last.entities, last.relations, nodeAttention, graphAttention]);
    batch.dispose();
  },
);

testOnEachBackend(
  "Sgp.predict() gives the logits and attention of each step",
  async () => {
    const config = smallConfig("gpi_linguistic"), sgp = smallSgp(config);
    const image = randomImage(4);
    const [plain] = await sgp.predict([image]);
    assertEquals(Object.keys(plain), ["entityLogits", "relationLogits"]);
    const [found] = await sgp.predict([image], { attention: "mean", steps: true });
    assertEquals([found.steps!.length, found.attention!.length], [2, 2]);
    // Reference: the traces that training differentiates.
    const batch = new Batch([image], config);
    const traces = sgp.forward(batch);
    for (const [t, { logits, nodeAttention, graphAttention }] of traces.entries()) {
      const { entityLogits } = found.steps![t];
      assertClose(
        entityLogits,
        await logits.entities.data(),
        1e-4,
        `logits of step ${t}`,
      );
      const width = nodeAttention!.shape[1];
      const meanOf = async (weights: tf.Tensor2D) => {
        const all = await weights.data<"float32">();
        return Array.from(
          { length: weights.shape[0] },
          (_, row) =>
            all.subarray(row * width, (row + 1) * width)
              .reduce((sum, value) => sum + value, 0) / width,
        );
      };
      const { nodes, graph } = found.attention![t];
      assertClose(
        nodes.filter((_, i) => i % 5 !== 0),
        await meanOf(nodeAttention!),
        1e-5,
      );
      assertClose(graph, await meanOf(graphAttention!), 1e-5);
    }
    assertEquals(found.steps![1].entityLogits, found.entityLogits);
    batch.dispose();
    sgp.dispose();
  },
);
