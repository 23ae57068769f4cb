/**
 * The prediction of a system for one image, in one of three forms.
 *
 * @module
 */

import type { AnnotatedImage, Logits } from "../example.ts";
import { softmaxRows } from "../softmax.ts";
import { givesLabels, isDetection, type Task } from "./protocol.ts";

/** Boxes and classes of a prediction. It may leave out what the task gives. */
export interface PredictedEntities {
  /**
   * `[M, 4]` in pixels, for SGDet and phrase detection. Other tasks use the true boxes:
   * given ones must be the same, and tell the order of the entities.
   */
  boxes?: ArrayLike<number>;
  /** `[M]`: classes; PredCls and predicate detection check that they are the true ones. */
  entityLabels?: ArrayLike<number>;
  /** `[M]`: probabilities of these classes; 1 in PredCls and predicate detection. */
  entityScores?: ArrayLike<number>;
}

/** Probabilities of all classes for every entity and every ordered pair. */
export interface DensePrediction {
  /** `[M, 4]` in pixels, for SGDet. */
  boxes?: ArrayLike<number>;
  /** `[M, C]`; the label is the likeliest class, the score its probability. */
  entityProbabilities: ArrayLike<number>;
  /** `[M, M, P]`, subject first, "no relation" last; the diagonal is ignored. */
  relationProbabilities: ArrayLike<number>;
}

/** Scores of all predicates for some pairs, as neural-motifs and its successors give. */
export interface PairPrediction extends PredictedEntities {
  /** `[Q, 2]`: subject, object; each pair once, in predicate detection once a row. */
  pairs: ArrayLike<number>;
  /** `[Q, P - 1]`: without "no relation". */
  predicateScores: ArrayLike<number>;
}

/** A list of triplets, for systems that give no scores of all predicates. */
export interface TripletPrediction extends PredictedEntities {
  /** `[T, 3]`: subject, object, predicate. */
  triplets: ArrayLike<number>;
  /** `[T]`: scores of whole triplets; without them the list is ordered, best first. */
  scores?: ArrayLike<number>;
  /** A second list for metrics without graph constraint; default: the same list. */
  unconstrained?: { triplets: ArrayLike<number>; scores?: ArrayLike<number> };
}

/** The prediction of a system for one image. */
export type Prediction = DensePrediction | PairPrediction | TripletPrediction;

/** Throws a `RangeError` that names the image. */
export function refuse(id: string, what: string, found: unknown): never {
  throw new RangeError(`Cannot score image "${id}" as ${what}: found ${found}`);
}

/** Boxes and classes of the entities of one image. */
export interface Labelled {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: ArrayLike<number>;
  /** `[N]`: classes. */
  labels: ArrayLike<number>;
}

/** Boxes, classes and scores of the entities that triplets refer to. */
export interface ScoredEntities extends Labelled {
  /** `[M]`: probabilities of the labels. */
  scores: ArrayLike<number>;
}

/**
 * The entities of a prediction, with whatever the task gives.
 *
 * @param truth The annotated image.
 * @param prediction The prediction for it.
 * @param task Says what is given.
 * @returns Boxes, labels and scores of M entities.
 * @throws {RangeError} If counts disagree or a score is not finite.
 */
export function entitiesOf(
  truth: AnnotatedImage,
  prediction: Prediction,
  task: Task,
): ScoredEntities {
  const n = truth.entityLabels.length, { id } = truth;
  const isDetected = isDetection(task);
  if (isDetected && prediction.boxes === undefined) {
    const name = task === "sgdet" ? "SGDet" : task;
    refuse(id, `${name} needs predicted "boxes"`, "none");
  }
  const m = prediction.boxes === undefined ? n : prediction.boxes.length / 4;
  if (!isDetected && m !== n) {
    refuse(id, `${task} needs a prediction for each of its ${n} entities`, m);
  }
  if (!Number.isInteger(m)) {
    refuse(id, "boxes must be rows of 4 numbers", `${prediction.boxes?.length} numbers`);
  }
  checkFinite(id, "boxes", prediction.boxes ?? []);
  if (givesLabels(task)) {
    const scores = new Float64Array(n).fill(1);
    return { boxes: truth.boxes, labels: truth.entityLabels, scores };
  }
  const boxes = isDetected ? prediction.boxes! : truth.boxes;
  if ("entityProbabilities" in prediction) {
    return { boxes, ...likeliest(id, prediction.entityProbabilities, m) };
  }
  const { entityLabels: labels, entityScores } = prediction;
  if (labels === undefined || labels.length !== m) {
    refuse(id, `${task} needs ${m} entity labels`, labels?.length ?? "none");
  }
  const scores = entityScores ?? new Float64Array(m).fill(1);
  if (scores.length !== m) refuse(id, `${m} entities need ${m} scores`, scores.length);
  checkScores(id, "entity scores", scores);
  return { boxes, labels, scores };
}

function likeliest(id: string, probabilities: ArrayLike<number>, m: number) {
  const numClasses = m === 0 ? 0 : probabilities.length / m;
  if (!Number.isInteger(numClasses) || (m > 0 && numClasses === 0)) {
    refuse(
      id,
      `entity probabilities must be [${m}, C]`,
      `${probabilities.length} numbers`,
    );
  }
  checkScores(id, "entity probabilities", probabilities);
  const labels = new Int32Array(m), scores = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let best = i * numClasses;
    for (let c = best + 1; c < (i + 1) * numClasses; c++) {
      if (probabilities[c] > probabilities[best]) best = c;
    }
    labels[i] = best - i * numClasses;
    scores[i] = probabilities[best];
  }
  return { labels, scores };
}

/** Refuses values that cannot be ranked. */
export function checkFinite(id: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    // Only finite numbers give 0 here; this is faster than Number.isFinite().
    if (values[i] - values[i] !== 0) {
      refuse(id, `${name} must be finite`, `${values[i]} at ${i}`);
    }
  }
}

/** Refuses factors that cannot make a triplet's score. */
export function checkScores(id: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] < Infinity)) {
      refuse(id, `${name} must be finite and at least 0`, `${values[i]} at ${i}`);
    }
  }
}

/** Refuses a pair that does not join two of the m entities. */
export function checkPair(
  id: string,
  q: number,
  subject: number,
  object: number,
  m: number,
): void {
  const isInside = (i: number) => Number.isInteger(i) && i >= 0 && i < m;
  if (!isInside(subject) || !isInside(object) || subject === object) {
    refuse(
      id,
      `pair ${q} must join two different entities in [0, ${m})`,
      `${subject} and ${object}`,
    );
  }
}

/**
 * Turns the logits of one image into probabilities.
 *
 * @param logits Of its N entities and N x N pairs.
 * @param numEntities N.
 * @returns Probabilities; NaN where a logit is NaN.
 */
export function predictionFromLogits(
  { entityLogits, relationLogits }: Logits,
  numEntities: number,
): DensePrediction {
  const numPairs = numEntities * numEntities;
  return {
    entityProbabilities: softmaxRows(
      entityLogits,
      entityLogits.length / numEntities || 1,
    ),
    relationProbabilities: softmaxRows(
      relationLogits,
      relationLogits.length / numPairs || 1,
    ),
  };
}
