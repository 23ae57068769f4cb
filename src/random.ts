/**
 * Seeded random numbers: the same seed gives the same numbers on every machine.
 *
 * @module
 */

/** Mixes 32 bits well (the finalizer of MurmurHash3, Appleby, public domain). */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Combines several parts into one 32-bit seed, so that each purpose has its own stream.
 *
 * @param parts Numbers (taken modulo 2^32) or strings.
 * @returns An unsigned 32-bit integer.
 *
 * @example
 * ```ts
 * import { seedFrom } from "./random.ts";
 * if (seedFrom(1, "train") === seedFrom(1, "test")) throw new Error();
 * if (seedFrom(1, "train") !== seedFrom(1, "train")) throw new Error();
 * ```
 */
export function seedFrom(...parts: (number | string)[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    if (typeof part === "number") h = mix(h ^ mix(part >>> 0));
    else for (const c of part) h = Math.imul(h ^ c.codePointAt(0)!, 0x01000193);
    h = (mix(h) + 0x9e3779b9) | 0; // so that ("ab", "c") differs from ("a", "bc")
  }
  return mix(h);
}

/**
 * A generator of random numbers (sfc32 of PractRand, 128 bits of state).
 *
 * @example
 * ```ts
 * import { Random } from "./random.ts";
 * const a = new Random(7), b = new Random(7);
 * if (a.uniform() !== b.uniform()) throw new Error();
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed Any numbers or strings, which {@linkcode seedFrom} combines. */
  constructor(...seed: (number | string)[]) {
    this.#a = seedFrom(...seed, 1);
    this.#b = seedFrom(...seed, 2);
    this.#c = seedFrom(...seed, 3);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum >>> 0;
  }

  /** A number in [0, 1). */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A draw from the normal distribution with mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of the items, all equally likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** An index, drawn in proportion to its weight; weights are >= 0 and not all zero. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i];
    let left = this.uniform() * total;
    let last = weights.length - 1;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) return i;
      if (weights[i] > 0) last = i;
    }
    return last; // reached only if rounding leaves a remainder
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends unknown[] | Int32Array>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}
