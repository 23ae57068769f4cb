/**
 * Compares the matrix product with plain loops, on a memory filled with NaN and after a product
 * of NaN, so that wrong reads show.
 */

import { assertEquals } from "@std/assert";
import { instantiate } from "../../src/kernels/wasm_module.ts";
import { Random } from "../../src/random.ts";
import { BUILDS, buildUrl } from "../../build/compile_kernels.ts";
import { assertClose } from "../_assert.ts";

type Kernels = Record<string, (...args: number[]) => number>;

/** Sizes around those of a vector (4), a panel (8), a tile's steps (32) and a block (48). */
const SIZES = [
  ...[[1, 1, 1], [2, 2, 3], [3, 5, 4], [4, 6, 7], [5, 7, 8], [6, 9, 9], [7, 31, 5]],
  ...[[8, 32, 6], [48, 33, 2], [97, 65, 12], [49, 500, 17], [101, 51, 54]],
];

/** Sizes `[m, k, n]` of products for weights, which sum over m, 256 rows at a time. */
const TRANSPOSED_SIZES = [...SIZES, [255, 6, 9], [257, 8, 3], [521, 5, 9], [513, 97, 4]];

/** No tables. */
const NOTHING = [0, 0, 0, 0, 0, 0, 0];

for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
  Deno.test(`multiply() sums in order, ${build} build`, async () => {
    const heap = await Heap.open(build), { kernels } = heap;
    const ways = [[false, false], [false, true], [true, false], [true, true]];
    for (const [m, k, n] of SIZES) {
      for (const [isTransposed, isRelu] of ways) {
        const x = heap.numbers(m * k), w = heap.numbers(k * n), bias = heap.numbers(n);
        const packed = heap.room(kernels.packedBytes(k, n)), y = heap.room(4 * m * n);
        const scratch = heap.room(kernels.sumsBytes(n));
        if (isTransposed) kernels.packTransposed(w.at, packed, k, n);
        else kernels.packColumns(w.at, packed, k, n);
        const more = [bias.at, ...NOTHING, scratch, Number(isRelu)];
        kernels.multiply(x.at, packed, y, m, k, n, ...more);
        const sums = product(
          [m, k, n],
          bias.values,
          (row, p) => x.values[row * k + p],
          (p, column) => w.values[isTransposed ? column * k + p : p * n + column],
        );
        const expected = isRelu ? sums.map((sum) => Math.max(sum, 0)) : sums;
        heap.check(y, expected, `${[m, k, n, isTransposed, isRelu]}`);
      }
    }
  });

  Deno.test(`multiplyTransposed() sums in order, ${build} build`, async () => {
    const heap = await Heap.open(build), { kernels } = heap;
    for (const [m, k, n] of TRANSPOSED_SIZES) {
      const x = heap.numbers(m * k), dy = heap.numbers(m * n);
      const y = heap.room(4 * k * n), scratch = heap.room(kernels.transposedBytes(n));
      kernels.multiplyTransposed(x.at, dy.at, y, m, k, n, scratch);
      const expected = product(
        [k, m, n],
        new Float32Array(n),
        (row, p) => x.values[p * k + row],
        (p, column) => dy.values[p * n + column],
      );
      heap.check(y, expected, `${[m, k, n]}`);
    }
  });
}

/** A product in float32, each sum from first to last. */
function product(
  [m, k, n]: readonly number[],
  bias: Float32Array,
  a: (row: number, p: number) => number,
  b: (p: number, column: number) => number,
): Float32Array {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const row = Math.floor(at / n), column = at % n;
    let sum = bias[column];
    for (let p = 0; p < k; p++) {
      sum = Math.fround(sum + Math.fround(a(row, p) * b(p, column)));
    }
    return sum;
  });
}

/** Kernels on a memory that is NaN outside of the given numbers. */
class Heap {
  readonly #floats: Float32Array;
  readonly #random = new Random("product");
  #next = 1024;

  private constructor(
    readonly kernels: Kernels,
    memory: WebAssembly.Memory,
    readonly build: keyof typeof BUILDS,
  ) {
    this.#floats = new Float32Array(memory.buffer);
    this.#clear();
  }

  static async open(build: keyof typeof BUILDS): Promise<Heap> {
    const { buffer } = await Deno.readFile(buildUrl(build));
    const memory = new WebAssembly.Memory({ initial: 64 });
    const { exports } = await instantiate(buffer, memory);
    return new Heap(exports as Kernels, memory, build);
  }

  /** Random numbers, and their address. */
  numbers(count: number): { at: number; values: Float32Array } {
    const at = this.room(4 * count);
    const values = this.#floats.subarray(at / 4, at / 4 + count);
    for (let i = 0; i < count; i++) values[i] = this.#random.between(-1, 1);
    return { at, values };
  }

  /** Allocates bytes; returns their address. */
  room(bytes: number): number {
    const at = this.#next;
    this.#next += bytes + 32;
    return at;
  }

  /** Compares numbers, in the plain build bit by bit, and clears the memory. */
  check(at: number, expected: Float32Array, what: string): void {
    const actual = this.#floats.slice(at / 4, at / 4 + expected.length);
    if (this.build === "plain") assertEquals(actual, expected, what);
    else assertClose(actual, expected, 1e-4, what);
    this.#clear();
  }

  /** Fills the memory, and the variables that the kernels keep of a product, with NaN. */
  #clear(): void {
    this.#floats.fill(NaN);
    for (const n of [8, 7]) {
      this.kernels.multiply(1024, 8192, 65536, 6, 32, n, 0, ...NOTHING, 0, 0);
    }
    this.#floats.fill(NaN);
    this.#next = 1024;
  }
}
