import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { startedWorkers } from "./_spy_on_workers.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { ParallelSgp } from "../../src/train/parallel_sgp.ts";
import { chooseWorkers, WorkerPool } from "../../src/train/worker_pool.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

const IMAGES = [3, 2, 4].map((n, i) => randomImage(n, i));

/** Runs a test with a network and a pool of two. */
async function withPool(
  run: (parallel: ParallelSgp, workers: Worker[], pool: WorkerPool) => Promise<void>,
): Promise<void> {
  await useBackend("wasm");
  const sgp = smallSgp(smallConfig("gpi_linguistic"));
  startedWorkers.length = 0;
  using pool = await WorkerPool.start(2);
  await run(new ParallelSgp(sgp, { pool }), [...startedWorkers], pool);
  sgp.dispose();
}

Deno.test("chooseWorkers() chooses one for each core on WASM, else one", () => {
  assertEquals(chooseWorkers(undefined, "wasm"), navigator.hardwareConcurrency);
  assertEquals(chooseWorkers(3, "wasm"), 3);
  assertEquals(chooseWorkers(undefined, "webgpu"), 1);
  assertEquals(chooseWorkers(1, "cpu"), 1);
});

Deno.test("chooseWorkers() has a limit on a machine of very many cores", () => {
  const name = "hardwareConcurrency";
  Object.defineProperty(navigator, name, { value: 384, configurable: true });
  try {
    assertEquals(chooseWorkers(undefined, "wasm"), 256);
  } finally {
    Reflect.deleteProperty(navigator, name);
  }
});

Deno.test("chooseWorkers() and WorkerPool.start() refuse invalid numbers", async () => {
  for (const wrong of [0, -1, 1.5, NaN, Infinity, 257]) {
    const message =
      `Cannot use workers as their number must be an integer in [1, 256]: current value is ${wrong}`;
    assertThrows(() => chooseWorkers(wrong, "wasm"), RangeError, message);
    await assertRejects(() => WorkerPool.start(wrong), RangeError, message);
  }
  assertThrows(
    () => chooseWorkers(2, "webgpu"),
    RangeError,
    'Cannot use 2 workers on the backend "webgpu" as only "wasm" has more than 1; leave out --workers',
  );
});

Deno.test("WorkerPool.run() does more jobs than there are threads", () =>
  withPool(async (parallel) => {
    const one = await Promise.all(IMAGES.map((image) => parallel.predict([image])));
    const again = await Promise.all(
      [...IMAGES, ...IMAGES].map((image) => parallel.predict([image])),
    );
    assertEquals(again, [...one, ...one]);
  }));

Deno.test("WorkerPool.run() names the images of a job that throws", () =>
  withPool(async (parallel, _, pool) => {
    const [first, second, third] = IMAGES;
    const broken = { ...second, entityLogits: new Float32Array(1000) };
    const fine = parallel.predict([third]);
    const failing = parallel.predict([first, broken]);
    const waiting = parallel.predict([third]);
    const message = 'Cannot continue as a worker failed at images "image 0", "image 1": ';
    const outcomes = await Promise.allSettled([fine, failing, waiting]);
    for (const [i, outcome] of outcomes.entries()) {
      if (i === 0 && outcome.status === "fulfilled") continue;
      assert(outcome.status === "rejected");
      assert(outcome.reason.message.startsWith(message), outcome.reason.message);
    }
    await assertRejects(() => pool.run("sum", { arrays: [] }), Error, message);
  }));

Deno.test("WorkerPool.run() rejects if a thread is terminated", () =>
  withPool(async (parallel, [worker]) => {
    const jobs = IMAGES.map((image) => parallel.predict([image]));
    worker.terminate();
    const message =
      'Cannot continue as a worker failed at image "image 0": it must run to the end: it was terminated';
    for (const job of jobs) await assertRejects(() => job, Error, message);
  }));

Deno.test("WorkerPool.run() rejects if a thread ends by itself", () =>
  withPool(async (parallel, [, worker], pool) => {
    worker.postMessage(null); // not a job: the thread throws an error and ends
    const message = "Cannot continue as a worker failed";
    const job = () => parallel.predict(IMAGES);
    const error = await assertRejects(job, Error, message);
    assertStringIncludes(error.message, "TypeError");
    await assertRejects(() => pool.run("sum", { arrays: [] }), Error, message);
  }));

Deno.test("WorkerPool.run() rejects jobs that cannot be sent and answers that cannot be read", async () => {
  await withPool(async (parallel) => {
    const image = { ...IMAGES[0], boxes: (() => {}) as unknown as Float32Array };
    await assertRejects(() => parallel.predict([image]), Error, 'at image "image 0": ');
  });
  await withPool(async (parallel, [worker]) => {
    const job = parallel.predict([IMAGES[1]]);
    worker.dispatchEvent(new MessageEvent("messageerror"));
    const message = 'at image "image 1": its answer must be a message that can be read';
    await assertRejects(() => job, Error, message);
  });
});

Deno.test("WorkerPool rejects waiting jobs when it is disposed", async () => {
  const pool = await WorkerPool.start(1);
  const jobs = [1, 2].map(() => pool.run("sum", { arrays: [] }));
  pool[Symbol.dispose]();
  for (const job of jobs) {
    await assertRejects(
      () => job,
      Error,
      "Cannot continue as all 1 workers have been stopped; start others",
    );
  }
});
