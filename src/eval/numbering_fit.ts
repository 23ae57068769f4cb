/**
 * Notices predictions that number things otherwise than the dataset: classes or predicates
 * that are counted from 1, "no relation" as the first predicate, subject and object swapped.
 *
 * Each other reading is compared with the annotation, as the reading that the file has. An
 * honest system is right far more often as it stands, however weak it is.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { intersectionOverUnion } from "../overlap.ts";
import type { Labelled, Prediction } from "./prediction.ts";
import { givesLabels, isDetection, type Task } from "./protocol.ts";

/** From this many matches on, another reading is no coincidence, */
const MANY = 20;
/** if it has this many times the matches of the file as it stands. */
const FACTOR = 4;
/** Least overlap of a detected box with an annotated one. */
const OVERLAP = 0.5;

/**
 * What is counted: all, those that are right as they stand, and under other readings; of
 * scores also with the first one left out, for pairs whose predicate is not the first.
 */
const COUNTS = [
  ...["labels", "labelSame", "labelAbove", "labelBelow"],
  ...["pairs", "same", "above", "below", "swapped"],
  ...["laterPairs", "laterSame", "firstIsNone"],
] as const;

/** Name of a count. */
type Count = typeof COUNTS[number];

/** What {@linkcode NumberingFit} has counted, as plain data. */
export type NumberingFitState = Readonly<Partial<Record<Count, number>>>;

/** Compares predictions with the annotation under several readings of their numbers. */
export class NumberingFit {
  readonly #counts: Record<Count, number> = Object.fromEntries(
    COUNTS.map((name) => [name, 0]),
  ) as Record<Count, number>;

  /**
   * Counts the entities and the annotated pairs of one image.
   *
   * @param truth The annotated image.
   * @param prediction The prediction for it, its entities in the annotated order if the
   * task gives them.
   * @param entities The entities of the prediction.
   * @param task Says what is given.
   */
  add(
    truth: AnnotatedImage,
    prediction: Prediction,
    entities: Labelled,
    task: Task,
  ): void {
    const counts = this.#counts, { entityLabels, relations } = truth;
    const places = isDetection(task)
      ? placesOf(truth, entities)
      : Array.from(entityLabels, (_, i) => i);
    if (!givesLabels(task)) {
      for (const [i, place] of places.entries()) {
        if (place < 0) continue;
        const above = entities.labels[place] - entityLabels[i];
        counts.labels++;
        if (above === 0) counts.labelSame++;
        if (above === 1) counts.labelAbove++;
        if (above === -1) counts.labelBelow++;
      }
    }
    const find = bestPredicates(prediction, entities.labels.length);
    for (let row = 0; row < relations.length; row += 3) {
      const subject = places[relations[row]], object = places[relations[row + 1]];
      const predicate = relations[row + 2];
      if (subject < 0 || object < 0) continue;
      const own = find(subject, object), other = find(object, subject);
      counts.pairs++;
      if (own?.best === predicate) counts.same++;
      if (own?.best === predicate + 1) counts.above++;
      if (own?.best === predicate - 1) counts.below++;
      if (other?.best === predicate) counts.swapped++;
      // The first score is left out, as "no relation" would be the best of most pairs.
      if (own?.withoutFirst === undefined || predicate === 0) continue;
      counts.laterPairs++;
      if (own.withoutFirst === predicate) counts.laterSame++;
      if (own.withoutFirst === predicate + 1) counts.firstIsNone++;
    }
  }

  /** The counts, for a file. */
  state(): NumberingFitState {
    return { ...this.#counts };
  }

  /** Adds the counts of {@linkcode state}. */
  addState(state: NumberingFitState = {}): void {
    for (const name of COUNTS) this.#counts[name] += state[name] ?? 0;
  }

  /** A sentence on labels, and one on pairs, if another reading fits much better. */
  warnings(): string[] {
    const counts = this.#counts;
    const readings = (
      [all, same, what]: [all: number, same: number, what: string],
      others: [found: number, cause: string, where: string][],
    ) => {
      const [[found, cause, where]] = others.sort(([a], [b]) => b - a);
      if (found < MANY || found < FACTOR * same) return [];
      return `${cause}: of ${all} ${what}, ${found} have ${where}, and ${same} have the annotated one; they were scored as they are`;
    };
    const order = '(predicates are counted from 0, and "no relation" is the last)';
    const entities = [counts.labels, counts.labelSame, "entities"] as const;
    const pairs = [counts.pairs, counts.same, "annotated pairs"] as const;
    const later = "annotated pairs, whose first score is left out";
    const ofPairs = readings([...pairs], [
      [
        counts.above,
        `Predicates seem to be counted from 1 ${order}`,
        "the predicate after the annotated one",
      ],
      [
        counts.below,
        `Predicates seem to be one too low ${order}`,
        "the predicate before the annotated one",
      ],
      [
        counts.swapped,
        "Subjects and objects seem to be swapped",
        "the annotated predicate from object to subject",
      ],
    ]);
    const ofScores = readings([counts.laterPairs, counts.laterSame, later], [[
      counts.firstIsNone,
      `The first score of pairs seems to be that of "no relation" ${order}`,
      "the predicate after the annotated one",
    ]]);
    return [
      readings([...entities], [
        [
          counts.labelAbove,
          "Labels seem to be counted from 1 (classes are counted from 0, without a background)",
          "the class after the annotated one",
        ],
        [
          counts.labelBelow,
          "Labels seem to be one too low (classes are counted from 0, without a background)",
          "the class before the annotated one",
        ],
      ]),
      ofScores.length > 0 ? ofScores : ofPairs,
    ].flat();
  }
}

/** For each annotated entity the detected one that overlaps it most, or -1. */
function placesOf({ boxes, entityLabels }: AnnotatedImage, found: Labelled): number[] {
  return Array.from(entityLabels, (_, i) => {
    let best = -1, most = OVERLAP;
    for (let j = 0; j < found.labels.length; j++) {
      const overlap = intersectionOverUnion(boxes, i, found.boxes, j, 1);
      if (overlap > most || (best < 0 && overlap === most)) [best, most] = [j, overlap];
    }
    return best;
  });
}

/** The best predicate of a pair; of scores, also the best one after the first. */
type FindBest = (
  subject: number,
  object: number,
) => { best: number; withoutFirst?: number } | undefined;

function bestPredicates(prediction: Prediction, m: number): FindBest {
  if ("triplets" in prediction) {
    const { triplets, scores } = prediction;
    const found = new Map<number, { best: number; score: number }>();
    for (let t = 0; 3 * t < triplets.length; t++) {
      const pair = triplets[3 * t] * m + triplets[3 * t + 1], score = scores?.[t] ?? -t;
      if (score <= (found.get(pair)?.score ?? -Infinity)) continue;
      found.set(pair, { best: triplets[3 * t + 2], score });
    }
    return (subject, object) => found.get(subject * m + object);
  }
  if ("pairs" in prediction) {
    const { pairs, predicateScores } = prediction;
    const rows = new Map<number, number>();
    for (let q = 0; 2 * q < pairs.length; q++) {
      rows.set(pairs[2 * q] * m + pairs[2 * q + 1], q);
    }
    const width = predicateScores.length / (pairs.length / 2);
    return (subject, object) => {
      const q = rows.get(subject * m + object);
      return q === undefined ? q : bestOf(predicateScores, q * width, width, width);
    };
  }
  const { relationProbabilities: all } = prediction, width = all.length / (m * m);
  return (subject, object) =>
    bestOf(all, (subject * m + object) * width, width - 1, width);
}

/** The index of the greatest of some values, and of those from the second to another end. */
function bestOf(
  values: ArrayLike<number>,
  from: number,
  end: number,
  endWithoutFirst: number,
): { best: number; withoutFirst: number } {
  let best = 0, withoutFirst = 1;
  for (let i = 1; i < end; i++) if (values[from + i] > values[from + best]) best = i;
  for (let i = 2; i < endWithoutFirst; i++) {
    if (values[from + i] > values[from + withoutFirst]) withoutFirst = i;
  }
  return { best, withoutFirst };
}
