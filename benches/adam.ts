/**
 * Adam over all parameters, against moving as many bytes: for each parameter it reads 16
 * (value, two moments, gradient) and writes 12.
 *
 * The copies read 14 and write 14, on the heap of the same backend, by the engine's own
 * `memmove`: to another place, and, since Adam writes where it has read and so needs not
 * fetch what it overwrites, by one number within the same place.
 *
 * @module
 */

import { tf } from "../src/deps.ts";
import { type AdamTensors, updateByAdam } from "../src/kernels/adam.ts";
import type { Contender } from "./_contender.ts";
import type { Part } from "./row.ts";

/** Floats that a copy reads for each parameter, and as many that it writes. */
const COPIED = 3.5;

const NUMBERS = { beta1: 0.9, beta2: 0.999, rate: 1e-4, epsilon: 1e-8 };

/** Ours and the two copies. */
export function contenders({ n }: Part): Contender[] {
  return [
    { system: "ours", form: "one pass", start: () => startAdam(n) },
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

function startAdam(n: number) {
  const tensors: AdamTensors = {
    value: tf.variable(tf.fill([n], 1)),
    first: tf.variable(tf.zeros([n])),
    second: tf.variable(tf.zeros([n])),
    gradient: tf.fill([n], 0.1),
  };
  return { run: () => updateByAdam(tensors, NUMBERS) };
}

/** Floats on the heap of the WASM backend; a view, as growing the heap makes another. */
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
