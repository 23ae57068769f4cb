/**
 * The cases of `$SGP_FIXTURES/recall` in the form that the evaluator takes; the README there
 * describes them.
 *
 * @module
 */

import type { AnnotatedImage } from "../../src/example.ts";
import type { DensePrediction } from "../../src/eval/prediction.ts";
import type { Task } from "../../src/eval/protocol.ts";
import { FIXTURES, isMissing } from "../_fixtures.ts";

/** Values by K. */
export type ByK = Record<string, number>;

/** Expected values of one image and mode. */
export interface ExpectedMotifs {
  R: ByK;
  "ng-R": ByK;
  "R-first-match-rank": (number | null)[];
  "ng-R-first-match-rank": (number | null)[];
  ranked_pairs: [number, number][];
}

/** Expected values of one image under the authors' protocol. */
export interface ExpectedAuthors {
  score: number;
  hits: number;
  total: number;
  per_predicate_hits: number[];
  per_predicate_total: number[];
}

interface ScoredBoxes {
  boxes_xywh?: number[][];
  relation_probs: number[][][];
  entity_probs: number[][];
}

/** One line of `cases.jsonl`. */
export interface Case {
  id: number | string;
  gt: {
    boxes_xywh: number[][];
    classes: number[];
    relations: number[][];
    relation_class: number[][];
  };
  on_gt_boxes: ScoredBoxes;
  detections: ScoredBoxes;
  expected: {
    authors: Record<string, ExpectedAuthors>;
    motifs: Partial<Record<Task, ExpectedMotifs>>;
    authors_accuracy?: Record<string, number>;
  };
}

/** The contents of `aggregate.json`. */
export interface Aggregate {
  nof_predicates_with_negative: number;
  nof_object_classes: number;
  ks: number[];
  zeroshot_triplets: [number, number, number][];
  authors: ByK;
  authors_accuracy_counts: Record<string, number>;
  motifs: Record<string, { R: ByK; "ng-R": ByK }>;
  sgg_benchmark: Record<string, Record<string, ByK & Record<string, number[]>>>;
}

/** One file of cases, with the values over all of them if it has an aggregate. */
export interface Suite {
  /** Name of the file. */
  name: string;
  cases: Case[];
  aggregate?: Aggregate;
}

const folder = `${FIXTURES}/recall`;

/** Whether the cases are missing. */
export const noCases = isMissing(folder);

/** All `cases*.jsonl` in that folder, each with its `aggregate*.json`. */
export const suites: Suite[] = noCases ? [] : [...Deno.readDirSync(folder)]
  .map(({ name }) => name).filter((name) => /^cases.*\.jsonl$/.test(name)).sort()
  .map((name) => {
    const lines = Deno.readTextFileSync(`${folder}/${name}`).split("\n");
    const sums = `${folder}/${name.replace(/^cases(.*)l$/, "aggregate$1")}`;
    return {
      name,
      cases: lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line)),
      aggregate: isMissing(sums) ? undefined : JSON.parse(Deno.readTextFileSync(sums)),
    };
  });

/** Number of predicates of a case including "no relation", P. */
export function numPredicatesOf({ on_gt_boxes }: Case): number {
  return on_gt_boxes.relation_probs[0][0].length;
}

/** Converts x, y, width, height to left, top, right, bottom. */
const corners = (boxes: number[][]) =>
  Float32Array.from(boxes.flatMap(([x, y, w, h]) => [x, y, x + w, y + h]));

/** The annotation of a case. */
export function truthOf({ id, gt }: Case): AnnotatedImage {
  return {
    id: String(id),
    width: 1e4,
    height: 1e4,
    boxes: corners(gt.boxes_xywh),
    entityLabels: Int32Array.from(gt.classes),
    relations: Int32Array.from(gt.relations.flat()),
  };
}

/** The annotation of a case for the authors' protocol, with one predicate per pair. */
export function singleTruthOf(one: Case): AnnotatedImage {
  const none = numPredicatesOf(one) - 1;
  const rows = one.gt.relation_class.flatMap((line, subject) =>
    line.flatMap((predicate, object) =>
      predicate === none ? [] : [[subject, object, predicate]]
    )
  );
  return { ...truthOf(one), relations: Int32Array.from(rows.flat()) };
}

/** The prediction of a case for a task. */
export function predictionOf(
  { on_gt_boxes, detections }: Case,
  task: Task,
): DensePrediction {
  const source = task === "sgdet" ? detections : on_gt_boxes;
  return {
    boxes: task === "sgdet" ? corners(source.boxes_xywh!) : undefined,
    entityProbabilities: Float64Array.from(source.entity_probs.flat()),
    relationProbabilities: Float64Array.from(source.relation_probs.flat(2)),
  };
}
