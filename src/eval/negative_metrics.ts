/**
 * Metrics of rows that annotators have judged, see `matching/labelled_rows.ts`.
 *
 * Source of `P-AUC`, `PDD` and `PDO`: Lorenz et al., "Haystack: A Panoptic Scene Graph
 * Dataset to Evaluate Rare Predicate Classes" (2023), and their `calc_metrics.py`. Source
 * of `fAP`: Gupta et al., "LVIS" (CVPR 2019), whose federated average precision looks at a
 * class only where it was judged.
 *
 * @module
 */

import type { LabelledRows } from "./matching/labelled_rows.ts";
import type { NegativeMetric } from "./metric.ts";

/** Haystack's program leaves out predicates with fewer relations. */
const LEAST_POSITIVES = 4;

/** The judged rows of one predicate, best score first. */
interface Judged {
  /** Index of the image of each row. */
  images: Uint32Array;
  positives: Uint8Array;
  scores: Float64Array;
  ranks: Uint16Array;
}

/** Judged rows of all images, sorted once, since a bootstrap takes many samples. */
export class JudgedRows {
  readonly #byPredicate = new Map<number, Judged>();
  readonly #numPredicates: number;
  /** Number of images with judged rows. */
  readonly numImages: number;

  /**
   * Sorts the rows.
   *
   * @param images For each image its rows, or `undefined` if it has no negatives.
   * @param numPredicates Number of predicates without "no relation".
   */
  constructor(images: readonly (LabelledRows | undefined)[], numPredicates: number) {
    this.#numPredicates = numPredicates;
    this.numImages = images.filter((rows) => rows !== undefined).length;
    const places = new Map<number, [image: number, row: number][]>();
    for (const [image, rows] of images.entries()) {
      rows?.predicates.forEach((predicate, row) => {
        const list = places.get(predicate) ?? [];
        list.push([image, row]);
        places.set(predicate, list);
      });
    }
    for (const [predicate, list] of [...places].sort(([a], [b]) => a - b)) {
      const scoreOf = ([image, row]: [number, number]) => images[image]!.scores[row];
      list.sort((a, b) => scoreOf(b) - scoreOf(a));
      this.#byPredicate.set(predicate, {
        images: Uint32Array.from(list, ([image]) => image),
        positives: Uint8Array.from(list, ([image, row]) => images[image]!.positives[row]),
        scores: Float64Array.from(list, scoreOf),
        ranks: Uint16Array.from(list, ([image, row]) => images[image]!.ranks[row]),
      });
    }
  }

  /**
   * The mean of a metric over the predicates that have relations and negatives, for all
   * but `fAP` at least four relations.
   *
   * @param metric Its name.
   * @param weights How often each image is in the sample; default: once.
   * @returns From 0 to 1; NaN if no predicate has both.
   */
  value(metric: NegativeMetric, weights?: ArrayLike<number>): number {
    let total = 0, count = 0;
    for (const judged of this.#byPredicate.values()) {
      const weightOf = (i: number) => weights ? weights[judged.images[i]] : 1;
      let positives = 0, negatives = 0;
      judged.positives.forEach((isPositive, i) => {
        if (isPositive) positives += weightOf(i);
        else negatives += weightOf(i);
      });
      const least = metric === "fAP" ? 1 : LEAST_POSITIVES;
      if (positives < least || negatives === 0) continue;
      count++;
      total += metric === "fAP"
        ? averagePrecision(judged, weightOf, positives)
        : metric === "P-AUC"
        ? areaUnderCurve(judged, weightOf, positives, negatives)
        : metric === "PDD"
        ? discriminationDisadvantage(judged, weightOf, positives, this.#numPredicates)
        : dominanceOverestimation(judged, weightOf, this.#numPredicates);
    }
    return total / count;
  }
}

/** Weight of the i-th row. */
type WeightOf = (i: number) => number;

/** Calls back with the weights of positives and negatives of each score, best first. */
function forEachScore(
  { scores, positives }: Judged,
  weightOf: WeightOf,
  visit: (positive: number, negative: number) => void,
): void {
  for (let i = 0; i < scores.length;) {
    const score = scores[i];
    let positive = 0, negative = 0;
    for (; i < scores.length && scores[i] === score; i++) {
      if (positives[i]) positive += weightOf(i);
      else negative += weightOf(i);
    }
    visit(positive, negative);
  }
}

/** Mean over the relations of the precision down to their score. */
function averagePrecision(judged: Judged, weightOf: WeightOf, positives: number): number {
  let hits = 0, all = 0, sum = 0;
  forEachScore(judged, weightOf, (positive, negative) => {
    hits += positive;
    all += positive + negative;
    if (positive > 0) sum += positive * hits / all;
  });
  return sum / positives;
}

/** Share of pairs of a relation and a negative in which the relation scores higher. */
function areaUnderCurve(
  judged: Judged,
  weightOf: WeightOf,
  positives: number,
  negatives: number,
): number {
  let above = 0, won = 0;
  forEachScore(judged, weightOf, (positive, negative) => {
    // A tie counts one half.
    won += negative * (above + positive / 2);
    above += positive;
  });
  return won / (positives * negatives);
}

/**
 * Predicate discrimination disadvantage: 1 minus the mean over k = 1 to P - 1 of the share
 * of relations whose predicate is among the k best of its pair, P without "no relation".
 */
function discriminationDisadvantage(
  { positives, ranks }: Judged,
  weightOf: WeightOf,
  numPositives: number,
  numPredicates: number,
): number {
  let missed = 0;
  positives.forEach((isPositive, i) => {
    if (isPositive) missed += weightOf(i) * ranks[i];
  });
  return missed / (numPositives * (numPredicates - 1));
}

/**
 * Predicate dominance overestimation: 1 minus the mean over k = 1 to P - 1 of the
 * precision among the rows whose predicate is among the k best of its pair; 1 where there
 * is none.
 */
function dominanceOverestimation(
  { positives, ranks }: Judged,
  weightOf: WeightOf,
  numPredicates: number,
): number {
  const right = new Float64Array(numPredicates), all = new Float64Array(numPredicates);
  ranks.forEach((rank, i) => {
    all[rank] += weightOf(i);
    if (positives[i]) right[rank] += weightOf(i);
  });
  let numRight = 0, numAll = 0, sum = 0;
  for (let k = 1; k < numPredicates; k++) {
    numRight += right[k - 1];
    numAll += all[k - 1];
    sum += numAll === 0 ? 1 : numRight / numAll;
  }
  return 1 - sum / (numPredicates - 1);
}
