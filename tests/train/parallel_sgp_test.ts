import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { PRESETS, type TrainConfig } from "../../src/config.ts";
import { tf } from "../../src/deps/tf.ts";
import { type CheckedGradients, ParallelSgp } from "../../src/train/parallel_sgp.ts";
import { lossAndGradients } from "../../src/train/step.ts";
import { validateBatch } from "../../src/train/validate.ts";
import { WorkerPool } from "../../src/train/worker_pool.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnRelaxedSimd } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

/** With regularization, which must count once. */
const LOSS: TrainConfig = { ...PRESETS.small.train, regularization: 0.01 };

const SIZES = [2, 40, 3, 30, 5, 25, 20, 20, 15, 5, 4, 2];
const IMAGES = SIZES.map((n, i) => ({
  ...randomImage(n, i),
  relations: Int32Array.of(0, 1, i % 3),
}));
const DROPOUT = { rate: 0.2, seeds: IMAGES.map((_, i) => 100 + i) };
const CONFIG = smallConfig("gpi_linguistic");

/** Reads loss and gradients, and disposes the tensors. */
async function numbersOf(
  { loss, gradients }: Pick<CheckedGradients, "loss" | "gradients">,
): Promise<{ loss: number; gradients: Record<string, Float32Array> }> {
  const entries = Object.entries(gradients).map(async ([name, gradient]) =>
    [name, Float32Array.from(await gradient.data())] as const
  );
  const result = { loss, gradients: Object.fromEntries(await Promise.all(entries)) };
  tf.dispose(gradients);
  return result;
}

Deno.test("ParallelSgp.lossAndGradients() gives the same with two workers as with one", async () => {
  await useBackend("wasm");
  const sgp = smallSgp(CONFIG);
  using pool = await WorkerPool.start(2);
  const parallel = new ParallelSgp(sgp, { pool });
  const learn = async () =>
    await numbersOf(await parallel.lossAndGradients(IMAGES, LOSS, DROPOUT));
  let values = await sgp.parameters.values();
  // The second time the parameters have changed, and the workers must use the new values.
  for (const factor of [1, 0.5]) {
    values = values.map((p) => ({ ...p, data: p.data.map((x) => x * factor) }));
    sgp.parameters.assign(new Map(values.map(({ name, data }) => [name, data])));
    const expected = await numbersOf(await lossAndGradients(sgp, IMAGES, LOSS, DROPOUT));
    const actual = await learn();
    assertClose([actual.loss], [expected.loss], 1e-5 * expected.loss, "loss");
    assertEquals(
      Object.keys(actual.gradients).sort(),
      Object.keys(expected.gradients).sort(),
    );
    const all = Object.values(expected.gradients).flatMap((g) => [...g]);
    const greatest = all.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    for (const [name, gradient] of Object.entries(actual.gradients)) {
      assertClose(gradient, expected.gradients[name], 1e-5 * greatest, name);
    }
    assertEquals(await learn(), actual, "the same bytes again");
  }
  await assertNoLeak(learn);
  sgp.dispose();
});

Deno.test("ParallelSgp.lossAndGradients() does not depend on the workers if deterministic", async () => {
  await useBackend("wasm", { deterministic: true });
  const sgp = smallSgp(CONFIG);
  const results = [];
  for (const size of [1, 2, 3]) {
    using pool = size > 1
      ? await WorkerPool.start(size, { deterministic: true })
      : undefined;
    const parallel = new ParallelSgp(sgp, { pool, deterministic: true });
    for (const images of [IMAGES, IMAGES.slice(0, 3)]) {
      const checked = await parallel.lossAndGradients(images, LOSS, DROPOUT);
      results.push([images.length, checked.isFinite, await numbersOf(checked)]);
    }
  }
  await assertNoLeak(async () => {
    const alone = new ParallelSgp(sgp, { deterministic: true });
    await numbersOf(await alone.lossAndGradients(IMAGES, LOSS, DROPOUT));
  });
  assertEquals(results.slice(2, 4), results.slice(0, 2));
  assertEquals(results.slice(4, 6), results.slice(0, 2));
  sgp.dispose();
  await useBackend("wasm");
});

Deno.test("ParallelSgp tells whether loss and gradients are finite", async () => {
  await useBackend("wasm");
  const sgp = smallSgp(CONFIG);
  using pool = await WorkerPool.start(2);
  const entityLogits = IMAGES[6].entityLogits.map(() => NaN);
  const broken = IMAGES.with(6, { ...IMAGES[6], entityLogits });
  for (const options of [{ pool }, {}, { deterministic: true }]) {
    const parallel = new ParallelSgp(sgp, options);
    for (const images of [IMAGES, broken]) {
      const { isFinite, gradients } = await parallel.lossAndGradients(images, LOSS);
      assertEquals(isFinite, images === IMAGES);
      tf.dispose(gradients);
    }
  }
  sgp.dispose();
});

Deno.test("ParallelSgp predicts and validates to the same bytes as one thread", async () => {
  await useBackend("wasm");
  for (const variant of ["gpi_linguistic", "gpi_mean"] as const) {
    const sgp = smallSgp(smallConfig(variant));
    using pool = await WorkerPool.start(2);
    const parallel = new ParallelSgp(sgp, { pool });
    const alone = new ParallelSgp(sgp);
    assert(pool.jobsAtOnce > 2);
    assertEquals(await parallel.predict(IMAGES), await sgp.predict(IMAGES));
    assertEquals(await alone.predict(IMAGES), await sgp.predict(IMAGES));
    const expected = await validateBatch(sgp, IMAGES, LOSS);
    assertEquals(await parallel.validateBatch(IMAGES, LOSS), expected);
    assertEquals(await alone.validateBatch(IMAGES, LOSS), expected);
    sgp.dispose();
  }
});

testOnRelaxedSimd("ParallelSgp predicts in 8 bits to the same bytes", async () => {
  const sgp = smallSgp(smallConfig("gpi_linguistic", { layers: [24, 20, 16] }));
  const float32 = await sgp.predict(IMAGES);
  const ranges = [24, 20].map((width) => new Float32Array(width).fill(4));
  await sgp.quantize({ rhoRelation: ranges, rhoEntity: ranges });
  const expected = await sgp.predict(IMAGES);
  for (const [i, { entityLogits, relationLogits }] of expected.entries()) {
    assert(relationLogits.some((x, k) => x !== float32[i].relationLogits[k]));
    assert(entityLogits.some((x, k) => x !== float32[i].entityLogits[k]));
  }
  using pool = await WorkerPool.start(2);
  const parallel = new ParallelSgp(sgp, { pool });
  const twice = await Promise.all([parallel.predict(IMAGES), parallel.predict(IMAGES)]);
  assertEquals(twice, [expected, expected]);
  sgp.dispose();
});

Deno.test("ParallelSgp deals a batch into more shares if layers are wide", async () => {
  await useBackend("wasm");
  // 4,233 pairs times 900 are 3.8 million numbers, more than two shares of 1.4 million.
  const sgp = smallSgp(smallConfig("gpi_mean", { hidden: 900 }));
  using pool = await WorkerPool.start(2);
  const run = pool.run.bind(pool), jobs: string[] = [];
  pool.run = (name, job) => {
    jobs.push(name);
    return run(name, job);
  };
  const checked = await new ParallelSgp(sgp, { pool }).lossAndGradients(IMAGES, LOSS);
  assertEquals(jobs, [...Array(4).fill("learn"), "sum", "sum"]);
  const { loss } = await numbersOf(checked);
  const expected = await numbersOf(await lossAndGradients(sgp, IMAGES, LOSS));
  assertClose([loss], [expected.loss], 1e-5 * expected.loss, "loss");
  sgp.dispose();
});
