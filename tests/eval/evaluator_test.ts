import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import type { DensePrediction, Prediction } from "../../src/eval/prediction.ts";
import type { ProtocolName } from "../../src/eval/protocol.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { imageOf, twoPredicates, valuesOf } from "./_toy.ts";

const predcls = { task: "predcls", ks: [1, 2, 50] } as const;

Deno.test("R@K counts rows found among the first K pairs, ngR@K among all predicates", () => {
  // Both predicates of (0, 1) are annotated.
  const truth = imageOf([0, 1], [[0, 1, 0], [0, 1, 1]]);
  const prediction = twoPredicates([[0, 1], [1, 0]], [[0.9, 0.8], [0.5, 0.1]]);
  // One predicate a pair: 1 of 2 rows. Without constraint: 0.9, 0.8, 0.5, 0.1.
  assertEquals(
    valuesOf("motifs", { ...predcls, metrics: "R,ngR" }, [truth, prediction]),
    {
      "R@1": 0.5,
      "R@2": 0.5,
      "R@50": 0.5,
      "ngR@1": 0.5,
      "ngR@2": 1,
      "ngR@50": 1,
    },
  );
});

Deno.test("repeated rows count again unless the protocol takes the last of a pair", () => {
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 0], [0, 1, 1], [1, 2, 0]]);
  const prediction = twoPredicates([[0, 1], [1, 2]], [[0.9, 0.2], [0.1, 0.8]]);
  const options = { ...predcls, ks: [50], metrics: "R" };
  // Found: the two rows [0, 1, 0] of four.
  assertEquals(valuesOf("motifs", options, [truth, prediction]), { "R@50": 0.5 });
  // One to one: only one of the two.
  assertEquals(valuesOf("vrd", options, [truth, prediction]), { "R@50": 0.25 });
  // Last of the pair (0, 1) is 1: none of two.
  assertEquals(valuesOf("sgp", options, [truth, prediction]), { "R@50": 0 });
  // The published preprocessing writes a dict by pair: of rows A, B, A the label is A.
  const again = imageOf([0, 1], [[0, 1, 1], [0, 1, 0], [0, 1, 1]]);
  const zero = twoPredicates([[0, 1]], [[0.9, 0.2]]);
  const one = twoPredicates([[0, 1]], [[0.2, 0.9]]);
  assertEquals(valuesOf("sgp", options, [again, zero]), { "R@50": 0 });
  assertEquals(valuesOf("sgp", options, [again, one]), { "R@50": 1 });
});

Deno.test("mean over images and pooled sums differ as worked out by hand", () => {
  const one = imageOf([0, 1], [[0, 1, 0]]);
  const three = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 1], [0, 2, 1]]);
  const prediction = twoPredicates([[0, 1]], [[0.9, 0.1]]);
  const options = { ...predcls, ks: [50], metrics: "R" };
  const images: [AnnotatedImage, Prediction][] = [[one, prediction], [three, prediction]];
  assertAlmostEquals(
    valuesOf("motifs", options, ...images)["R@50"],
    (1 + 1 / 3) / 2,
    1e-15,
  );
  assertEquals(valuesOf("vrd", options, ...images)["R@50"], 2 / 4);
});

Deno.test("mR takes the mean over predicates in the three ways", () => {
  // Predicate 0: image a 1 of 1, image b 1 of 2; predicate 1: 0 of 1; 2 is absent.
  const a = imageOf([0, 1], [[0, 1, 0]]);
  const b = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 0], [0, 2, 1]]);
  const prediction: Prediction = { pairs: [0, 1], predicateScores: [0.9, 0.1, 0.1] };
  const options = { ...predcls, ks: [50], metrics: "mR,F1" };
  const images: [AnnotatedImage, Prediction][] = [[a, prediction], [b, prediction]];
  const values = (protocol: string) => valuesOf(protocol, options, ...images);
  assertEquals(values("sgg-benchmark")["mR@50"], (1 + 0.5) / 2 / 3);
  assertEquals(
    values("sgg-benchmark+absentPredicates=omit")["mR@50"],
    (1 + 0.5) / 2 / 2,
  );
  assertAlmostEquals(
    values("sgg-benchmark+perPredicate=pooled")["mR@50"],
    2 / 3 / 3,
    1e-15,
  );
  // R = (1 + 1/3) / 2 = 2/3, mR = 1/4: 2 x 1/6 / (11/12).
  assertAlmostEquals(values("sgg-benchmark")["F1@50"], 4 / 11, 1e-15);
});

Deno.test("result() has a table of predicates with counts", () => {
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 0], [0, 2, 1]]);
  const evaluator = new RecallEvaluator("sgg-benchmark", {
    ...predcls,
    ks: [50],
    metrics: "mR,ngmR",
  });
  evaluator.add(truth, {
    pairs: [0, 1, 0, 2],
    predicateScores: [0.9, 0.1, 0, 0.8, 0.3, 0],
  });
  const common = { k: 50, images: 1 };
  assertEquals(evaluator.result().perPredicate, [
    { ...common, predicate: 0, metric: "R", rows: 2, hits: 1, value: 0.5 },
    { ...common, predicate: 1, metric: "R", rows: 1, hits: 0, value: 0 },
    { ...common, predicate: 2, metric: "R", images: 0, rows: 0, hits: 0, value: NaN },
    { ...common, predicate: 0, metric: "ngR", rows: 2, hits: 1, value: 0.5 },
    { ...common, predicate: 1, metric: "ngR", rows: 1, hits: 1, value: 1 },
    { ...common, predicate: 2, metric: "ngR", images: 0, rows: 0, hits: 0, value: NaN },
  ]);
});

Deno.test("zR and sR split the rows, in images that have such rows", () => {
  const a = imageOf([0, 1], [[0, 1, 0], [1, 0, 1]]);
  const b = imageOf([0, 1], [[1, 0, 1]]);
  const prediction = twoPredicates([[0, 1], [1, 0]], [[0.9, 0.1], [0.8, 0.1]]);
  const zeroShot = { isUnseen: (subject: number) => subject === 0 };
  const options = { ...predcls, ks: [50], metrics: "zR,sR,ngzR", zeroShot };
  const evaluator = new RecallEvaluator("motifs", options);
  evaluator.add(a, prediction).add(b, prediction);
  const values = evaluator.result().values.map(({ value, images }) => [value, images]);
  // Unseen: [0, 1, 0], found, in one image. Seen: [1, 0, 1] twice, found without constraint.
  assertEquals(values, [[1, 1], [0, 2], [1, 1]]);
});

Deno.test("A lets only annotated pairs compete, pR asks for the pair alone", () => {
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 1], [2, 0, 1]]);
  const prediction = twoPredicates([[1, 2], [0, 1], [2, 0]], [[0.9, 0.1], [0.8, 0.1], [
    0.7,
    0.1,
  ]]);
  const values = valuesOf("sgg-benchmark", { ...predcls, metrics: "R,A,pR" }, [
    truth,
    prediction,
  ]);
  assertEquals([values["R@1"], values["R@2"]], [0, 1 / 3]);
  assertEquals([values["A@1"], values["A@2"]], [1 / 3, 1 / 3]);
  // Distinct pairs: (0, 1) at rank 1, (2, 0) at rank 2.
  assertEquals([values["pR@1"], values["pR@2"], values["pR@50"]], [0, 0.5, 1]);
});

Deno.test("A is pooled whatever the protocol's aggregate", () => {
  const one = imageOf([0, 1], [[0, 1, 0]]);
  const three = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 1], [0, 2, 1]]);
  const prediction = twoPredicates([[0, 1]], [[0.9, 0.1]]);
  const options = { ...predcls, ks: [50], metrics: "A" };
  assertEquals(valuesOf("motifs", options, [one, prediction], [three, prediction]), {
    "A@50": 0.5,
  });
});

Deno.test("K larger than the list counts the whole list; ngR keeps the first 100", () => {
  // 60 predicates of two pairs, the annotated one the 110th of all.
  const truth = imageOf([0, 1], [[1, 0, 49]]);
  const scores = Array.from({ length: 120 }, (_, i) => 1 - i / 1000);
  const prediction = { pairs: [0, 1, 1, 0], predicateScores: scores };
  const options = { task: "predcls", ks: [20, 100, 1000], metrics: "ngR" } as const;
  const ofMotifs = valuesOf("motifs", options, [truth, prediction]);
  assertEquals(ofMotifs, { "ngR@20": 0, "ngR@100": 0, "ngR@1000": 0 });
  const whole = valuesOf("motifs+listLimit=null", options, [truth, prediction]);
  assertEquals(whole, { "ngR@20": 0, "ngR@100": 0, "ngR@1000": 1 });
});

Deno.test("K is at most N(N-1) under the published protocol", () => {
  const truth = imageOf([0, 1], [[0, 1, 1], [1, 0, 1]]);
  const prediction = twoPredicates([[0, 1], [1, 0]], [[0.9, 0.8], [0.7, 0.6]]);
  const options = { ...predcls, metrics: "ngR" };
  // Of the four candidates only two count.
  assertEquals(valuesOf("sgp", options, [truth, prediction])["ngR@50"], 0.5);
  assertEquals(valuesOf("motifs", options, [truth, prediction])["ngR@50"], 1);
});

Deno.test("images without relations, predictions or a second entity", () => {
  const empty = imageOf([0, 1], []);
  const single = imageOf([0], []);
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  const hit = twoPredicates([[0, 1]], [[0.9, 0.1]]), nothing = twoPredicates([], []);
  const dense: DensePrediction = {
    entityProbabilities: [1],
    relationProbabilities: [0, 0, 1],
  };
  const expected: [ProtocolName, number, number][] = [
    ["sgp", 1, 1], // without relations or predictions: skipped
    ["motifs", 0.5, 2], // without predictions: 0
    ["sgg-benchmark", 1, 1],
    ["vrd", 0.5, 4], // counted, with no rows to find
  ];
  for (const [protocol, value, images] of expected) {
    const evaluator = new RecallEvaluator(protocol, { ...predcls, metrics: "R" });
    evaluator.add(truth, hit).add(truth, nothing).add(empty, hit).add(single, dense);
    const result = evaluator.result();
    assertEquals([result.values[2].value, result.images], [value, images], protocol);
  }
});

Deno.test("result() of no image at all is not a number", () => {
  const [{ value, images }] = new RecallEvaluator("motifs").result().values;
  assertEquals([value, images], [NaN, 0]);
});

Deno.test("RecallEvaluator refuses settings that it cannot compute", () => {
  assertThrows(
    () => new RecallEvaluator("motifs", { metrics: "zR" }),
    RangeError,
    'Cannot compute zR without the triplets of training: give "zeroShot"',
  );
  const evaluator = new RecallEvaluator("motifs", { metrics: "mR", task: "predcls" });
  evaluator.add(imageOf([0, 1], [[0, 1, 0]]), { triplets: [0, 1, 0] });
  assertThrows(
    () => evaluator.result(),
    RangeError,
    'Cannot compute mR as no prediction tells how many predicates there are: give "numPredicates"',
  );
});
