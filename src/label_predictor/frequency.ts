/**
 * Class statistics: how often each predicate was annotated between two classes, the
 * field's baseline FREQ (Zellers et al., "Neural Motifs", CVPR 2018).
 *
 * We add a back-off (`back_off.ts`), so that every pair of classes gets an answer: to the
 * counts of a pair of classes we add three imagined observations, distributed as the counts
 * of each class with all others, and to those in turn as many of the overall distribution.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import { backedOff } from "./back_off.ts";
import { expectedRows } from "./class_pairs.ts";
import {
  fillDiagonal,
  type LabelPredictor,
  LEAST_PROBABILITY,
  type RelationInput,
} from "./label_predictor.ts";
import {
  countsFromArrays,
  countsToArrays,
  type RelationCounts,
} from "./relation_counts.ts";

/**
 * The label predictor of class statistics.
 *
 * @example
 * ```ts
 * import { FrequencyPredictor } from "./frequency.ts";
 * import { countRelations } from "./relation_counts.ts";
 * const image = {
 *   id: "a",
 *   width: 10,
 *   height: 10,
 *   boxes: Float32Array.of(0, 0, 5, 5, 5, 5, 9, 9),
 *   entityLabels: Int32Array.of(0, 1),
 *   relations: Int32Array.of(0, 1, 1),
 * };
 * const sizes = { numEntityClasses: 2, numPredicates: 3 };
 * const predictor = new FrequencyPredictor(countRelations([image], sizes));
 * const entityProbabilities = Float32Array.of(1, 0, 0, 1);
 * const logits = predictor.predictRelations({ ...image, entityProbabilities });
 * if (!(logits[4] > logits[3])) throw new Error("predicate 1 was annotated");
 * ```
 */
export class FrequencyPredictor implements LabelPredictor {
  /** `"frequency"`. */
  readonly name = "frequency";
  readonly #counts: RelationCounts;
  /** `[C, C, P]`: probabilities of the predicates and, last, of "no relation". */
  readonly #table: Float32Array;

  /** @param counts From {@linkcode countRelations}. */
  constructor(counts: RelationCounts) {
    this.#counts = counts;
    this.#table = probabilityTable(counts);
  }

  /**
   * Computes the logits of every ordered pair: the mean over uncertain labels, as if the
   * labels of subject and object were independent.
   *
   * @param input The entities; their boxes do not matter.
   * @returns `[N, N, P]`.
   * @throws {RangeError} If there are not C probabilities for each box.
   */
  predictRelations({ boxes, entityProbabilities }: RelationInput): Float32Array {
    const { numEntityClasses, numPredicates: width } = this.#counts;
    const sizes = { numEntityClasses, width };
    const n = boxes.length / 4;
    const rows = expectedRows(this.#table, sizes, entityProbabilities, n);
    const logits = rows.map((value) => Math.log(Math.max(value, LEAST_PROBABILITY)));
    fillDiagonal(logits, width);
    return logits;
  }

  /** The counts as arrays; see {@linkcode countsToArrays}. */
  toArrays(): Record<string, NamedArray> {
    return countsToArrays(this.#counts);
  }

  /**
   * Makes the label predictor from the result of {@linkcode toArrays}.
   *
   * @throws {RangeError} Under the conditions of {@linkcode countsFromArrays}.
   */
  static fromArrays(arrays: Record<string, NamedArray>): FrequencyPredictor {
    return new FrequencyPredictor(countsFromArrays(arrays));
  }
}

/** Probabilities by class of subject, class of object, and predicate or "no relation". */
function probabilityTable(counts: RelationCounts): Float32Array {
  const { numEntityClasses: c, numPredicates, relations, pairs, relatedPairs } = counts;
  const p = numPredicates - 1;
  const predicates = backedOff(c, p, relations);
  const relatedness = Float64Array.from({ length: 2 * c * c }, (_, at) => {
    const cell = at >> 1;
    return at % 2 === 1 ? relatedPairs[cell] : pairs[cell] - relatedPairs[cell];
  }); // [C, C, 2]: not related, related
  const related = backedOff(c, 2, relatedness);
  const table = new Float32Array(c * c * numPredicates);
  for (let cell = 0; cell < c * c; cell++) {
    const isRelated = related[cell * 2 + 1];
    for (let k = 0; k < p; k++) {
      table[cell * numPredicates + k] = isRelated * predicates[cell * p + k];
    }
    table[cell * numPredicates + p] = 1 - isRelated;
  }
  return table;
}
