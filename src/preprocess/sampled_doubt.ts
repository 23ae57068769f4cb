/**
 * Simulates the output of a detector on annotated boxes: a box of a class gets one of the
 * score vectors that the detector gave to real boxes of this class.
 *
 * @module
 */

import { classBeliefs, type ClassShares } from "../predict/classes/class_beliefs.ts";
import type { Random } from "../random.ts";

/** What a detector believed of boxes whose true classes are known. */
export interface DoubtSamples {
  /** Name of the detector. */
  detector: string;
  /** Where the boxes come from. */
  source: string;
  /** The detector's K classes. */
  classes: readonly string[];
  /** Power of the beliefs that fits these samples best, see `classBeliefs`. */
  power: number;
  /** The powers that fit the samples of either half best. */
  powers: readonly number[];
  /** One for each box. */
  samples: readonly DoubtSample[];
}

/** What a detector believed of one box. */
export interface DoubtSample {
  /** Index of the true class among the K. */
  truth: number;
  /** Half of the images, 0 or 1, so that each half can be judged by the other. */
  half: number;
  /** Beliefs above 0, each as class and number. */
  beliefs: readonly (readonly [label: number, belief: number])[];
}

/** A class that borrows the samples of another. */
export interface Borrowed {
  /** The class that has too few samples. */
  name: string;
  /** The class that it takes them from. */
  from: string;
}

/** A class with fewer samples borrows those of the most similar class that has enough. */
const LEAST_SAMPLES = 3;

/** Settings of {@linkcode SampledDoubt}. */
export interface SampledDoubtOptions {
  /** `[K]`: classes of the vocabulary that each of the detector's classes may be. */
  shares: ClassShares;
  /** C: number of classes of the vocabulary. */
  numClasses: number;
  /** `[K, E]`: word vectors of the detector's classes, which tell which are similar. */
  words: { data: Float32Array; size: number };
  /** Uses the samples of one half of the photographs only. */
  half?: number;
  /** `[C, C]`: see `classBeliefs`. */
  profiles?: Float32Array;
}

/** Draws score vectors of a detector for entities of known classes. */
export class SampledDoubt {
  /** The classes that borrow samples. */
  readonly borrowed: readonly Borrowed[];
  readonly #classes: number;
  readonly #options: SampledDoubtOptions;
  readonly #power: number;
  /** `[K]`: samples of each class, and the class that they were taken from. */
  readonly #pools: readonly { from: number; samples: readonly DoubtSample[] }[];
  /** `[C]`: the detector's classes that each class of the vocabulary may be seen as. */
  readonly #seenAs: readonly (readonly number[])[];

  /**
   * @param doubt The samples.
   * @param options The vocabulary's classes for those of the detector.
   * @throws {RangeError} If no class has {@linkcode LEAST_SAMPLES} samples.
   */
  constructor(doubt: DoubtSamples, options: SampledDoubtOptions) {
    const { classes, samples } = doubt;
    this.#classes = classes.length;
    this.#options = options;
    this.#power = options.half === undefined ? doubt.power : doubt.powers[options.half];
    const own = classes.map((_, k) =>
      samples.filter(({ truth, half }) =>
        truth === k && (options.half === undefined || options.half === half)
      )
    );
    const rich = own.flatMap((list, k) => list.length >= LEAST_SAMPLES ? [k] : []);
    if (rich.length === 0) {
      throw new RangeError(
        `Cannot draw beliefs of "${doubt.detector}" as a class must have ${LEAST_SAMPLES} or more samples: found at most ${
          Math.max(0, ...own.map(({ length }) => length))
        }`,
      );
    }
    this.#pools = own.map((list, k) => {
      if (list.length >= LEAST_SAMPLES) return { from: k, samples: list };
      const from = mostSimilar(k, rich, options.words);
      return { from, samples: own[from] };
    });
    this.borrowed = this.#pools.flatMap(({ from }, k) =>
      from === k ? [] : [{ name: classes[k], from: classes[from] }]
    );
    this.#seenAs = Array.from(
      { length: options.numClasses },
      (_, label) =>
        options.shares.flatMap((share, k) =>
          share.some((each) => each.label === label && each.weight > 0) ? [k] : []
        ),
    );
  }

  /** Whether the detector has a class for this class of the vocabulary. */
  sees(label: number): boolean {
    return this.#seenAs[label].length > 0;
  }

  /**
   * Draws what the detector believes of an entity.
   *
   * @param label The true class, which the detector must see.
   * @param random Decides the sample.
   * @returns `[C]`: logarithms of probabilities.
   */
  draw(label: number, random: Random): Float32Array {
    const seenAs = this.#seenAs[label];
    const truth = seenAs[random.below(seenAs.length)];
    const { from, samples } = this.#pools[truth];
    const { beliefs } = samples[random.below(samples.length)];
    const row = new Float32Array(this.#classes);
    for (const [k, belief] of beliefs) {
      // The lender's own class and that of the borrower change places.
      row[k === from ? truth : k === truth ? from : k] = belief;
    }
    const { shares, numClasses, profiles } = this.#options;
    return classBeliefs(row, shares, numClasses, { power: this.#power, profiles })
      .map(Math.log);
  }
}

/** The class among `others` whose word vector has the greatest cosine with that of `k`. */
function mostSimilar(
  k: number,
  others: readonly number[],
  { data, size }: SampledDoubtOptions["words"],
): number {
  const vector = (i: number) => data.subarray(i * size, (i + 1) * size);
  const dot = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosine = (a: Float32Array, b: Float32Array) =>
    dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
  const similarity = others.map((other) => cosine(vector(k), vector(other)));
  return others[similarity.indexOf(Math.max(...similarity))];
}
