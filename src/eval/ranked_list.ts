/**
 * The ranked list of one image, as it is scored: for drawings that must agree with scores.
 *
 * @module
 */

import { type AnnotatedImage, annotationOf } from "../example.ts";
import { alignEntities } from "./given_entities.ts";
import { NEVER } from "./matching/hits.ts";
import { rankImage } from "./matching/image_ranks.ts";
import { listsOf, parseMetrics } from "./metric.ts";
import { entitiesOf, type Prediction, type ScoredEntities } from "./prediction.ts";
import { isDetection, type Protocol, type Task } from "./protocol.ts";

/** How a list is ranked. */
export interface RankedListOptions {
  /** What the system was given. */
  task: Task;
  /** How predictions are ranked and matched. */
  protocol: Protocol;
  /** Greatest length of the list. */
  k: number;
  /** Number of predicates without "no relation", if it is known. */
  numPredicates?: number;
}

/** A candidate of a ranked list. */
export interface RankedTriplet {
  /** Index of the subject among the list's entities. */
  subject: number;
  /** Index of the object. */
  object: number;
  /** Index of the predicate. */
  predicate: number;
  /** Its score; absent if the system gives an order alone. */
  score?: number;
}

/** The ranked list of one image. */
export interface RankedList {
  /** Boxes, labels and scores of the entities. */
  entities: ScoredEntities;
  /** The candidates, best first. */
  triplets: RankedTriplet[];
  /**
   * For each annotated row that counts, in the order of `RecallEvaluator.imageResults()`,
   * the place of its hit from 1 on; null if the list misses it.
   */
  ranks: (number | null)[];
}

/**
 * Ranks a prediction of an image by the rules of a `RecallEvaluator` for the metric `R`.
 *
 * @param image The annotated image.
 * @param predicted What the system says about it.
 * @param options Task, protocol, length.
 * @returns The list: its ranks are those that the evaluator keeps.
 * @throws {RangeError} Names the image if the prediction does not fit it.
 */
export function rankedList(
  image: AnnotatedImage,
  predicted: Prediction,
  { task, protocol, k, numPredicates }: RankedListOptions,
): RankedList {
  const truth = isDetection(task) ? annotationOf(image) : image;
  const { prediction } = alignEntities(truth, predicted, task);
  const { rankings, ranks } = rankImage(truth, prediction, {
    ...{ task, protocol, numPredicates, depth: k, keepRankings: true },
    lists: listsOf(parseMetrics("R")),
  });
  const { length, subjects, objects, predicates, scores } = rankings![0];
  return {
    entities: entitiesOf(truth, prediction, task),
    triplets: Array.from({ length }, (_, i) => ({
      subject: subjects[i],
      object: objects[i],
      predicate: predicates[i],
      ...scores && { score: scores[i] },
    })),
    ranks: Array.from(ranks[0], (rank) => rank === NEVER ? null : rank + 1),
  };
}
