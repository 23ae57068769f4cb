/**
 * Entities that a task gives: whether a prediction speaks of them in their order.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { BoxFit } from "../foreign/box_fit.ts";
import {
  checkPair,
  type Prediction,
  refuse,
  type TripletPrediction,
} from "./prediction.ts";
import { givesLabels, isDetection, type Task } from "./protocol.ts";

/** Conventions of the last pixel differ by one. */
const PIXEL = 1.01;

/** A prediction whose indices are those of the annotated entities. */
export interface Aligned {
  prediction: Prediction;
  /** True if its entities came in another order. */
  isReordered: boolean;
}

/**
 * Compares boxes and labels that a prediction repeats with the annotated ones. Entities in
 * another order are found by their boxes, in PredCls and predicate detection by their
 * labels too.
 *
 * @param truth The annotated image.
 * @param prediction The prediction for it.
 * @param task Says what is given.
 * @returns The prediction in the order of the annotation.
 * @throws {RangeError} If a box or a label is not the annotated one.
 */
export function alignEntities(
  truth: AnnotatedImage,
  prediction: Prediction,
  task: Task,
): Aligned {
  const asIs = { prediction, isReordered: false };
  const { boxes } = prediction;
  if (isDetection(task) || (boxes && boxes.length % 4 !== 0)) return asIs;
  const labels = "entityLabels" in prediction && givesLabels(task)
    ? prediction.entityLabels
    : undefined;
  const n = truth.entityLabels.length, m = boxes ? boxes.length / 4 : n;
  if (labels && labels.length !== m) {
    refuse(truth.id, `${m} entities need ${m} labels`, labels.length);
  }
  const wrongLabel = m === n && labels
    ? truth.entityLabels.findIndex((label, i) => labels[i] !== label)
    : -1;
  if (boxes === undefined) {
    if (wrongLabel < 0) return asIs;
    return refuse(
      truth.id,
      `its label ${wrongLabel} must be the annotated class ${
        truth.entityLabels[wrongLabel]
      } in ${task}`,
      `${
        labels![wrongLabel]
      }; entities in another order are found if "boxes" are given, and labels that are predicted are scored by sgcls`,
    );
  }
  const isInOrder = wrongLabel < 0 && m === n &&
    truth.boxes.every((x, i) => Math.abs(x - boxes[i]) <= PIXEL);
  const isWhole = m === n ||
    (givesLabels(task) && !("entityProbabilities" in prediction));
  if (isInOrder || !isWhole) return asIs;
  const places = placesOf(truth, boxes, labels);
  const lost = places.indexOf(-1);
  if (lost >= 0) refuseEntity(truth, boxes, labels, lost, task);
  return { prediction: renumber(prediction, places, n, truth.id), isReordered: true };
}

/**
 * For each box the index of the annotated entity that it is, or -1. Each entity is taken
 * once, but a copy of a predicted entity is the same as that one.
 */
function placesOf(
  truth: AnnotatedImage,
  boxes: ArrayLike<number>,
  labels?: ArrayLike<number>,
): number[] {
  const m = boxes.length / 4, n = truth.entityLabels.length;
  const fits: [distance: number, i: number, j: number][] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      if (labels && labels[i] !== truth.entityLabels[j]) continue;
      const distance = distanceOf(boxes, i, truth.boxes, j);
      if (distance <= PIXEL) fits.push([distance, i, j]);
    }
  }
  const places = new Array<number>(m).fill(-1), taken = new Set<number>();
  for (const [, i, j] of fits.sort(([a], [b]) => a - b)) {
    if (places[i] >= 0 || taken.has(j)) continue;
    places[i] = j;
    taken.add(j);
  }
  for (let i = 0; i < m; i++) {
    if (places[i] >= 0) continue;
    const original = places.findIndex((place, k) =>
      place >= 0 && labels?.[k] === labels?.[i] && distanceOf(boxes, i, boxes, k) === 0
    );
    if (original >= 0 && labels) places[i] = places[original];
  }
  return places;
}

/** The greatest difference of two boxes' sides. */
function distanceOf(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
): number {
  let most = 0;
  for (let side = 0; side < 4; side++) {
    most = Math.max(most, Math.abs(a[4 * i + side] - b[4 * j + side]));
  }
  return most;
}

function refuseEntity(
  truth: AnnotatedImage,
  boxes: ArrayLike<number>,
  labels: ArrayLike<number> | undefined,
  i: number,
  task: Task,
): never {
  const row = (all: ArrayLike<number>, i: number) =>
    `[${Array.from(all).slice(4 * i, 4 * i + 4).join(", ")}]`;
  const n = truth.entityLabels.length;
  const same = Array.from({ length: n }, (_, j) => j)
    .find((j) => distanceOf(boxes, i, truth.boxes, j) <= PIXEL);
  if (labels && same !== undefined) {
    const must = `its entity ${i} with the box ${
      row(boxes, i)
    } must be of the annotated class ${truth.entityLabels[same]} in ${task}, once`;
    return refuse(truth.id, must, `class ${labels[i]}`);
  }
  const must = boxes.length === truth.boxes.length
    ? `its box ${i} must be the annotated ${row(truth.boxes, i)} in ${task}`
    : `its box ${i} must be one of the ${n} annotated ones in ${task}`;
  const numbered = {
    ...truth,
    entityLabels: Int32Array.from({ length: n }, (_, j) => j),
  };
  const guess = boxes.length === truth.boxes.length &&
    new BoxFit().add(numbered, { boxes, labels: numbered.entityLabels }).guess();
  return refuse(
    truth.id,
    must,
    `${row(boxes, i)}; ${guess || "detected boxes are scored by sgdet"}`,
  );
}

/** The prediction with other indices of its entities: `i` becomes `places[i]`. */
function renumber(
  prediction: Prediction,
  places: readonly number[],
  n: number,
  id: string,
): Prediction {
  const m = places.length;
  /** Rows of some width, of which the first two numbers are indices. */
  const rows = (all: ArrayLike<number>, width: number) =>
    Array.from(all, (value, at) => {
      const role = at % width;
      if (role === 0) checkPair(id, at / width, value, all[at + 1], m);
      return role < 2 ? places[value] : value;
    });
  const permuted = (values: ArrayLike<number>) => {
    const width = values.length / m;
    const out = new Float64Array(n * width);
    for (let i = 0; i < m; i++) {
      for (let k = 0; k < width; k++) out[places[i] * width + k] = values[i * width + k];
    }
    return out;
  };
  if ("relationProbabilities" in prediction) {
    const { entityProbabilities, relationProbabilities } = prediction;
    const width = relationProbabilities.length / (m * m);
    const relations = new Float64Array(relationProbabilities.length);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        const from = (i * m + j) * width, to = (places[i] * m + places[j]) * width;
        for (let p = 0; p < width; p++) {
          relations[to + p] = relationProbabilities[from + p];
        }
      }
    }
    return {
      entityProbabilities: permuted(entityProbabilities),
      relationProbabilities: relations,
    };
  }
  const { entityLabels, entityScores } = prediction;
  // Copies of an entity make places repeat: then the task gives labels and scores.
  const entities = new Set(places).size === n
    ? {
      entityLabels: entityLabels && permuted(entityLabels),
      entityScores: entityScores && permuted(entityScores),
    }
    : {};
  if ("pairs" in prediction) {
    const { pairs, predicateScores } = prediction;
    return { ...entities, pairs: rows(pairs, 2), predicateScores };
  }
  const list = <List extends Pick<TripletPrediction, "triplets">>(list: List) => ({
    ...list,
    triplets: rows(list.triplets, 3),
  });
  const { triplets, scores, unconstrained } = prediction;
  return {
    ...entities,
    ...list({ triplets, scores }),
    unconstrained: unconstrained && list(unconstrained),
  };
}
