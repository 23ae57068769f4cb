/**
 * Every case of `$SGP_FIXTURES/recall`, with values computed by the original programs.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { matchEntities, NEVER } from "../../src/eval/matching/hits.ts";
import { rankImage } from "../../src/eval/matching/image_ranks.ts";
import { type ProtocolName, PROTOCOLS, type Task } from "../../src/eval/protocol.ts";
import { rank } from "../../src/eval/matching/ranking.ts";
import { candidatesOf } from "../../src/eval/matching/candidates.ts";
import { entitiesOf } from "../../src/eval/prediction.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { zeroShotList } from "../../src/eval/zero_shot.ts";
import {
  type Aggregate,
  type ByK,
  type Case,
  numPredicatesOf,
  predictionOf,
  singleTruthOf,
  type Suite,
  suites,
  truthOf,
} from "./_cases.ts";

const TASKS: Task[] = ["predcls", "sgcls", "sgdet"];
const ksOf = (values: ByK) => Object.keys(values).map(Number);

function valuesByK(evaluator: RecallEvaluator, metric: string): ByK {
  const { values } = evaluator.result();
  return Object.fromEntries(
    values.filter((value) => value.metric === metric).map(({ k, value }) => [k, value]),
  );
}

function assertClose(actual: ByK, expected: ByK, name: string) {
  for (const [k, value] of Object.entries(expected)) {
    assertAlmostEquals(
      actual[k],
      value,
      1e-12,
      `${name}@${k}: ${actual[k]} is not ${value}`,
    );
  }
}

const ranksOf = (ranks: Uint16Array) => [...ranks].map((r) => r === NEVER ? null : r);

function checkMotifs(one: Case, task: Task) {
  const expected = one.expected.motifs[task]!;
  const truth = truthOf(one), prediction = predictionOf(one, task);
  const evaluator = new RecallEvaluator("motifs", {
    task,
    metrics: "R,ngR",
    ks: ksOf(expected.R),
  })
    .add(truth, prediction);
  assertClose(valuesByK(evaluator, "R"), expected.R, `${task} R`);
  assertClose(valuesByK(evaluator, "ngR"), expected["ng-R"], `${task} ngR`);

  const protocol = PROTOCOLS.motifs;
  const list = { perPair: 1, onlyAnnotated: false, anyPredicate: false };
  const image = rankImage(truth, prediction, {
    task,
    protocol,
    lists: [list, { ...list, perPair: Infinity }],
    depth: Infinity,
  });
  assertEquals(ranksOf(image.ranks[0]), expected["R-first-match-rank"]);
  assertEquals(ranksOf(image.ranks[1]), expected["ng-R-first-match-rank"]);

  const entities = entitiesOf(truth, prediction, task);
  const candidates = candidatesOf(truth, prediction, entities, task, protocol);
  const { length, subjects, objects } = rank(candidates, 1, Infinity);
  const pairs = Array.from({ length }, (_, i) => [subjects[i], objects[i]]);
  assertEquals(pairs, expected.ranked_pairs);
}

function checkAuthors(one: Case) {
  for (const [k, expected] of Object.entries(one.expected.authors)) {
    const evaluator = new RecallEvaluator("sgp", {
      metrics: "R,mR",
      ks: [Number(k)],
      numPredicates: numPredicatesOf(one) - 1,
    })
      .add(singleTruthOf(one), predictionOf(one, "sgcls"));
    const { values, images, perPredicate } = evaluator.result();
    assertEquals(images, expected.total > 0 ? 1 : 0);
    if (expected.total > 0) assertAlmostEquals(values[0].value, expected.score, 1e-12);
    assertEquals(
      [...perPredicate.map(({ hits }) => hits), 0],
      expected.per_predicate_hits,
    );
    assertEquals(
      [...perPredicate.map(({ rows }) => rows), 0],
      expected.per_predicate_total,
    );
  }
}

/** Names of counts in the published program, and names in this project. */
const COUNTS = {
  entity_total: "entities",
  entity_correct: "correctEntities",
  relations_total: "relations",
  relations_correct: "correctRelations",
  relations_pos_total: "positives",
  relations_pos_correct: "correctPositives",
  relationships_correct: "correctTriplets",
  relationships_pos_correct: "correctPositiveTriplets",
} as const;

function checkAccuracy(evaluator: RecallEvaluator, expected: Record<string, number>) {
  const { accuracy } = evaluator.result();
  for (const [theirs, ours] of Object.entries(COUNTS)) {
    assertEquals(accuracy[ours], expected[theirs], theirs);
  }
}

function checkAggregate(
  { cases }: Suite,
  aggregate: Aggregate,
  protocol: ProtocolName,
  task: Task,
) {
  const evaluator = new RecallEvaluator(protocol, {
    task,
    metrics: protocol === "sgg-benchmark" ? "R,ngR,mR,ngmR,zR,ngzR,A" : "R,ngR",
    ks: aggregate.ks,
    zeroShot: zeroShotList(aggregate.zeroshot_triplets),
    numPredicates: aggregate.nof_predicates_with_negative - 1,
  });
  for (const one of cases) {
    const truth = protocol === "sgp" ? singleTruthOf(one) : truthOf(one);
    evaluator.add(truth, predictionOf(one, task));
  }
  if (protocol === "sgp") {
    assertClose(valuesByK(evaluator, "R"), aggregate.authors, "R");
    checkAccuracy(evaluator, aggregate.authors_accuracy_counts);
  } else if (protocol === "motifs") {
    assertClose(valuesByK(evaluator, "R"), aggregate.motifs[task].R, "R");
    assertClose(valuesByK(evaluator, "ngR"), aggregate.motifs[task]["ng-R"], "ngR");
  } else checkBenchmark(evaluator, aggregate.sgg_benchmark[task]);
}

/** Names in this project, and in the original programs. */
const NAMES = {
  R: "R",
  ngR: "ng-R",
  mR: "mR",
  ngmR: "ng-mR",
  zR: "zR",
  ngzR: "ng-zR",
  A: "A",
};

function checkBenchmark(
  evaluator: RecallEvaluator,
  expected: Aggregate["sgg_benchmark"][string],
) {
  for (const [ours, theirs] of Object.entries(NAMES)) {
    assertEquals(
      expected[theirs] === undefined,
      ours === "A" && evaluator.task === "sgdet",
    );
    assertClose(valuesByK(evaluator, ours), expected[theirs] ?? {}, ours);
  }
  const { perPredicate } = evaluator.result();
  for (const [metric, lists] of [["R", "mR-list"], ["ngR", "ng-mR-list"]]) {
    for (const [k, list] of Object.entries(expected[lists])) {
      const ours = perPredicate.filter((row) =>
        row.metric === metric && `${row.k}` === k
      );
      for (const [i, value] of (list as unknown as number[]).entries()) {
        assertAlmostEquals(ours[i].rows ? ours[i].value : 0, value, 1e-12);
      }
    }
  }
}

for (const suite of suites) {
  const { name, cases, aggregate } = suite;
  for (const one of cases) {
    Deno.test(`${name} ${one.id}: RecallEvaluator scores it as the originals do`, () => {
      checkAuthors(one);
      if (one.expected.authors_accuracy) {
        const evaluator = new RecallEvaluator("sgp")
          .add(singleTruthOf(one), predictionOf(one, "sgcls"));
        checkAccuracy(evaluator, one.expected.authors_accuracy);
      }
      for (const task of TASKS) if (one.expected.motifs[task]) checkMotifs(one, task);
    });
  }
  if (!aggregate) continue;
  Deno.test(`${name}: the sum of all images is the authors'`, () => {
    checkAggregate(suite, aggregate, "sgp", "sgcls");
  });
  for (const protocol of ["motifs", "sgg-benchmark"] as const) {
    for (const task of TASKS) {
      Deno.test(`${name}: the sum of all images is that of ${protocol}, ${task}`, () => {
        checkAggregate(suite, aggregate, protocol, task);
      });
    }
  }
}

Deno.test("matchEntities() counts an overlap of exactly one half", () => {
  // 10 x 10 and 10 x 20 pixels, one inside the other: 100 / 200.
  const a = { boxes: [0, 0, 9, 9], labels: [3] },
    b = { boxes: [0, 0, 9, 19], labels: [3] };
  assertEquals([...matchEntities(a, b, PROTOCOLS.motifs)], [0.5]);
});
