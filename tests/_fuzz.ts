/**
 * Feeds a reader spoiled files. Each must give a result or a clear error within one second
 * of CPU time and 500 MB.
 *
 * @module
 */

import { assert } from "@std/assert";
import process from "node:process";
import { Random } from "../src/random.ts";
import { usually } from "./_usually.ts";

/** Least number of inputs for each reader. */
export const FUZZ_INPUTS: number = usually(500, 2000);
/** Number of places at which each sample is cut off. */
const CUTS = usually(50, 200);
/** CPU time of this thread, so tests that run beside this one do not count. */
const MOST_CPU_MILLISECONDS = 1000;
/** Elapsed time, for readers that wait or work in another thread. */
const MOST_MILLISECONDS = 30_000;
const MOST_BYTES = 500e6;

/** Bytes of false lengths. */
const LIES: readonly (readonly number[])[] = [
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0, 0, 0, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0, 1],
  [0x40, 0x42, 0x0f, 0],
  [0, 0, 0, 0],
  [0xff, 0xff],
];

/** A reader under test. */
export interface FuzzTarget {
  /** Name of the file, which every error must contain. */
  name: string;
  /** Small sound files. */
  samples: readonly Uint8Array[];
  /** Hand-made hostile files. */
  hostile?: readonly Uint8Array[];
  /** Reads a file. */
  read: (bytes: Uint8Array) => unknown;
  /** Checks the result of a spoiled file. */
  check?: (result: unknown, sample: number) => void;
}

/**
 * Spoils samples: cuts each off at many places, then at random flips bits, inserts false
 * lengths, and removes, doubles or copies bytes, until there are {@linkcode FUZZ_INPUTS}.
 */
export function* spoiled(
  samples: readonly Uint8Array[],
  seed: number,
): Generator<{ bytes: Uint8Array; sample: number; how: string }> {
  let made = 0;
  for (const [sample, whole] of samples.entries()) {
    for (let i = 0; i < CUTS; i++) {
      const at = Math.floor(i * whole.length / CUTS);
      made++;
      yield { bytes: whole.slice(0, at), sample, how: `cut off at ${at}` };
    }
  }
  const random = new Random(seed, "fuzz");
  for (; made < FUZZ_INPUTS; made++) {
    const sample = random.below(samples.length);
    const whole = samples[sample];
    const at = random.below(whole.length);
    let bytes: Uint8Array = whole.slice();
    let how: string;
    switch (random.below(5)) {
      case 0: {
        const flips = 1 + random.below(4);
        for (let k = 0; k < flips; k++) {
          bytes[random.below(whole.length)] ^= 1 << random.below(8);
        }
        how = `${flips} bits flipped`;
        break;
      }
      case 1: {
        const lie = LIES[random.below(LIES.length)];
        bytes.set(lie.slice(0, whole.length - at), at);
        how = `[${lie}] at ${at}`;
        break;
      }
      case 2: {
        const length = 1 + random.below(16);
        bytes = joined(whole.subarray(0, at), whole.subarray(at + length));
        how = `${length} bytes left out at ${at}`;
        break;
      }
      case 3: {
        const length = 1 + random.below(64);
        bytes = joined(whole.subarray(0, at + length), whole.subarray(at));
        how = `${length} bytes doubled at ${at}`;
        break;
      }
      default: {
        const from = random.below(whole.length);
        bytes.copyWithin(at, from, from + 1 + random.below(32));
        how = `bytes copied from ${from} to ${at}`;
      }
    }
    yield { bytes, sample, how };
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Memory of this thread in bytes; tests that run beside this one share the process. */
function ownMemory(): number {
  const { heapTotal, external } = Deno.memoryUsage();
  return heapTotal + external;
}

/**
 * Feeds a reader its hostile files and all spoiled samples.
 *
 * @param target The reader.
 * @param seed Seed of the spoiled samples.
 * @returns The number of inputs, and of those that were refused.
 */
export async function fuzz(
  { name, samples, hostile = [], read, check }: FuzzTarget,
  seed = 1,
): Promise<{ inputs: number; refused: number }> {
  const before = ownMemory();
  let inputs = 0, refused = 0;
  const feed = async (bytes: Uint8Array, how: string, sample?: number) => {
    inputs++;
    const start = performance.now(), startOfThread = process.threadCpuUsage();
    if (await isRefusedOrSame(bytes, how, sample)) refused++;
    const { user, system } = process.threadCpuUsage(startOfThread);
    const ofThread = (user + system) / 1000, took = performance.now() - start;
    assert(ofThread < MOST_CPU_MILLISECONDS, `${how}: took ${ofThread} ms`);
    assert(took < MOST_MILLISECONDS, `${how}: took ${Math.round(took)} ms of the clock`);
    const grown = ownMemory() - before;
    assert(grown < MOST_BYTES, `${how}: took ${Math.round(grown / 1e6)} MB`);
  };
  const isRefusedOrSame = async (bytes: Uint8Array, how: string, sample?: number) => {
    try {
      const result = await read(bytes.slice());
      if (sample !== undefined) check?.(result, sample);
      return false;
    } catch (error) {
      const isClear = error instanceof Error && error.message.startsWith("Cannot ") &&
        error.message.includes(name);
      if (!isClear) throw new Error(`${how}: ${error}`, { cause: error });
      return true;
    }
  };
  for (const [i, bytes] of hostile.entries()) await feed(bytes, `hostile file ${i}`);
  for (const { bytes, sample, how } of spoiled(samples, seed)) {
    await feed(bytes, `sample ${sample}, ${how}`, sample);
  }
  return { inputs, refused };
}
