/**
 * Proves that no kernel writes outside its buffers: each runs on a memory filled with a guard
 * value, which no input has, and afterwards only its outputs and its scratch space may have
 * changed. And that no kernel reads beyond them: each buffer in turn ends where the memory
 * ends.
 */

import { assertEquals } from "@std/assert";
import { BUILDS, buildUrl } from "../../build/compile_kernels.ts";

/** Written everywhere before a kernel runs; as float32 it is -0.01. */
const GUARD = 0xbc23d70a | 0;

/** The bits of different float32 numbers in (0, 1], so that wrong copies show. */
const NUMBERS = new Int32Array(
  Float32Array.from({ length: 2 ** 18 }, (_, i) => 1 / (i + 1)).buffer,
);

/** Bytes between two buffers, where nothing may change. */
const GAP = 64;

/** A buffer as a range of words. */
interface Range {
  from: number;
  to: number;
  /** What stands in it, if the kernel must not write it. */
  values?: Int32Array;
}

/** The words of a memory as they should be. */
const EXPECTED = new Int32Array(2 ** 18);

/** Buffers on a memory that is filled anew. */
class Heap {
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #ranges: Range[] = [];
  #next = 1024;

  /** @param last Index of the buffer that ends where the memory ends. */
  constructor({ buffer }: WebAssembly.Memory, readonly last = -1) {
    this.#words = new Int32Array(buffer).fill(GUARD);
  }

  /** Number of buffers. */
  get numBuffers(): number {
    return this.#ranges.length;
  }

  /** A buffer that the kernel reads, of the given int32 values or of float32 numbers. */
  read(size: number, values?: (i: number) => number): number {
    const range = this.#take(4 * size), { from, to } = range;
    if (values === undefined) this.#words.set(NUMBERS.subarray(from, to), from);
    else for (let i = 0; i < size; i++) this.#words[from + i] = values(i);
    range.values = this.#words.slice(from, to);
    return 4 * from;
  }

  /** A buffer that the kernel may write. */
  write(bytes: number): number {
    return 4 * this.#take(bytes).from;
  }

  #take(bytes: number): Range {
    const size = Math.ceil(bytes / 4) * 4;
    const isLast = this.#ranges.length === this.last;
    const from = (isLast ? this.#words.byteLength - size : this.#next) / 4;
    if (!isLast) this.#next += size + GAP;
    const range = { from, to: from + size / 4 };
    this.#ranges.push(range);
    return range;
  }

  /** Fails if anything but the buffers to write has changed. */
  check(what: string): void {
    EXPECTED.fill(GUARD);
    for (const { from, to, values } of this.#ranges) {
      EXPECTED.set(values ?? this.#words.subarray(from, to), from);
    }
    const size = this.#words.length;
    let changed = 0;
    while (changed < size && EXPECTED[changed] === this.#words[changed]) changed++;
    assertEquals(changed, size, `${what} changed the word ${changed}`);
  }
}

type Kernels = Record<string, (...args: number[]) => number>;

/**
 * Sizes for every case of the kernels: around a vector (4), a tile (6 x 8), its steps (32) and
 * a block (48); with more touches than numbers to touch (k = 1601), without rows of w (0), and
 * with several pieces to touch (130).
 */
const SIZES = [
  ...[[1, 1, 1], [3, 5, 7], [7, 4, 9], [8, 1, 3], [4, 9, 5], [13, 8, 16]],
  ...[[6, 31, 33], [31, 32, 4], [49, 3, 8], [500, 7, 5], [5, 501, 3], [9, 5, 500]],
  ...[[7, 33, 14], [49, 130, 9], [50, 1601, 8], [7, 0, 9], [50, 130, 70]],
];

/** No tables. */
const NOTHING = [0, 0, 0, 0, 0, 0, 0];

/** Each kernel on matrices of m rows, k and n columns, with its buffers. */
const RUNS: Record<
  string,
  (run: Kernels, heap: Heap, m: number, k: number, n: number) => void
> = {
  multiply: (run, heap, m, k, n) => {
    const [x, packed] = [heap.read(m * k), heap.read(run.packedBytes(k, n) / 4)];
    const [bias, table, scales] = [heap.read(n), heap.read(3 * n), heap.read(m)];
    const index = heap.read(m, (i) => i % 3);
    const tables = [table, index, table, index, table, index, scales];
    const [y, sums] = [heap.write(4 * m * n), heap.write(run.sumsBytes(n))];
    for (const added of [bias, 0]) {
      for (const more of [tables, [...tables.slice(0, 2), 0, 0, 0, 0, 0], NOTHING]) {
        for (const isRelu of [1, 0]) {
          run.multiply(x, packed, y, m, k, n, added, ...more, sums, isRelu);
        }
      }
    }
  },
  multiplyTransposed: (run, heap, m, k, n) => {
    const [x, dy] = [heap.read(m * k), heap.read(m * n)];
    const [y, scratch] = [heap.write(4 * k * n), heap.write(run.transposedBytes(n))];
    run.multiplyTransposed(x, dy, y, m, k, n, scratch);
  },
  packColumns: (run, heap, _m, k, n) => {
    const w = heap.read(k * n);
    run.packColumns(w, heap.write(run.packedBytes(k, n)), k, n);
  },
  packTransposed: (run, heap, _m, k, n) => {
    const w = heap.read(k * n);
    run.packTransposed(w, heap.write(run.packedBytes(k, n)), k, n);
  },
  gather: (run, heap, m, _k, n) => {
    const [x, index] = [heap.read(3 * n), heap.read(m, (i) => i % 3)];
    run.gather(x, index, heap.write(4 * m * n), m, n);
  },
  sum: (run, heap, m, _k, n) => {
    const [x, order] = [heap.read(m * n), heap.read(m, (i) => i)];
    const starts = heap.read(3, (i) => [0, 0, m][i]);
    run.sum(x, order, starts, heap.write(8 * n), 2, n);
  },
  sumAll: (run, heap, m, _k, n) => {
    run.sumAll(heap.read(m * n), heap.write(4 * n), m, n);
  },
  scatterScaled: (run, heap, m, _k, n) => {
    const [x, index] = [heap.read(m * n), heap.read(m, (i) => i % 3)];
    run.scatterScaled(x, index, heap.read(m), heap.write(12 * n), m, 3, n);
  },
  innerProducts: (run, heap, m, _k, n) => {
    const [x, table] = [heap.read(m * n), heap.read(3 * n)];
    const index = heap.read(m, (i) => i % 3);
    run.innerProducts(x, table, index, heap.write(4 * m), m, n);
  },
  reluGradient: (run, heap, m, _k, n) => {
    const [dy, y] = [heap.read(m * n), heap.read(m * n)];
    run.reluGradient(dy, y, heap.write(4 * m * n), m * n);
  },
  poolColumns: (run, heap, m, _k, n) => {
    const [values, scores] = [heap.read(m * n), heap.read(m * n)];
    const order = heap.read(m, (i) => i), starts = heap.read(3, (i) => [0, 0, m][i]);
    const [weights, out] = [heap.write(4 * m * n), heap.write(8 * n)];
    const scratch = heap.write(run.poolColumnsBytes(n));
    for (const to of [weights, 0]) {
      run.poolColumns(values, scores, order, starts, to, out, 2, n, scratch);
    }
  },
  poolRows: (run, heap, m, _k, n) => {
    const [values, scores] = [heap.read(m * n), heap.read(m)];
    const order = heap.read(m, (i) => i), starts = heap.read(3, (i) => [0, 0, m][i]);
    const [weights, out] = [heap.write(4 * m), heap.write(8 * n)];
    run.poolRows(values, scores, order, starts, weights, out, 2, n);
  },
  poolColumnsGradient: (run, heap, m, _k, n) => {
    const [values, weights] = [heap.read(m * n), heap.read(m * n)];
    const group = heap.read(m, (i) => i % 2);
    const [out, dy] = [heap.read(2 * n), heap.read(2 * n)];
    const [dValues, dScores] = [heap.write(4 * m * n), heap.write(4 * m * n)];
    run.poolColumnsGradient(values, weights, group, out, dy, dValues, dScores, m, n);
  },
  poolRowsGradient: (run, heap, m, _k, n) => {
    const [values, weights] = [heap.read(m * n), heap.read(m)];
    const group = heap.read(m, (i) => i % 2);
    const [out, dy] = [heap.read(2 * n), heap.read(2 * n)];
    const [dValues, dScores] = [heap.write(4 * m * n), heap.write(4 * m)];
    run.poolRowsGradient(values, weights, group, out, dy, dValues, dScores, m, n);
  },
  drop: (run, heap, m, _k, n) => {
    const x = heap.read(m * n);
    run.drop(x, heap.write(4 * m * n), m * n, 1, 2, 3, 6554, 1.1);
  },
  logProbabilities: (run, heap, m, _k, n) => {
    const x = heap.read(m * n);
    const [logs, labels, best] = [4 * m * n, 4 * m, 4 * m].map((b) => heap.write(b));
    run.logProbabilities(x, logs, labels, best, m, n, n, 1e-10);
  },
  logProbabilitiesGradient: (run, heap, m, _k, n) => {
    const [logs, labels] = [heap.read(m * n), heap.read(m, (i) => i % n)];
    const [dLogs, dBest] = [heap.read(m * n), heap.read(m)];
    const dx = heap.write(4 * m * n);
    run.logProbabilitiesGradient(logs, labels, dLogs, dBest, dx, m, n, 1e-10);
  },
  crossEntropy: (run, heap, m, _k, n) => {
    const [x, targets, weights] = [heap.read(m * n), heap.read(m * n), heap.read(m)];
    run.crossEntropy(x, targets, weights, heap.write(4 * m * n), heap.write(4), m, n);
  },
  adam: (run, heap, m, _k, n) => {
    const gradient = heap.read(m * n);
    const [value, first, second] = [1, 2, 3].map(() => heap.write(4 * m * n));
    run.adam(value, first, second, gradient, m * n, 0.9, 0.999, 1e-3, 1e-8);
  },
  copy: (run, heap, m, _k, n) => {
    run.copy(heap.read(m * n), heap.write(4 * m * n), 4 * m * n);
  },
};

/** Kernels of the relaxed build only. */
const RELAXED_RUNS: typeof RUNS = {
  quantize: (run, heap, m, k) => {
    const [x, quanta] = [heap.read(m * k), heap.read(k)];
    run.quantize(x, heap.write(m * bytesOfRow(k)), m, k, quanta);
  },
  multiplyInt8: (run, heap, m, k, n) => {
    const depth = bytesOfRow(k), columns = 8 * Math.ceil(n / 8);
    const [x, packed] = [heap.read(m * depth / 4), heap.read(columns * depth / 4)];
    const [scales, biases, quanta] = [1, 2, 3].map(() => heap.read(columns));
    const [y, bytes] = [heap.write(4 * m * n), heap.write(m * bytesOfRow(n))];
    const sums = heap.write(run.sumsBytes(n));
    for (const byDots of [0, 1]) {
      run.multiplyInt8(x, packed, y, m, k, n, scales, biases, 0, sums, byDots);
      run.multiplyInt8(x, packed, bytes, m, k, n, scales, biases, quanta, sums, byDots);
    }
  },
};

/** The kernels of a build, on a memory of 1 MiB. */
async function load(
  build: keyof typeof BUILDS,
): Promise<{ kernels: Kernels; memory: WebAssembly.Memory; runs: typeof RUNS }> {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const module = new WebAssembly.Module(await Deno.readFile(buildUrl(build)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const runs = build === "relaxed" ? { ...RUNS, ...RELAXED_RUNS } : RUNS;
  return { kernels: exports as Kernels, memory, runs };
}

/** Bytes of a row of 8-bit numbers. */
const bytesOfRow = (width: number) => 16 * Math.ceil(width / 16);

for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
  Deno.test(`kernels write to their buffers only, ${build} build`, async () => {
    const { kernels, memory, runs } = await load(build);
    for (const sizes of SIZES) {
      for (const [name, run] of Object.entries(runs)) {
        const heap = new Heap(memory), [m, k, n] = sizes;
        run(kernels, heap, m, k, n);
        heap.check(`${name} of ${sizes}`);
      }
    }
    // Every kernel is in the lists above, except these, which write nothing.
    const exported = new Set(Object.keys(kernels));
    const rest = [
      "dotProduct",
      "memory",
      "packedBytes",
      "poolColumnsBytes",
      "sumsBytes",
      "transposedBytes",
    ];
    for (const key of rest) exported.delete(key);
    assertEquals([...exported].sort(), Object.keys(runs).sort());
  });

  Deno.test(`kernels read nothing beyond their buffers, ${build} build`, async () => {
    const { kernels, memory, runs } = await load(build);
    for (const sizes of SIZES) {
      for (const [name, run] of Object.entries(runs)) {
        const [m, k, n] = sizes;
        let numBuffers = 1;
        for (let last = 0; last < numBuffers; last++) {
          const heap = new Heap(memory, last), what = `${name} of ${sizes}`;
          try {
            run(kernels, heap, m, k, n);
          } catch (cause) {
            throw new Error(`${what}, buffer ${last}`, { cause });
          }
          heap.check(`${what}, buffer ${last}`);
          numBuffers = heap.numBuffers;
        }
      }
    }
  });
}
