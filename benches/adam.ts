/**
 * Adam over all parameters, against TensorFlow.js operations and against copies of as many
 * bytes: for each parameter Adam reads 16 bytes (value, two moments, gradient) and writes 12.
 *
 * The copies read 14 bytes and write 14, on the heap of the same backend, by the engine's own
 * `memmove`. One copies to another place. One moves numbers by one place, since Adam, too,
 * overwrites memory that it has just read and that is in the cache.
 *
 * @module
 */

import { tf } from "../src/deps/tf.ts";
import { type AdamTensors, composeAdam, updateByAdam } from "../src/kernels/adam.ts";
import type { Contender, Runner } from "./_contender.ts";
import type { Part } from "./row.ts";

/** Floats that a copy reads, and writes, for each parameter. */
const COPIED = 3.5;

const NUMBERS = { beta1: 0.9, beta2: 0.999, rate: 1e-4, epsilon: 1e-8 };

/** Updates before outputs are compared, so that moments are sums of several gradients. */
const COMPARED_UPDATES = 3;

/** Largest relative difference, from rounding in one pass and in twelve. */
const TOLERANCE = 1e-6;

/** Our kernel, the composed update, and the two copies. */
export function contenders({ n }: Part): Contender[] {
  return [
    { system: "ours", form: "one pass", start: () => startAdam(n, updateByAdam) },
    {
      ...{ system: "tfjs", form: "composed", tolerance: TOLERANCE },
      start: () => startAdam(n, composeAdam),
    },
    {
      ...{ system: "copy", form: "28 bytes" },
      start: () => {
        const heap = allocate(2 * COPIED * n), half = COPIED * n;
        return { run: () => heap().copyWithin(0, half) };
      },
    },
    {
      ...{ system: "copy", form: "28 bytes in place" },
      start: () => {
        const heap = allocate(COPIED * n + 1);
        return { run: () => heap().copyWithin(0, 1) };
      },
    },
  ];
}

function startAdam(n: number, update: typeof composeAdam): Runner {
  const tensors = makeTensors(tf.fill([n], 0.1));
  return {
    run: () => update(tensors, NUMBERS),
    outputs: async () => {
      const gradient = tf.tidy(() => tf.sub(tf.mul(tf.range(0, n), 2 / n), 1)); // [-1, 1)
      const fresh = makeTensors(gradient), { value, first, second } = fresh;
      for (let i = 0; i < COMPARED_UPDATES; i++) update(fresh, NUMBERS);
      const numbers = [await value.data(), await first.data(), await second.data()];
      tf.dispose(Object.values(fresh));
      return numbers;
    },
  };
}

/** Makes tensors whose value is zero, so that comparing values compares their changes. */
function makeTensors(gradient: tf.Tensor): Required<AdamTensors> {
  const zeros = () => tf.variable(tf.zerosLike(gradient));
  return { value: zeros(), first: zeros(), second: zeros(), gradient };
}

/** Allocates floats on the WASM heap; returns a function, as growing the heap detaches views. */
function allocate(size: number): () => Float32Array {
  const { dataId } = tf.fill([size], 1);
  const backend = tf.backend() as unknown as {
    wasm: { asm: { memory: WebAssembly.Memory } };
    dataIdMap: { get(id: tf.DataId): { memoryOffset: number } };
  };
  return () => {
    const { memoryOffset } = backend.dataIdMap.get(dataId);
    return new Float32Array(backend.wasm.asm.memory.buffer, memoryOffset, size);
  };
}
