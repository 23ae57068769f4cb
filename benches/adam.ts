/**
 * Adam over all parameters, against TensorFlow.js operations and against moving as many
 * bytes: for each parameter it reads 16 (value, two moments, gradient) and writes 12.
 *
 * The copies read 14 and write 14, on the heap of the same backend, by the engine's own
 * `memmove`: to another place, and, since Adam writes where it has read and so needs not
 * fetch what it overwrites, by one number within the same place.
 *
 * @module
 */

import { tf } from "../src/deps/tf.ts";
import { type AdamTensors, composeAdam, updateByAdam } from "../src/kernels/adam.ts";
import type { Contender, Runner } from "./_contender.ts";
import type { Part } from "./row.ts";

/** Floats that a copy reads for each parameter, and as many that it writes. */
const COPIED = 3.5;

const NUMBERS = { beta1: 0.9, beta2: 0.999, rate: 1e-4, epsilon: 1e-8 };

/** Updates after which outputs are compared: the moments are those of several by then. */
const COMPARED_UPDATES = 3;

/** How far they may be: rounding of one pass, and of twelve. */
const TOLERANCE = 1e-6;

/** Ours, the same of TensorFlow.js operations and the two copies. */
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

/** The value starts at zero, so that what is compared is how far it moves. */
function makeTensors(gradient: tf.Tensor): Required<AdamTensors> {
  const zeros = () => tf.variable(tf.zerosLike(gradient));
  return { value: zeros(), first: zeros(), second: zeros(), gradient };
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
