/**
 * Properties of every network and image: invariance to the order of entities and to the other
 * images of the batch, any number of entities, and no tensor left behind.
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type SgpConfig, type VariantName, VARIANTS } from "../../src/config.ts";
import type { Example, Logits } from "../../src/example.ts";
import { softmaxRows } from "../../src/softmax.ts";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { Random } from "../../src/random.ts";
import { lossAndGradients } from "../../src/train/step.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { backendsFor, testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";
import { usually } from "../_usually.ts";

const NAMES = Object.keys(VARIANTS) as VariantName[];

const FEATURES = ["default", "paper"] as const;

/** Settings of the loss; regularization would make parameters without data matter. */
const LOSS = {
  loss: "default",
  negativeRatio: 10,
  entityWeight: 4,
  regularization: 0,
} as const;

/** Runs of a property: software WebGPU is slow. */
const RUNS = usually({ wasm: 12, webgpu: 2, cpu: 2 }, { wasm: 25, webgpu: 5, cpu: 5 });

/** The same image with its entities in another order: new entity k was `order[k]`. */
function permute(image: Example, order: readonly number[]): Example {
  const n = order.length;
  const rows = (values: Float32Array, width: number) =>
    Float32Array.from(order.flatMap((i) => [
      ...values.subarray(i * width, (i + 1) * width),
    ]));
  return {
    ...image,
    boxes: rows(image.boxes, 4),
    entityLogits: rows(image.entityLogits, image.entityLogits.length / n),
    relationLogits: permutePairs(image.relationLogits, order),
  };
}

function permutePairs(values: Float32Array, order: readonly number[]): Float32Array {
  const n = order.length, width = values.length / n ** 2;
  const pairs = order.flatMap((i) => order.map((j) => i * n + j));
  return Float32Array.from(
    pairs.flatMap((pair) => [...values.subarray(pair * width, (pair + 1) * width)]),
  );
}

/** Probabilities of entities and of pairs, as one list each. */
function probabilities(
  { entityLogits, relationLogits }: Logits,
  { numEntityClasses, numPredicates }: SgpConfig,
): [Float32Array, Float32Array] {
  return [
    Float32Array.from(softmaxRows(entityLogits, numEntityClasses)),
    Float32Array.from(softmaxRows(relationLogits, numPredicates)),
  ];
}

/** An image of 1 to 7 entities and an order of them. */
const anyImageAndOrder = fc.record({
  n: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(),
}).map(({ n, seed }) => ({
  image: randomImage(n, seed),
  order: new Random(seed).shuffle(Array.from({ length: n }, (_, i) => i)),
}));

for (const variant of NAMES) {
  testOnEachBackend(
    `Sgp.predict() permutes with the entities: ${variant}`,
    async (backend) => {
      const config = smallConfig(variant);
      const sgp = smallSgp(config);
      const property = fc.asyncProperty(anyImageAndOrder, async ({ image, order }) => {
        const attention = image.boxes.length % 8 === 0 ? "mean" : "size";
        const options = { attention, steps: true } as const;
        const [one] = await sgp.predict([image], options);
        const [other] = await sgp.predict([permute(image, order)], options);
        const [p, q] = probabilities(one, config);
        const [p2, q2] = probabilities(other, config);
        const width = config.numEntityClasses;
        const rows = order.flatMap((i) => [...p.subarray(i * width, (i + 1) * width)]);
        assertClose(p2, rows, 1e-5, "entities");
        assertClose(q2, permutePairs(q, order), 1e-5, "relations");
        one.steps!.forEach((step, t) => {
          const [, before] = probabilities(step, config);
          const [, after] = probabilities(other.steps![t], config);
          assertClose(after, permutePairs(before, order), 1e-5, `step ${t}`);
        });
        one.attention?.forEach(({ nodes, graph }, t) => {
          const expected = permutePairs(nodes, order), found = other.attention![t];
          assertClose(found.nodes, expected, 1e-5, "attention to entities");
          assertClose(found.graph, order.map((i) => graph[i]), 1e-5, "of the graph");
        });
      });
      await fc.assert(property, { seed: 1, numRuns: RUNS[backend] });
      sgp.dispose();
    },
  );

  testOnEachBackend(
    `Sgp.predict() depends on the order with the published features: ${variant}`,
    async () => {
      const config = smallConfig(variant, { features: "paper" });
      const sgp = smallSgp(config);
      const image = randomImage(4, "order");
      const order = [2, 0, 3, 1];
      const [one, other] = await sgp.predict([image, permute(image, order)]);
      const [, q] = probabilities(one, config);
      const [, q2] = probabilities(other, config);
      const expected = permutePairs(q, order);
      const most = q2.reduce((m, v, i) => Math.max(m, Math.abs(v - expected[i])), 0);
      assert(most > 1e-3, `greatest difference is ${most}`);
      sgp.dispose();
    },
  );
}

for (const features of FEATURES) {
  testOnEachBackend(
    `Sgp.predict() does not depend on the other images of the batch: ${features} features`,
    async (backend) => {
      const config = smallConfig("gpi_linguistic", { features });
      const sgp = smallSgp(config);
      const sizes = fc.array(fc.integer({ min: 0, max: 6 }), {
        minLength: 1,
        maxLength: 5,
      });
      const property = fc.asyncProperty(sizes, fc.nat(), async (sizes, seed) => {
        const images = sizes.map((n, i) => randomImage(n, seed, i));
        const together = await sgp.predict(images, { attention: "mean" });
        for (const [i, image] of images.entries()) {
          const [alone] = await sgp.predict([image], { attention: "mean" });
          assertClose(together[i].entityLogits, alone.entityLogits, 1e-5, "entities");
          assertClose(together[i].relationLogits, alone.relationLogits, 1e-5, "pairs");
          (together[i].attention ?? []).forEach(({ nodes }, t) =>
            assertClose(nodes, alone.attention![t].nodes, 1e-6, "attention")
          );
        }
      });
      await fc.assert(property, { seed: 2, numRuns: RUNS[backend] });
      sgp.dispose();
    },
  );
}

testOnEachBackend(
  "lossAndGradients() of a batch is the sum over its images, dropout included",
  async (backend) => {
    const sgp = smallSgp(smallConfig("gpi_linguistic"));
    const images = [3, 1, 5, 2].map((n) => randomImage(n, "sum", n));
    const seeds = [7, 8, 9, 10];
    const { loss, gradients } = await lossAndGradients(sgp, images, LOSS, {
      rate: 0.3,
      seeds,
    });
    let sum = 0;
    const sums: Record<string, tf.Tensor> = {};
    for (const [i, image] of images.entries()) {
      const single = await lossAndGradients(sgp, [image], LOSS, {
        rate: 0.3,
        seeds: [seeds[i]],
      });
      sum += single.loss;
      for (const [name, gradient] of Object.entries(single.gradients)) {
        sums[name] = sums[name] ? tf.add(sums[name], gradient) : gradient;
      }
    }
    assertEquals(Object.keys(gradients).sort(), Object.keys(sums).sort());
    assertClose([loss], [sum], 1e-5 * sum, "loss");
    for (const [name, gradient] of Object.entries(gradients)) {
      const expected = await sums[name].data();
      assertClose(
        await gradient.data(),
        expected,
        backend === "wasm" ? 1e-4 : 1e-3,
        name,
      );
    }
    tf.dispose([gradients, sums]);
    sgp.dispose();
  },
);

for (const variant of NAMES) {
  for (const features of FEATURES) {
    testOnEachBackend(
      `Sgp works on images of one and two entities: ${variant}, ${features} features`,
      async () => {
        const config = smallConfig(variant, { features });
        const sgp = smallSgp(config);
        for (const sizes of [[1], [1, 1], [2], [1, 2, 1]]) {
          const images = sizes.map((n) => randomImage(n, "tiny", n));
          const predictions = await sgp.predict(images, { attention: "mean" });
          for (const [i, n] of sizes.entries()) {
            const { entityLogits, relationLogits, attention } = predictions[i];
            assertEquals(entityLogits.length, n * config.numEntityClasses);
            assertEquals(relationLogits.length, n * n * config.numPredicates);
            assert([...entityLogits, ...relationLogits].every(Number.isFinite));
            if (n === 1 && attention) assertClose(attention[0].graph, [1], 1e-6);
          }
          const { loss, gradients } = await lossAndGradients(sgp, images, LOSS);
          assert(loss > 0 && Number.isFinite(loss), `loss is ${loss}`);
          for (const [name, gradient] of Object.entries(gradients)) {
            assert((await gradient.data()).every(Number.isFinite), name);
          }
          tf.dispose(gradients);
        }
        sgp.dispose();
      },
      backendsFor(features),
    );
  }
}

testOnEachBackend(
  "Sgp.forward() pools to zero for an entity without others",
  async () => {
    const config = smallConfig("gpi_linguistic");
    const sgp = smallSgp(config);
    const batch = new Batch([randomImage(1, "alone")], config);
    const [{ node, logits }] = sgp.forward(batch);
    assertEquals([...await node!.data()], Array(config.hidden).fill(0));
    assertEquals(logits.relations.shape, [0, config.numPredicates]);
    batch.dispose();
    sgp.dispose();
  },
);

testOnEachBackend(
  "Sgp.predict() returns the logits of an image without boxes unchanged",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_mean"));
    const empty = {
      entityLogits: new Float32Array(0),
      relationLogits: new Float32Array(0),
    };
    assertEquals(await sgp.predict([randomImage(0)]), [empty]);
    assertEquals(await sgp.predict([]), []);
    const [first, second] = await sgp.predict([randomImage(0), randomImage(2)]);
    assertEquals(first, empty);
    assertEquals(second.entityLogits.length, 2 * 5);
    sgp.dispose();
  },
);

testOnEachBackend("Sgp, Batch and forward() leave no tensor behind", async (backend) => {
  for (const variant of NAMES) {
    for (const features of FEATURES) {
      if (!backendsFor(features).includes(backend)) continue;
      const config = smallConfig(variant, { features });
      await assertNoLeak(async () => {
        const sgp = smallSgp(config);
        await sgp.predict([randomImage(2)]);
        sgp.dispose();
      });
      const sgp = smallSgp(config);
      const images = [3, 1, 0, 2].map((n) => randomImage(n, "leak", n));
      const full = images.filter(({ boxes }) => boxes.length > 0);
      await sgp.predict(images); // packed layers stay until the network is disposed
      await assertNoLeak(() => new Batch(full, config).dispose());
      await assertNoLeak(() => sgp.predict(images));
      await assertNoLeak(() => sgp.predict(images, { attention: "size", steps: true }));
      const batch = new Batch(full, config);
      await assertNoLeak(() => tf.tidy(() => void sgp.forward(batch)));
      const seeds = full.map((_, i) => i);
      await assertNoLeak(async () => {
        const result = await lossAndGradients(sgp, full, LOSS, { rate: 0.1, seeds });
        tf.dispose(result.gradients);
      });
      batch.dispose();
      sgp.dispose();
    }
  }
});
