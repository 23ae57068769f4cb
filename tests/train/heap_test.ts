/** The heap of the WASM backend: blocks left behind, and steps during which it grows. */

import { assert, assertEquals } from "@std/assert";
import { PRESETS } from "../../src/config.ts";
import { tf } from "../../src/deps/tf.ts";
import type { Sgp } from "../../src/model/sgp.ts";
import { Adam } from "../../src/kernels/adam.ts";
import { lossAndGradients } from "../../src/train/step.ts";
import { testOnEachBackend, testOnRelaxedSimd } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

const LOSS = PRESETS.small.train;

/** The part of the backend that these tests use. */
interface WasmBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
}

const wasm = () => (tf.backend() as unknown as WasmBackend).wasm;

const heapBytes = () => wasm().asm.memory.buffer.byteLength;

/** Counts the blocks that a function allocates on the heap, and those it does not free. */
async function blocksOf(
  run: () => Promise<void>,
): Promise<{ taken: number; left: number }> {
  const module = wasm();
  const { _malloc, _free } = module;
  const blocks = new Set<number>();
  let taken = 0;
  module._malloc = (bytes) => {
    const address = _malloc(bytes);
    blocks.add(address);
    taken++;
    return address;
  };
  module._free = (address) => {
    blocks.delete(address);
    _free(address);
  };
  try {
    await run();
  } finally {
    Object.assign(module, { _malloc, _free });
  }
  return { taken, left: blocks.size };
}

testOnEachBackend("prediction and training leave nothing on the heap", async () => {
  // The backend allocates its own space when it first computes.
  tf.dispose(tf.add(tf.ones([4]), 1));
  for (const features of ["default", "paper"] as const) {
    const { taken, left } = await blocksOf(async () => {
      const sgp = smallSgp(smallConfig("gpi_linguistic", { features }));
      const adam = new Adam(sgp.parameters);
      const images = [3, 1, 2].map((n) => randomImage(n, "heap", n));
      for (let i = 0; i < 2; i++) {
        await sgp.predict(images, { attention: "mean" });
        const dropout = { rate: 0.1, seeds: [1, 2, 3] };
        const { gradients } = await lossAndGradients(sgp, images, LOSS, dropout);
        adam.update(gradients, 1e-3);
        tf.dispose(gradients);
      }
      adam.dispose();
      sgp.dispose();
    });
    assert(taken > 100, `only ${taken} blocks were taken`);
    assertEquals(left, 0, `blocks left behind with ${features} features`);
  }
}, ["wasm"]);

/**
 * Runs a step again and again with less and less free heap, until the heap grows during it.
 *
 * @returns The result of the first run, and of the run during which the heap grew.
 */
async function aroundGrowth<T>(step: () => Promise<T>): Promise<[T, T]> {
  const first = await step();
  const held: tf.Tensor[] = [];
  try {
    while (true) {
      const before = heapBytes();
      const next = await step();
      if (heapBytes() > before) return [first, next];
      assert(held.length < 1000, "the heap never grew");
      held.push(tf.ones([64, 1024])); // 256 KB
    }
  } finally {
    tf.dispose(held);
  }
}

const WIDE = { hidden: 64, layers: [64, 64] };

testOnEachBackend("a training step is right if the heap grows during it", async () => {
  const sgp = smallSgp(smallConfig("gpi_linguistic", WIDE));
  const images = [30, 20].map((n) => randomImage(n, "growth", n));
  const [expected, actual] = await aroundGrowth(async () => {
    const { loss, gradients } = await lossAndGradients(sgp, images, LOSS);
    const values: [string, Float32Array][] = [];
    for (const [name, gradient] of Object.entries(gradients)) {
      values.push([name, await gradient.data<"float32">()]);
    }
    tf.dispose(gradients);
    return { loss, values };
  });
  assertEquals(actual, expected);
  sgp.dispose();
}, ["wasm"]);

async function predictAroundGrowth(sgp: Sgp): Promise<void> {
  const images = [60, 40].map((n) => randomImage(n, "growth", n));
  const [expected, actual] = await aroundGrowth(() => sgp.predict(images));
  assertEquals(actual, expected);
  sgp.dispose();
}

testOnEachBackend(
  "a prediction is right if the heap grows during it",
  () => predictAroundGrowth(smallSgp(smallConfig("gpi_linguistic", WIDE))),
  ["wasm"],
);

testOnRelaxedSimd(
  "a prediction in 8 bits is right if the heap grows during it",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_linguistic", WIDE));
    const ranges = [new Float32Array(64).fill(20)];
    await sgp.quantize({ rhoRelation: ranges, rhoEntity: ranges });
    await predictAroundGrowth(sgp);
  },
);
