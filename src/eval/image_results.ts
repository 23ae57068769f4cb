/**
 * What an evaluation found in each image, as plain data.
 *
 * @module
 */

import { type ImageRecords, SUBSETS } from "./image_records.ts";
import { NEVER } from "./matching/hits.ts";
import { listKey, listName, type Metric } from "./metric.ts";

/** An annotated triplet and where it was found. */
export interface ImageTriplet {
  /** Index of the subject among the annotated entities. */
  subject: number;
  /** Index of the object. */
  object: number;
  /** Index of the predicate. */
  predicate: number;
  /**
   * For each ranked list (`R`, `ngR`, `R/10`, `A`, `pR`) the place of its first hit, from
   * 1 on, so that it counts at every K from there on; null if the list missed it.
   */
  ranks: Record<string, number | null>;
}

/** How many of an image's rows a metric finds. */
export interface ImageHits {
  /** Name of a recall. */
  metric: string;
  /** After how many candidates. */
  k: number;
  /** Number of rows found. */
  hits: number;
  /** Number of rows that the metric looks at. */
  rows: number;
}

/** One image of an evaluation. */
export interface ImageResult {
  /** Id of the image. */
  image: string;
  /** False if the protocol leaves it out. */
  isScored: boolean;
  /** One entry for each recall and K; means over predicates do not add up over images. */
  hits: ImageHits[];
  /** The annotated triplets that count. */
  triplets: ImageTriplet[];
}

/**
 * Lists the images of an evaluation.
 *
 * @param records Records of the images.
 * @param metrics The metrics, in the order of the hits.
 * @param ks Numbers of candidates.
 * @returns One entry an image.
 */
export function* imageResults(
  records: ImageRecords,
  metrics: readonly Metric[],
  ks: readonly number[],
): Generator<ImageResult> {
  const keys = records.lists.map(listKey), names = records.lists.map(listName);
  const recalls = metrics.filter(({ kind }) => kind === "recall");
  for (const [i, image] of records.ids.entries()) {
    const { isScored, pairs, predicates, flags, ranks } = records.rowsOf(i);
    const hits = recalls.flatMap(({ name: metric, list, rows }) => {
      const { mask, wanted } = SUBSETS[rows];
      const found = ranks[keys.indexOf(listKey(list))]
        .filter((_, row) => (flags[row] & mask) === wanted);
      return ks.map((k) => ({
        metric,
        k,
        hits: found.reduce((count, rank) => count + (rank < k ? 1 : 0), 0),
        rows: found.length,
      }));
    });
    const triplets = Array.from(predicates, (predicate, row) => ({
      subject: pairs[2 * row],
      object: pairs[2 * row + 1],
      predicate,
      ranks: Object.fromEntries(names.map((name, list) => {
        const rank = ranks[list][row];
        return [name, rank === NEVER ? null : rank + 1];
      })),
    }));
    yield { image, isScored, hits, triplets };
  }
}
