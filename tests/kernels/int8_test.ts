import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { tf } from "../../src/deps/tf.ts";
import { denseInt8, Int8Layer } from "../../src/kernels/int8.ts";
import {
  gatherQuads,
  type Int8Matrix,
  padToPanels,
  quantizeWeights,
  rowBytes,
} from "../../src/kernels/int8_weights.ts";
import { instantiate } from "../../src/kernels/wasm_module.ts";
import { buildUrl } from "../../build/compile_kernels.ts";
import { assertNoLeak } from "../_assert.ts";
import { testOnEachBackend, testOnRelaxedSimd } from "../_backends.ts";
import { randomArray } from "./_gradients.ts";
import { denseInt8Plain, type PlainInt8Layer } from "./_int8_plain.ts";
import { densePlain } from "./_plain.ts";

/** Sizes around those of a tile (6 x 8), of the inputs of a 16-bit sum (16), and of vectors. */
const SIZES = [1, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33];

/** A layer with weights in [-1, 1) and input ranges of at most `most`. */
function layerOf(
  k: number,
  n: number,
  most: number,
  ...seed: (number | string)[]
): PlainInt8Layer {
  const weights = randomArray(k * n, ...seed, "w"), biases = randomArray(n, ...seed, "b");
  const shares = randomArray(k, ...seed, "r").map(Math.abs);
  return { weights, biases, inputRanges: shares.map((share) => most * share) };
}

/** Runs the kernels on plain numbers. */
async function run(
  x: Float32Array,
  m: number,
  plain: readonly PlainInt8Layer[],
): Promise<Float32Array> {
  const layers = plain.map(({ weights, biases, inputRanges }) =>
    new Int8Layer(weights, biases, inputRanges)
  );
  const input = tf.tensor2d(x, [m, x.length / m]), y = denseInt8(input, layers);
  const result = await y.data() as Float32Array;
  tf.dispose([input, y]);
  for (const layer of layers) layer.dispose();
  return result;
}

/** Asserts that kernels and plain loops give the same bits. */
async function compare(m: number, widths: readonly number[]): Promise<void> {
  const layers = widths.slice(1).map((n, i) => layerOf(widths[i], n, 0.9 + i, i, n));
  const x = randomArray(m * widths[0], m, "x");
  await assertNoLeak(async () => {
    assertEquals(await run(x, m, layers), denseInt8Plain(x, layers), `${m}, ${widths}`);
  });
}

testOnRelaxedSimd("denseInt8() equals the plain loops at ragged sizes", async () => {
  for (const [i, m] of SIZES.entries()) {
    for (const [j, k] of SIZES.entries()) {
      const n = SIZES[(i + 3 * j) % SIZES.length];
      await compare(m, [k, n]);
      await compare(n, [k, m, n]);
    }
  }
});

testOnRelaxedSimd(
  "denseInt8() equals the plain loops at the published sizes",
  async () => {
    await compare(7, [500, 500]);
    await compare(101, [501, 33, 500]);
    await compare(501, [9, 500, 501, 5]);
    // Several pieces of inputs, the last one shorter, and one or two blocks of rows.
    await compare(48, [130, 20]);
    await compare(49, [520, 9]);
  },
);

testOnRelaxedSimd("denseInt8() equals the plain loops at random sizes", async () => {
  const size = fc.integer({ min: 1, max: 70 });
  const widths = fc.array(size, { minLength: 2, maxLength: 5 });
  await fc.assert(fc.asyncProperty(size, widths, compare), { numRuns: 100, seed: 1 });
});

testOnRelaxedSimd("denseInt8() is close to the layer in float32", async () => {
  const [m, k, n] = [30, 500, 60];
  const { weights, biases } = layerOf(k, n, 1, "close");
  const x = randomArray(m * k, "x").map(Math.abs);
  const inputRanges = new Float32Array(k).fill(1);
  const y = await run(x, m, [{ weights, biases, inputRanges }]);
  const exact = densePlain(x, weights, [m, k, n], { biases, isRelu: true });
  // The steps are 1/127 of inputs and about 2.2/127 of weights (the 8 weights of a 16-bit
  // sum decide), so a product is off by 1.3e-3 and 2.9e-3 (standard deviations), and 500
  // of them by 0.07.
  const worst = y.reduce((most, v, i) => Math.max(most, Math.abs(v - exact[i])), 0);
  assert(worst < 5 * 0.07, `off by ${worst}`);
});

testOnRelaxedSimd("denseInt8() sums the greatest products exactly", async () => {
  // 127 x 127 x 500 in each output: beyond 16 bits after 3 products.
  for (const sign of [1, -1]) {
    const weights = new Float32Array(500).fill(sign * 2), biases = Float32Array.of(1);
    const inputs = new Float32Array(500).fill(3);
    const [y] = await run(inputs, 1, [{ weights, biases, inputRanges: inputs }]);
    // Eight equal weights are 254 / 8 = 31.75 steps each, so 32: 2 becomes 32/31.75 x 2.
    const expected = sign * 500 * 3 * 2 * 32 / 31.75 + 1;
    assert(Math.abs(y - Math.max(0, expected)) < 1e-3, `${y}`);
  }
});

testOnRelaxedSimd(
  "denseInt8() makes NaN 0 and limits inputs to their ranges",
  async () => {
    const x = Float32Array.of(NaN, -1, -Infinity, 0.4, 10, Infinity);
    const layer = {
      weights: Float32Array.of(1),
      biases: Float32Array.of(0),
      inputRanges: Float32Array.of(127),
    };
    assertEquals([...await run(x, 6, [layer])], [0, 0, 0, 0, 10, 127]);
  },
);

testOnRelaxedSimd("denseInt8() counts each input in its own steps", async () => {
  const layer = {
    weights: Float32Array.of(1, 1, 1),
    biases: Float32Array.of(0),
    // Steps are 1 and 0.25; the range 0 is raised to an eighth of 127, a step of 0.125.
    inputRanges: Float32Array.of(127, 31.75, 0),
  };
  // 64 -> 64, 10.3 -> 41.2 -> 41 steps of 0.25, 15 -> 120 of 0.125, 40 is beyond 15.875.
  const x = Float32Array.of(64, 0, 0, 0, 10.3, 0, 0, 0, 15, 0, 0, 40);
  const y = await run(x, 4, [layer]);
  // The weights, in steps of inputs 1, 1/4 and 1/8, are 127, 32 and 16 of 127 steps.
  const worth = [64, 41 * 32 / 127, 120 * 16 / 127, 127 * 16 / 127];
  for (const [i, value] of y.entries()) assert(Math.abs(value - worth[i]) < 1e-4, `${y}`);
});

testOnRelaxedSimd("denseInt8() rounds halves to the even step", async () => {
  const x = Float32Array.of(0.5, 1.5, 2.5, 126.5, 3.49, 3.51);
  const layer = {
    weights: Float32Array.of(1),
    biases: Float32Array.of(0),
    inputRanges: Float32Array.of(127),
  };
  assertEquals([...await run(x, 6, [layer])], [0, 2, 2, 126, 3, 4]);
});

testOnRelaxedSimd(
  "denseInt8() gives biases if all weights are 0, and no rows for no rows",
  async () => {
    const biases = Float32Array.of(2, -2);
    const inputRanges = Float32Array.of(1, 1, 1);
    const layer = { weights: new Float32Array(6), biases, inputRanges };
    assertEquals([...await run(Float32Array.of(1, 1, 1), 1, [layer])], [2, 0]);
    const made = new Int8Layer(layer.weights, biases, inputRanges);
    const none = tf.zeros<tf.Rank.R2>([0, 3]), y = denseInt8(none, [made]);
    assertEquals(y.shape, [0, 2]);
    tf.dispose([none, y]);
    made.dispose();
  },
);

testOnRelaxedSimd("denseInt8() refuses sizes that do not fit", () => {
  const ranges = Float32Array.of(1, 1, 1);
  const layer = new Int8Layer(new Float32Array(6), new Float32Array(2), ranges);
  const x = tf.zeros<tf.Rank.R2>([4, 3]);
  assertThrows(
    () => denseInt8(x, [layer, layer]),
    RangeError,
    "Cannot apply 8-bit layers to [4,3] as layer 1 must have 3 inputs: found 2",
  );
  assertThrows(
    () => denseInt8(x, []),
    RangeError,
    'Cannot apply 8-bit layers as "layers" must not be empty',
  );
  x.dispose();
  layer.dispose();
});

testOnRelaxedSimd("Int8Layer refuses weights and ranges that it cannot quantise", () => {
  const make = (weights: number[], biases: number[], ...ranges: number[]) => () =>
    new Int8Layer(
      ...[weights, biases, ranges].map((list) => Float32Array.from(list)) as [
        ...[Float32Array, Float32Array, Float32Array],
      ],
    );
  const refuse = (run: () => unknown, message: string) =>
    assertThrows(run, RangeError, message);
  const before = tf.memory().numTensors;
  refuse(
    make([1, 2, 3], [1, 2], 1),
    "Cannot quantise a layer as its weights must be a matrix of 2 columns: found 3 numbers",
  );
  refuse(make([], [], 1), "must be a matrix of 0 columns: found 0 numbers");
  refuse(
    make([1, 2], [1], 1),
    "Cannot quantise a layer as each of its 2 inputs must have a range: found 1",
  );
  for (const range of [-1, NaN, Infinity, 2 ** 100]) {
    refuse(
      make([1, 2], [1], 1, range),
      `Cannot quantise a layer as its input ranges must be in [0, 2^99]: found ${range}`,
    );
  }
  make([1, 2], [1], 1, 2 ** 99)().dispose();
  refuse(
    make([1e11, 2], [1], 2 ** 99, 1),
    "Cannot quantise weights as all must be finite in steps of the inputs: found Infinity at 0",
  );
  refuse(
    make([1, NaN], [1], 1, 1),
    "Cannot quantise weights as all must be finite: found NaN at 1",
  );
  assertEquals(tf.memory().numTensors, before);
});

testOnEachBackend(
  "denseInt8() is refused on backends and builds that lack it",
  (backend, options) => {
    const x = tf.zeros<tf.Rank.R2>([1, 1]);
    const refuse = (message: string) =>
      assertThrows(() => denseInt8(x, []), Error, `Cannot predict in int8 ${message}`);
    if (backend !== "wasm") {
      refuse(`as the backend must be "wasm": current value is "${backend}"`);
    } else if (options.deterministic) {
      refuse("with deterministic kernels, which are plain SIMD; use one or the other");
    } else {
      const validate = WebAssembly.validate;
      WebAssembly.validate = () => false;
      try {
        refuse("as this engine lacks relaxed SIMD; use float32");
      } finally {
        WebAssembly.validate = validate;
      }
    }
    x.dispose();
  },
  ["wasm", "cpu"],
);

Deno.test("quantizeWeights() keeps every 16-bit sum of the kernel in range", () => {
  const weight = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1, -1, 0, 0.5, 3e38, 1e-45, 2 ** -126),
  );
  const column = fc.array(weight, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(column, (numbers) => {
      const { values } = quantizeWeights(Float32Array.from(numbers), numbers.length, 1);
      for (let from = 0; from < values.length; from += 16) {
        const most = [0, 0], least = [0, 0];
        for (let p = from; p < Math.min(values.length, from + 16); p++) {
          const half = p >> 1 & 1, value = values[p];
          assert(value >= -127 && value <= 127);
          if (value > 0) most[half] += 127 * value;
          else least[half] += 127 * value;
        }
        assert(Math.max(...most) < 2 ** 15 && Math.min(...least) >= -(2 ** 15));
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

Deno.test("quantizeWeights() rounds to the nearest step of each column", () => {
  // Columns [1, -0.3, 0.25] and [0, 0, 0]: steps of 1/127, and none.
  const weights = Float32Array.of(1, 0, -0.3, 0, 0.25, 0);
  const { values, scales } = quantizeWeights(weights, 3, 2);
  assertEquals([...values], [127, 0, -38, 0, 32, 0]);
  assertEquals([...scales], [Math.fround(1 / 127), 0]);
});

Deno.test("gatherQuads() joins the weights of 4 inputs of an output", () => {
  const [k, n] = [18, 3];
  const values = Int8Array.from({ length: k * n }, (_, i) => i + 1);
  const quads = gatherQuads({ values, scales: new Float32Array(n) }, k, n);
  assertEquals(quads.length, 32 * n); // 18 inputs fill two blocks of 16
  const inputs = (c: number, ...rows: number[]) => rows.map((p) => values[p * n + c]);
  assertEquals([...quads.subarray(0, 4)], inputs(0, 0, 1, 2, 3));
  assertEquals([...quads.subarray(4, 8)], inputs(1, 0, 1, 2, 3));
  assertEquals([...quads.subarray(12, 16)], inputs(0, 4, 5, 6, 7));
  assertEquals([...quads.subarray(56, 60)], [...inputs(2, 16, 17), 0, 0]);
  assertEquals(quads.filter((value) => value !== 0).length, k * n);
});

/**
 * Runs the kernel on its own memory: the outputs `[m, n]` of inputs `[m, rowBytes(k)]`, summed
 * by pairs and by dots.
 */
async function runBoth(
  inputs: Uint8Array,
  matrix: Int8Matrix,
  biases: Float32Array,
): Promise<Float32Array[]> {
  const n = biases.length, k = matrix.values.length / n, m = inputs.length / rowBytes(k);
  const bytes = (await Deno.readFile(buildUrl("relaxed"))).buffer;
  const memory = new WebAssembly.Memory({ initial: 16 });
  const { exports } = await instantiate(bytes, memory);
  const { packColumns, packedBytes, sumsBytes, multiplyInt8 } = exports as Record<
    string,
    (...args: number[]) => number
  >;
  let next = 1024;
  const room = (size: number) => {
    const at = next;
    next = Math.ceil((at + size) / 16) * 16;
    return at;
  };
  const put = ({ buffer, byteLength }: ArrayBufferView) => {
    const at = room(byteLength);
    new Uint8Array(memory.buffer).set(new Uint8Array(buffer, 0, byteLength), at);
    return at;
  };
  const numQuads = rowBytes(k) / 4, packed = room(packedBytes(numQuads, n));
  packColumns(put(gatherQuads(matrix, k, n)), packed, numQuads, n);
  const x = put(inputs), y = room(4 * m * n);
  const padded = (values: Float32Array) => {
    const all = new Float32Array(padToPanels(n));
    all.set(values);
    return put(all);
  };
  const more = [padded(matrix.scales), padded(biases), 0, room(sumsBytes(n))];
  return [0, 1].map((byDots) => {
    multiplyInt8(x, packed, y, m, k, n, ...more, byDots);
    return new Float32Array(memory.buffer, y, m * n).slice();
  });
}

Deno.test("multiplyInt8() sums the largest 16-bit sums exactly both ways", async () => {
  // Six weights of 31.5 and two of 32.5 in each sum of 16 bits make 254, and 258 rounded:
  // times 127 that is 32766.
  const weights = Float32Array.from({ length: 16 }, (_, p) => p < 4 ? 32.5 : 31.5);
  const { values } = quantizeWeights(weights, 16, 1);
  const halves = [0, 1].map((half) =>
    values.filter((_, p) => (p >> 1 & 1) === half).reduce((a, b) => a + b)
  );
  assertEquals(halves, [258, 258]);
  const inputs = new Uint8Array(16).fill(127);
  for (const sign of [1, -1]) {
    const signed = values.map((value) => sign * value);
    const sum = signed.reduce((total, value) => total + value);
    const matrix = { values: signed, scales: Float32Array.of(1) };
    for (const [y] of await runBoth(inputs, matrix, Float32Array.of(1e5))) {
      assertEquals(y, 127 * sum + 1e5);
    }
  }
});

Deno.test("multiplyInt8() gives the same bits by either way of summing", async () => {
  // 53 rows are two blocks: the second finds the sums of the first.
  for (const [m, k, n] of [[3, 1, 7], [5, 33, 9], [53, 500, 20], [44, 16, 8]]) {
    const matrix = quantizeWeights(randomArray(k * n, m, "w"), k, n);
    const inputs = Uint8Array.from(
      randomArray(m * rowBytes(k), m, "x"),
      (value) => Math.abs(127 * value),
    );
    const biases = randomArray(n, m, "b").map((bias) => bias + 1e3);
    const [byPairs, byDots] = await runBoth(inputs, matrix, biases);
    assertEquals(byDots, byPairs);
    // The last number of the last row by hand.
    let sum = 0;
    for (let p = 0; p < k; p++) {
      sum += inputs[(m - 1) * rowBytes(k) + p] * matrix.values[p * n + n - 1];
    }
    const exact = Math.fround(Math.fround(sum) * matrix.scales[n - 1]);
    assertEquals(byDots.at(-1), Math.fround(exact + biases[n - 1]));
  }
});
