/**
 * Compares the prediction of one image with its annotation.
 *
 * @module
 */

import { type AnnotatedImage, annotationOf } from "../example.ts";
import { type AccuracyCounts, accuracyOf, noCounts } from "./accuracy.ts";
import { alignEntities } from "./given_entities.ts";
import { type ImageRanks, rankImage, type RankOptions } from "./matching/image_ranks.ts";
import { entitiesOf, type Prediction } from "./prediction.ts";
import { isDetection } from "./protocol.ts";
import type { Warnings } from "./warnings.ts";

/** What was found in an image. */
export interface ScoredImage {
  ranks: ImageRanks;
  accuracy: AccuracyCounts;
  /** Whether the protocol leaves the image out. */
  isSkipped: boolean;
}

/**
 * Ranks what a system says about one image and finds the annotated rows in it.
 *
 * @param image The annotated image; detections are compared with its `annotated` boxes.
 * @param predicted What the system says about it.
 * @param options Task, protocol and lists.
 * @param warnings Take what is odd about the prediction.
 * @throws {RangeError} Names the image if the prediction does not fit it.
 */
export function scoreImage(
  image: AnnotatedImage,
  predicted: Prediction,
  options: RankOptions,
  warnings: Warnings,
): ScoredImage {
  const { protocol, task } = options, detects = isDetection(task);
  const truth = detects ? annotationOf(image) : image;
  const { prediction, isReordered } = alignEntities(truth, predicted, task);
  const ranks = rankImage(truth, prediction, options);
  const entities = entitiesOf(truth, prediction, task);
  if (isReordered) warnings.addReordered(truth.id);
  if (detects) warnings.addBoxes(truth, entities);
  warnings.addNumbers(truth, prediction, entities, task);
  const hasRows = ranks.predicates.length > 0;
  const hasPairs = ranks.hasPredictions && hasRows && task !== "preddet";
  warnings.add(truth.id, ranks.flaws, hasPairs);
  const isSkipped = hasRows
    ? !ranks.hasPredictions && protocol.withoutPredictions === "skip"
    : protocol.withoutRelations === "skip";
  const accuracy = detects || isSkipped
    ? noCounts()
    : accuracyOf(truth, entities.labels, prediction);
  return { ranks, accuracy, isSkipped };
}
