/**
 * Makes the input of a prediction from the output of any detector.
 *
 * @module
 */

import type { EntityGroups } from "../decode_graph.ts";
import type { Detections } from "../detections.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import { type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import { SCORE, scoreSuggestion, takeScore } from "../foreign/scores.ts";
import type { Box, GivenLabel } from "../scene_graph.ts";
import type { VocabularyData } from "../vocabulary.ts";
import { checkSize, fail } from "./arrays.ts";
import { type BeliefOptions, classBeliefs } from "./classes/class_beliefs.ts";
import {
  classGroups,
  type ClassMap,
  classMap,
  type ClassMapOptions,
  type ClassMatch,
} from "./classes/class_map.ts";
import { bestClasses, MERGE_OVERLAP, mergeDuplicates } from "./merge_detections.ts";

/** Which boxes of a detector become entities. */
export interface DetectionOptions {
  /** Greatest number of entities, those of the greatest belief first; default 60. */
  maxEntities?: number;
  /** Leaves out boxes in whose likeliest class the belief is smaller; default 0. */
  minBelief?: number;
  /**
   * Boxes of different classes of one group, such as two vehicles, become one entity with
   * the beliefs of both if their intersection over union is greater; default 0.6. Of other
   * classes it must be greater than 0.9 too. 1 leaves all boxes apart.
   */
  mergeOverlap?: number;
}

/** What to take, how to match classes, and how to complete beliefs. */
export interface InputOptions
  extends DetectionOptions, ClassMapOptions, BeliefOptions, ForeignOptions {
  /** From `classMap`, of the detector's classes and the vocabulary; default a new one. */
  map?: ClassMap;
}

/** One entity of a detector's output. */
export interface DetectedEntity {
  /** The box in pixels, cut to the image. */
  box: Box;
  /** The detector's name of the likeliest class, and the belief in it. */
  detected: GivenLabel;
  /** Index in the input of the prediction; -1 if the vocabulary has no such class. */
  known: number;
  /** The boxes among the detections that it was made of, the best first. */
  members: number[];
}

/** Numbers of boxes and entities on the way from detections to a graph. */
export interface DetectionCounts {
  /** Boxes of the detector. */
  detections: number;
  /** Entities of the graph. */
  entities: number;
  /** Boxes that became one entity with another box. */
  merged: number;
  /** Boxes below the least belief, or beyond the greatest number of entities. */
  leftOut: number;
  /** Entities whose class the vocabulary does not have. */
  unknown: number;
}

/** The input of a prediction, and what became of the detections. */
export interface DetectedInput {
  /** The M entities that the vocabulary knows. */
  input: {
    /** `[M, 4]`: left, top, right, bottom in pixels, within the image. */
    boxes: Float32Array;
    imageWidth: number;
    imageHeight: number;
    /** `[M, C]`: logarithms of probabilities. */
    entityLogits: Float32Array;
  };
  /** All entities, in the order of the detections. */
  entities: DetectedEntity[];
  /** `[M]`: the classes of each known entity that go by a word of the detector. */
  groups: EntityGroups;
  /** The entities whose class the vocabulary does not have, as indices of `entities`. */
  unknown: number[];
  /** The classes of entities that the vocabulary calls otherwise, or does not have. */
  mapped: ClassMatch[];
  counts: DetectionCounts;
  /** What was mended, if anything was. */
  mended?: MendedCounts;
  /** What looks wrong but may be right, if anything does. */
  warnings?: readonly string[];
}

/** Greatest number of entities. */
const MAX_ENTITIES = 60;
/** Digits of a belief, which float32 holds. */
const SHOWN_DIGITS = 6;

/**
 * Makes the input of a prediction from detections: joins boxes of one thing, leaves out
 * what is too much, cuts boxes to the image, and shares the beliefs out over the classes of
 * the vocabulary. An entity whose likeliest class has no place in the vocabulary is
 * unknown, and no part of the input.
 *
 * @param detections The detector's output.
 * @param vocabulary The vocabulary of the model.
 * @param options What to take, and how. Boxes are cut however much is lost, unless
 * `strict`.
 * @returns The input, and what became of each detection.
 * @throws {RangeError} If a length does not fit, a number is none, a box has nothing in its
 * image, or an option is out of its range.
 */
export function inputOf(
  detections: Detections,
  vocabulary: Pick<VocabularyData, "entities">,
  options: InputOptions = {},
): DetectedInput {
  const { imageWidth, imageHeight, classes } = detections;
  const { maxEntities = MAX_ENTITIES, minBelief = 0, mergeOverlap = MERGE_OVERLAP } =
    options;
  const { strict = false, profiles, power = detections.power } = options;
  checkSizes(detections);
  const { map = classMap(classes, vocabulary.entities, options) } = options;
  const numClasses = vocabulary.entities.length;
  checkOptions({ maxEntities, minBelief, mergeOverlap });
  const rules = new ForeignRules({ strict, cutBoxes: !strict });
  const k = classes.length;
  const beliefs = readBeliefs(detections, rules);
  const all = bestClasses(beliefs, k);
  const likely = all.flatMap(({ belief }, i) => belief >= minBelief ? [i] : []);
  const candidates = rowsOf({ ...detections, beliefs }, likely);
  const things = mergeDuplicates(candidates, mergeOverlap)
    .map((thing) => thing.map((i) => likely[i]));
  const kept = new Set(
    things.toSorted(([a], [b]) => all[b].belief - all[a].belief).slice(0, maxEntities),
  );
  const taken = things.filter((thing) => kept.has(thing));
  const known = taken.filter(([first]) => map.shares[all[first].index].length > 0);
  const entities = taken.map((members): DetectedEntity => {
    const { index, belief } = all[members[0]];
    return {
      box: takeBox(detections, members[0], rules),
      detected: {
        label: classes[index],
        score: Number(belief.toPrecision(SHOWN_DIGITS)),
      },
      known: known.indexOf(members),
      members,
    };
  });
  throwProblems(rules);
  const entityLogits = new Float32Array(known.length * numClasses);
  for (const [i, members] of known.entries()) {
    const row = greatestOf(beliefs, members, k);
    const found = classBeliefs(row, map.shares, numClasses, { profiles, power });
    entityLogits.set(found.map(Math.log), i * numClasses);
  }
  const unknown = entities.flatMap(({ known }, i) => known < 0 ? [i] : []);
  const used = new Set(taken.map(([first]) => all[first].index));
  return {
    input: {
      boxes: Float32Array.from(
        entities.filter(({ known }) => known >= 0).flatMap(
          ({ box }) => [...box],
        ),
      ),
      ...{ imageWidth, imageHeight, entityLogits },
    },
    entities,
    groups: known.map(([first]) => classGroups(map, all[first].index)),
    unknown,
    mapped: map.matches.filter(({ by }, i) =>
      used.has(i) && by !== "name" && by !== "spelling"
    ),
    counts: {
      detections: all.length,
      entities: entities.length,
      merged: taken.reduce((sum, members) => sum + members.length - 1, 0),
      leftOut: all.length - taken.reduce((sum, members) => sum + members.length, 0),
      unknown: unknown.length,
    },
    mended: rules.counts,
    ...rules.boxes.doubts(),
  };
}

/** Checks the sizes of a detector's output. */
function checkSizes(
  { imageWidth, imageHeight, boxes, beliefs, classes }: Detections,
): void {
  for (const [name, value] of Object.entries({ imageWidth, imageHeight })) {
    checkSize(name, value);
  }
  if (classes.length === 0 && boxes.length > 0) fail("classes must be names", "none");
  if (boxes.length % 4 !== 0) {
    fail("boxes must be 4 numbers a box", `${boxes.length} numbers`);
  }
  const wanted = boxes.length / 4 * classes.length;
  if (beliefs.length !== wanted) {
    const must = `beliefs must be ${boxes.length / 4} x ${classes.length} numbers`;
    fail(`${must}, one for each box and class`, beliefs.length);
  }
}

function checkOptions(
  { maxEntities, minBelief, mergeOverlap }: Required<DetectionOptions>,
): void {
  if (!(Number.isInteger(maxEntities) && maxEntities >= 0)) {
    fail("maxEntities must be a whole number >= 0", maxEntities);
  }
  for (const [name, value] of Object.entries({ minBelief, mergeOverlap })) {
    if (!(value >= 0 && value <= 1)) fail(`${name} must be in [0, 1]`, value);
  }
}

/** The beliefs, each in [0, 1]; a belief of 0 stays 0. */
function readBeliefs(
  { beliefs, classes }: Detections,
  { mended }: ForeignRules,
): Float32Array {
  return beliefs.map((belief, i) => {
    if (belief >= 0 && belief <= 1) return belief; // nearly all; the rest is for messages
    const row = Math.floor(i / classes.length);
    const place = `belief in "${classes[i % classes.length]}" of box ${row}`;
    return takeScore(belief, mended, { place }) ??
      fail(`${place} must be ${SCORE}`, belief, scoreSuggestion(belief));
  });
}

/** The rows of some boxes. */
function rowsOf(
  { boxes, beliefs, classes }: Detections,
  rows: readonly number[],
): Pick<Detections, "boxes" | "beliefs" | "classes"> {
  const take = (values: Float32Array, size: number) => {
    const taken = new Float32Array(rows.length * size);
    for (const [to, i] of rows.entries()) {
      taken.set(values.subarray(i * size, (i + 1) * size), to * size);
    }
    return taken;
  };
  return { boxes: take(boxes, 4), beliefs: take(beliefs, classes.length), classes };
}

/** The greatest belief of several boxes in each class, `[K]`. */
function greatestOf(
  beliefs: Float32Array,
  boxes: readonly number[],
  k: number,
): Float32Array {
  const greatest = beliefs.slice(boxes[0] * k, (boxes[0] + 1) * k);
  for (const i of boxes) {
    for (let j = 0; j < k; j++) {
      greatest[j] = Math.max(greatest[j], beliefs[i * k + j]);
    }
  }
  return greatest;
}

function takeBox(
  { boxes, imageWidth: width, imageHeight: height }: Detections,
  i: number,
  rules: ForeignRules,
): Box {
  const numbers = [...boxes.subarray(4 * i, 4 * i + 4)], place = `box ${i}`;
  if (!numbers.every(Number.isFinite)) {
    fail(`${place} must have finite numbers`, `[${numbers}]`);
  }
  const taken = rules.boxes.take(numbers, { width, height }, { place });
  if ("must" in taken) {
    fail(`${place} must be ${taken.must}`, `[${numbers}]`, taken.suggestion);
  }
  return [...Float32Array.from(taken)] as unknown as Box;
}

function throwProblems(rules: ForeignRules): void {
  const [problem] = rules.problems();
  if (problem === undefined) return;
  const { place, problem: what, suggestion } = problem;
  throw new RangeError(
    `Cannot predict as ${place} ${what}${suggestion ? `; ${suggestion}` : ""}`,
  );
}
