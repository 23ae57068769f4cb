/** Warnings of predictions that number things otherwise than the dataset. */

import { assert, assertEquals } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import type { Prediction } from "../../src/eval/prediction.ts";
import type { Task } from "../../src/eval/protocol.ts";
import { imageOf } from "./_toy.ts";

const NUM_IMAGES = 30, NUM_CLASSES = 5, NUM_PREDICATES = 4;
type Row = [subject: number, object: number, predicate: number];

/** Images of three entities and two relations; classes and predicates go around. */
const images = Array.from({ length: NUM_IMAGES }, (_, i) => {
  const labels = [0, 1, 2].map((k) => (i + k) % NUM_CLASSES);
  const rows: Row[] = [[0, 1, i % NUM_PREDICATES], [1, 2, (i + 1) % NUM_PREDICATES]];
  return { labels, rows, truth: imageOf(labels, rows, { id: `${i}` }) };
});

/** The warnings of a system that is right but for what a function changes. */
function warningsOf(
  predict: (labels: number[], rows: Row[], i: number) => Prediction,
  task: Task = "sgcls",
): string[] {
  const evaluator = new RecallEvaluator("motifs", { task, metrics: "R" });
  for (const [i, { labels, rows, truth }] of images.entries()) {
    const prediction = predict(labels, rows, i);
    evaluator.add(truth, { ...prediction, boxes: truth.boxes });
  }
  const { warnings } = evaluator.result();
  return warnings.filter((text) => text.includes("seem"));
}

/** A list of triplets with another one, so that not only annotated pairs are predicted. */
const list = (labels: number[], rows: Row[]): Prediction => ({
  entityLabels: labels,
  triplets: [...rows, [2, 0, 0]].flat(),
});

/** Probabilities of all pairs; "no relation" has the index `none`, predicates the others. */
const dense = (labels: number[], rows: Row[], none: number): Prediction => {
  const width = NUM_PREDICATES + 1, first = none === 0 ? 1 : 0;
  const all = new Float64Array(9 * width);
  // Every predicate is possible everywhere, the first one the likeliest after the right one.
  for (let pair = 0; pair < 9; pair++) {
    for (let p = 0; p < NUM_PREDICATES; p++) {
      all[pair * width + first + p] = p === 0 ? 0.04 : 0.01;
    }
    all[pair * width + none] = 0.7;
  }
  for (const [subject, object, predicate] of rows) {
    all[(3 * subject + object) * width + predicate + first] = 0.2;
  }
  const entityProbabilities = labels.flatMap((label) =>
    Array.from({ length: NUM_CLASSES + 1 }, (_, c) => c === label ? 1 : 0)
  );
  return { entityProbabilities, relationProbabilities: all };
};

Deno.test("labels that are counted from 1 cause a warning, detected or given boxes", () => {
  const shifted = (labels: number[], rows: Row[]) => list(labels.map((l) => l + 1), rows);
  for (const task of ["sgcls", "sgdet"] as const) {
    assertEquals(warningsOf(list, task), []);
    assertEquals(warningsOf(shifted, task), [
      "Labels seem to be counted from 1 (classes are counted from 0, without a background): of 90 entities, 90 have the class after the annotated one, and 0 have the annotated one; they were scored as they are",
    ]);
  }
  const [low] = warningsOf((labels, rows) => list(labels.map((l) => l - 1), rows));
  assert(
    /^Labels seem to be one too low .*: of 90 entities, 90 have the class before/.test(
      low,
    ),
    low,
  );
});

Deno.test("predicates that are counted from 1 cause a warning", () => {
  const shift = (rows: Row[], by: number) => rows.map(([s, o, p]): Row => [s, o, p + by]);
  const above = warningsOf((labels, rows) => list(labels, shift(rows, 1)));
  assertEquals(above, [
    'Predicates seem to be counted from 1 (predicates are counted from 0, and "no relation" is the last): of 60 annotated pairs, 60 have the predicate after the annotated one, and 0 have the annotated one; they were scored as they are',
  ]);
  // Where the annotated predicate is 0, there is none before it.
  const below = warningsOf((labels, rows) =>
    list(labels, shift(rows, -1).filter(([, , p]) => p >= 0))
  );
  assertEquals(below.length, 1);
  assert(
    /^Predicates seem to be one too low .* of 60 annotated pairs, 45 /.test(below[0]),
    below[0],
  );
});

Deno.test("'no relation' as the first predicate causes a warning", () => {
  assertEquals(warningsOf((labels, rows) => dense(labels, rows, NUM_PREDICATES)), []);
  const [warning, ...others] = warningsOf((labels, rows) => dense(labels, rows, 0));
  assertEquals(others, []);
  assert(
    /^The first score of pairs seems to be that of "no relation" /.test(warning),
    warning,
  );
});

Deno.test("subjects and objects that are swapped cause a warning", () => {
  const swap = (rows: Row[]) => rows.map(([s, o, p]): Row => [o, s, p]);
  for (const task of ["sgcls", "predcls", "sgdet"] as const) {
    assertEquals(warningsOf((labels, rows) => list(labels, swap(rows)), task), [
      "Subjects and objects seem to be swapped: of 60 annotated pairs, 60 have the annotated predicate from object to subject, and 0 have the annotated one; they were scored as they are",
    ]);
  }
});

Deno.test("weak systems and few images cause no warning of numbers", () => {
  // One in four labels and predicates is right, the others are one too high.
  const weak = warningsOf((labels, rows, i) => {
    const by = i % 4 === 0 ? 0 : 1;
    return list(labels.map((l) => l + by), rows.map(([s, o, p]): Row => [s, o, p + by]));
  });
  assertEquals(weak, []);
  const evaluator = new RecallEvaluator("motifs", { task: "sgcls", metrics: "R" });
  for (const { labels, rows, truth } of images.slice(0, 6)) {
    evaluator.add(truth, list(labels.map((l) => l + 1), rows));
  }
  assert(!evaluator.result().warnings.some((text) => text.includes("seem")));
});

Deno.test("counts of two evaluators are added, and pass through a file", () => {
  const [first, second, whole] = Array.from(
    { length: 3 },
    () => new RecallEvaluator("motifs", { task: "sgcls", metrics: "R" }),
  );
  for (const [i, { labels, rows, truth }] of images.entries()) {
    const prediction = list(labels.map((l) => l + 1), rows);
    (i < 15 ? first : second).add(truth, prediction);
    whole.add(truth, prediction);
  }
  const text = JSON.stringify(second.state().warnings);
  first.addState({ ...second.state(), warnings: JSON.parse(text) });
  const warnings = first.result().warnings;
  assertEquals(warnings, whole.result().warnings);
  assert(warnings.some((text) => text.includes("of 90 entities, 90 have")));
});
