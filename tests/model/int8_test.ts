import { assert, assertEquals, assertRejects } from "@std/assert";
import { resumeBackend, useBackend } from "../../src/kernels/backend.ts";
import type { SgpConfig } from "../../src/config.ts";
import { tf } from "../../src/deps/tf.ts";
import type { ActivationRanges } from "../../src/model/int8.ts";
import type { Sgp } from "../../src/model/sgp.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend, testOnRelaxedSimd } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

/** Widths of the hidden layers; two layers of each net of rho can be in 8 bits. */
const LAYERS = [33, 40, 17];
const RANGES = rangesOf(20, 20);

/** Ranges that are the same for every input. */
function rangesOf(relation: number, entity: number): ActivationRanges {
  const of = (range: number) =>
    LAYERS.slice(0, -1).map((width) => new Float32Array(width).fill(range));
  return { rhoRelation: of(relation), rhoEntity: of(entity) };
}

/** A network in 8 bits and the same in float32. */
async function twins(change: Partial<SgpConfig> = {}, ranges = RANGES) {
  const config = smallConfig("gpi_linguistic", { layers: LAYERS, ...change });
  const int8 = smallSgp(config), float32 = smallSgp(config);
  await int8.quantize(ranges);
  return { int8, float32 };
}

const disposeAll = (...networks: Sgp[]) => networks.forEach((sgp) => sgp.dispose());

testOnRelaxedSimd("quantize() changes predictions, but little", async () => {
  await assertNoLeak(async () => {
    const { int8, float32 } = await twins();
    const images = [5, 1, 2, 9].map((n) => randomImage(n, n));
    const exact = await float32.predict(images), rounded = await int8.predict(images);
    for (const [i, { entityLogits, relationLogits }] of rounded.entries()) {
      // Steps of 20/127 in inputs of up to about 5, through three layers and two steps.
      assertClose(entityLogits, exact[i].entityLogits, 0.5, "entities");
      assertClose(relationLogits, exact[i].relationLogits, 0.5, "relations");
      if (i === 1) continue; // one entity has no pairs
      assert(relationLogits.some((v, k) => v !== exact[i].relationLogits[k]));
    }
    disposeAll(int8, float32);
  });
});

testOnRelaxedSimd("quantize() leaves images independent of their batch", async () => {
  const { int8, float32 } = await twins();
  const images = [7, 3, 4].map((n) => randomImage(n, n));
  const together = await int8.predict(images);
  for (const [i, image] of images.entries()) {
    const [alone] = await int8.predict([image]);
    assertClose(alone.relationLogits, together[i].relationLogits, 1e-4);
  }
  disposeAll(int8, float32);
});

testOnRelaxedSimd(
  "quantize() replaces ranges of an earlier call",
  async () => {
    await assertNoLeak(async () => {
      const { int8, float32 } = await twins();
      const image = randomImage(4);
      const [first] = await int8.predict([image]);
      await int8.quantize(rangesOf(1, 0));
      const [second] = await int8.predict([image]);
      await int8.quantize(RANGES);
      assert(first.entityLogits.some((v, i) => v !== second.entityLogits[i]));
      assertEquals(await int8.predict([image]), [first]);
      disposeAll(int8, float32);
    });
  },
);

testOnRelaxedSimd(
  "quantize() stays on its backend if another one is started meanwhile",
  async () => {
    const { int8, float32 } = await twins();
    const image = randomImage(4), [expected] = await int8.predict([image]);
    const backend = await useBackend("wasm");
    await useBackend("cpu");
    resumeBackend(backend);
    const quantized = float32.quantize(RANGES);
    await tf.setBackend("cpu");
    await quantized;
    resumeBackend(backend);
    assertEquals(await float32.predict([image]), [expected]);
    disposeAll(int8, float32);
  },
);

testOnRelaxedSimd("quantize() works without entity nets", async () => {
  const ranges = { ...RANGES, rhoEntity: [] };
  const { int8, float32 } = await twins({ relationsOnly: true }, ranges);
  const image = randomImage(4);
  const [rounded] = await int8.predict([image]), [exact] = await float32.predict([image]);
  assertEquals(rounded.entityLogits, exact.entityLogits);
  assertClose(rounded.relationLogits, exact.relationLogits, 0.5);
  disposeAll(int8, float32);
});

testOnRelaxedSimd(
  "quantize() refuses networks without such layers, and missing ranges",
  async () => {
    await assertNoLeak(async () => {
      for (const layers of [[], [7]]) {
        const sgp = smallSgp(smallConfig("gpi_mean", { layers }));
        await assertRejects(
          () => sgp.quantize({ rhoRelation: [], rhoEntity: [] }),
          RangeError,
          `Cannot predict in int8 as rho must have two or more hidden layers: "layers" is [${layers}]`,
        );
        sgp.dispose();
      }
      const sgp = smallSgp(smallConfig("gpi_mean", { layers: LAYERS }));
      await assertRejects(
        () => sgp.quantize({ ...RANGES, rhoEntity: [new Float32Array(33)] }),
        RangeError,
        "Cannot predict in int8 as rhoEntity must have [33,40] activation ranges, one for each input of its layers: found [33]",
      );
      sgp.dispose();
    });
  },
);

testOnEachBackend("quantize() is refused on other backends", async (backend) => {
  const sgp = smallSgp(smallConfig("gpi_mean", { layers: LAYERS }));
  await assertRejects(
    () => sgp.quantize(RANGES),
    Error,
    `Cannot predict in int8 as the backend must be "wasm": current value is "${backend}"`,
  );
  sgp.dispose();
}, ["cpu"]);
