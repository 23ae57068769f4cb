import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { certainProfileLogits } from "../../src/label_predictor/entity_profiles.ts";
import { Sgp } from "../../src/model/sgp.ts";
import type { Example } from "../../src/example.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, smallConfig } from "../_samples.ts";

/** The relation logits of some steps with a share of trust. */
async function relationsWith(relationTrust: number, image: Example, steps = 1) {
  const config = smallConfig("gpi_feature_attention", { relationTrust, steps });
  const { parameters } = smallCheckpoint("gpi_feature_attention", { config });
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  const sgp = new Sgp(config, values);
  const [{ relationLogits }] = await sgp.predict([image]);
  sgp.dispose();
  return relationLogits;
}

Deno.test("relationTrust: the change of a pair counts as far as a label is in doubt", async () => {
  await useBackend("wasm");
  const image = randomImage(3, "trust");
  const c = 5, p = image.relationLogits.length / 9;
  // Entities 0 and 1 are certain, entity 2 has a probability of 0.5.
  image.entityLogits.fill(-50);
  image.entityLogits[0] = image.entityLogits[c + 1] = 50;
  image.entityLogits[2 * c] = image.entityLogits[2 * c + 1] = 0;
  const whole = await relationsWith(1, image);
  const none = await relationsWith(0, image);
  const half = await relationsWith(0.5, image);
  const row = (logits: Float32Array, i: number, j: number) => {
    const from = (3 * i + j) * p;
    return [...logits.subarray(from, from + p)];
  };
  const between = (before: number[], after: number[], share: number) =>
    before.map((value, k) => value + share * (after[k] - value));
  for (const [i, j] of [[0, 1], [1, 0]]) {
    const before = row(image.relationLogits, i, j);
    assertClose(row(none, i, j), before, 1e-5);
    assertClose(row(half, i, j), between(before, row(whole, i, j), 0.5), 1e-5);
    assert(row(whole, i, j).some((value, k) => Math.abs(value - before[k]) > 0.01));
  }
  for (const [i, j] of [[0, 2], [2, 1]]) {
    const before = row(image.relationLogits, i, j), after = row(whole, i, j);
    // 1 - 1 x 0.5 of the change, and 1 - 0.5 x 1 x 0.5.
    assertClose(row(none, i, j), between(before, after, 0.5), 1e-5);
    assertClose(row(half, i, j), between(before, after, 0.75), 1e-5);
  }
});

Deno.test("relationTrust: relations of given labels stay as they are, to the bit, in every step", async () => {
  await useBackend("wasm");
  const n = 4, c = 5, image = randomImage(n, "given");
  const p = image.relationLogits.length / n ** 2;
  const pairs = (logits: Float32Array) =>
    [...logits].filter((_, i) => Math.floor(i / p) % (n + 1) > 0); // not i with i
  // As a dataset gives annotated labels: float16, which is what its shards keep.
  const given = certainProfileLogits(image.entityLabels, c);
  image.entityLogits = Float32Array.from(given, Math.f16round);
  for (const steps of [1, 3]) {
    const given = pairs(image.relationLogits);
    assertNotEquals(pairs(await relationsWith(1, image, steps)), given);
    assertEquals(pairs(await relationsWith(0, image, steps)), given);
  }
});
