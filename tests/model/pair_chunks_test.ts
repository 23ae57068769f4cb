import { assert, assertEquals } from "@std/assert";
import { type VariantName, VARIANTS } from "../../src/config.ts";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { type PairChunk, pairChunks } from "../../src/model/pair_chunks.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { backendsFor, testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

const ints = async (tensor: tf.Tensor) => [...await tensor.data<"int32">()];

testOnEachBackend("pairChunks() divides pairs between subjects", async () => {
  // Entity 2 has no pairs: it is alone in its image.
  const ends = {
    subjects: Int32Array.of(0, 0, 1, 3, 3, 3, 4),
    objects: Int32Array.of(1, 5, 0, 4, 5, 3, 3),
    numEntities: 6,
  };
  const found = async (mostPairs: number) => {
    const chunks = pairChunks(ends, mostPairs);
    const rows = (chunk: PairChunk) =>
      Promise.all(
        [chunk.subjects, chunk.objects, chunk.ownSubjects].map((r) => ints(r.group)),
      );
    const values = await Promise.all(chunks.map(rows));
    const numGroups = chunks.map(({ ownSubjects }) => ownSubjects.numGroups);
    assertEquals(numGroups.reduce((a, b) => a + b), 6); // each entity once
    for (const chunk of chunks) {
      assertEquals([chunk.subjects.numGroups, chunk.objects.numGroups], [6, 6]);
      assertEquals(chunk.isWhole, chunks.length === 1);
      chunk.dispose();
    }
    return values;
  };
  await assertNoLeak(async () => {
    const [subjects, objects] = [[...ends.subjects], [...ends.objects]];
    assertEquals(await found(7), [[subjects, objects, subjects]]);
    assertEquals(await found(3), [
      [[0, 0, 1], [1, 5, 0], [0, 0, 1]],
      [[3, 3, 3], [4, 5, 3], [0, 0, 0]],
      [[4], [3], [0]],
    ]);
    // A subject's pairs stay together.
    assertEquals((await found(1)).map(([subjects]) => subjects), [
      [0, 0],
      [1],
      [3, 3, 3],
      [4],
    ]);
  });
});

for (const variant of Object.keys(VARIANTS) as VariantName[]) {
  const name = `Sgp gives the same in chunks of pairs: ${variant}`;
  testOnEachBackend(name, async (backend) => {
    for (const features of ["default", "paper"] as const) {
      if (!backendsFor(features).includes(backend)) continue;
      const config = smallConfig(variant, { features });
      const sgp = smallSgp(config);
      const images = [7, 1, 2, 9].map((n) => randomImage(n, variant));
      const run = async (mostPairs?: number) => {
        const batch = new Batch(images, config, mostPairs);
        const tensors = tf.tidy(() => {
          const { logits, nodeAttention, graphAttention } = sgp.infer(batch, "mean").at(
            -1,
          )!;
          const ofPairs = nodeAttention && tf.mean(nodeAttention, 1);
          return [logits.entities, logits.relations, ofPairs, graphAttention]
            .filter((tensor) => tensor !== undefined);
        });
        const values = await Promise.all(tensors.map((t) => t.data<"float32">()));
        tf.dispose(tensors);
        batch.dispose();
        return { values, count: batch.chunks.length };
      };
      const whole = await run();
      assertEquals(whole.count, 1);
      await assertNoLeak(async () => {
        for (const mostPairs of [1, 20, 60]) {
          const { values, count } = await run(mostPairs);
          assert(count > 1);
          values.forEach((part, k) => assertClose(part, whole.values[k], 1e-4));
        }
      });
      sgp.dispose();
    }
  });
}
