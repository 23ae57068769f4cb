/** Compares every operation with plain loops at ragged sizes, random sizes, and on odd numbers. */

import fc from "fast-check";
import { BACKENDS, testOnEachBackend } from "../_backends.ts";
import { Odd, type Sizes } from "./_compare.ts";
import { usually } from "../_usually.ts";
import { OPERATIONS } from "./_operations.ts";

/** Sizes around those of a vector (4), a tile (6 x 8), its steps (32), and the model. */
const SIZES = [1, 3, 4, 5, 7, 8, 9, 31, 32, 33, 500, 501];

/** Each size in each place; all triples would take too long. */
const RAGGED = SIZES.map((m, i): Sizes => [m, SIZES[(i + 5) % 12], SIZES[(i + 7) % 12]]);

/** Runs of a property; fewer on WebGPU, whose software adapter is slow. */
const RUNS = usually({ wasm: 15, webgpu: 2, cpu: 2 }, { wasm: 30, webgpu: 5, cpu: 5 });

for (const [name, compare] of Object.entries(OPERATIONS)) {
  const backends = [...BACKENDS, "cpu"] as const;

  testOnEachBackend(`${name} equals plain loops at ragged sizes`, async () => {
    for (const [i, sizes] of RAGGED.entries()) await compare(sizes, i);
  }, backends);

  testOnEachBackend(`${name} equals plain loops at random sizes`, async (backend) => {
    const size = fc.integer({ min: 1, max: 70 });
    const sizes = fc.tuple(size, size, size);
    const property = fc.asyncProperty(
      sizes,
      fc.nat(),
      (sizes, seed) => compare(sizes, seed),
    );
    await fc.assert(property, { seed: 1, numRuns: RUNS[backend] });
  }, backends);

  testOnEachBackend(`${name} accepts inputs without rows`, async () => {
    await compare([0, 5, 3], 1);
  }, backends);

  // WGSL does not define results for numbers that are not finite, and composed operations
  // multiply them by 0 instead of leaving them out.
  testOnEachBackend(`${name} passes NaN and infinity on`, async () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      for (const sizes of [[1, 1, 1], [6, 5, 3], [9, 7, 13]] as const) {
        // The number is in each input in turn, and in the gradient of the output.
        for (let place = 0, numArrays = 1; place < numArrays; place++) {
          const odd = new Odd(value, place);
          await compare(sizes, 1, odd);
          numArrays = odd.numArrays;
        }
      }
    }
  }, ["wasm"]);
}

// Tiles of the product that are cut off below, at the right and in the middle, together.
testOnEachBackend("dense() equals plain loops whatever sizes meet", async (backend) => {
  const compare = OPERATIONS["dense() with everything"];
  const sizes = SIZES.slice(0, backend === "wasm" ? 10 : 4);
  for (const [i, m] of sizes.entries()) {
    for (const [j, k] of sizes.entries()) {
      await compare([m, k, SIZES[(i + 3 * j) % 10]], i);
    }
  }
  if (backend !== "wasm") return;
  await compare([7, 501, 33], 0);
  await compare([501, 9, 500], 0);
});
