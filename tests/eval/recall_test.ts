import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { AnnotatedImage } from "../../src/dataset/example.ts";
import type { DensePrediction, Prediction } from "../../src/eval/prediction.ts";
import { parseProtocol, type ProtocolName } from "../../src/eval/protocol.ts";
import { type EvaluatorOptions, RecallEvaluator } from "../../src/eval/recall.ts";
import { Random } from "../../src/random.ts";
import { imageOf, separateBoxes, valuesOf } from "./_toy.ts";

/** Pairs with scores of two predicates. */
const two = (pairs: number[][], scores: number[][]): Prediction => ({
  pairs: pairs.flat(),
  predicateScores: scores.flat(),
});
const predcls = { task: "predcls", ks: [1, 2, 50] } as const;

Deno.test("R@K counts rows found among the first K pairs, ngR@K among all predicates", () => {
  // Both predicates of (0, 1) are annotated.
  const truth = imageOf([0, 1], [[0, 1, 0], [0, 1, 1]]);
  const prediction = two([[0, 1], [1, 0]], [[0.9, 0.8], [0.5, 0.1]]);
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
  const prediction = two([[0, 1], [1, 2]], [[0.9, 0.2], [0.1, 0.8]]);
  const options = { ...predcls, ks: [50], metrics: "R" };
  // Found: the two rows [0, 1, 0] of four.
  assertEquals(valuesOf("motifs", options, [truth, prediction]), { "R@50": 0.5 });
  // One to one: only one of the two.
  assertEquals(valuesOf("vrd", options, [truth, prediction]), { "R@50": 0.25 });
  // Last of the pair (0, 1) is 1: none of two.
  assertEquals(valuesOf("sgp", options, [truth, prediction]), { "R@50": 0 });
  // A repetition at the end is not the last word.
  const again = imageOf([0, 1], [[0, 1, 1], [0, 1, 0], [0, 1, 1]]);
  const zero = two([[0, 1]], [[0.9, 0.2]]);
  assertEquals(valuesOf("sgp", options, [again, zero]), { "R@50": 1 });
});

Deno.test("mean over images and pooled sums differ as worked out by hand", () => {
  const one = imageOf([0, 1], [[0, 1, 0]]);
  const three = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 1], [0, 2, 1]]);
  const prediction = two([[0, 1]], [[0.9, 0.1]]);
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
  const prediction = two([[0, 1], [1, 0]], [[0.9, 0.1], [0.8, 0.1]]);
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
  const prediction = two([[1, 2], [0, 1], [2, 0]], [[0.9, 0.1], [0.8, 0.1], [0.7, 0.1]]);
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
  const prediction = two([[0, 1]], [[0.9, 0.1]]);
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
  const prediction = two([[0, 1], [1, 0]], [[0.9, 0.8], [0.7, 0.6]]);
  const options = { ...predcls, metrics: "ngR" };
  // Of the four candidates only two count.
  assertEquals(valuesOf("sgp", options, [truth, prediction])["ngR@50"], 0.5);
  assertEquals(valuesOf("motifs", options, [truth, prediction])["ngR@50"], 1);
});

Deno.test("images without relations, predictions or a second entity", () => {
  const empty = imageOf([0, 1], []);
  const single = imageOf([0], []);
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  const hit = two([[0, 1]], [[0.9, 0.1]]), nothing = two([], []);
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

Deno.test("SGCls multiplies scores of entities, and its labels must be right", () => {
  const truth = imageOf([0, 1, 0], [[0, 1, 0], [2, 1, 0]]);
  const prediction: Prediction = {
    entityLabels: [0, 1, 1],
    entityScores: [0.5, 1, 1],
    pairs: [0, 1, 2, 1],
    predicateScores: [0.8, 0.5],
  };
  const options = { task: "sgcls", ks: [1, 2], metrics: "R,accuracy" } as const;
  // 0.5 x 0.8 x 1 = 0.4 comes after 1 x 0.5 x 1; the latter has a wrong label.
  assertEquals(valuesOf("motifs", options, [truth, prediction]), {
    "R@1": 0,
    "R@2": 0.5,
    entityAccuracy: 2 / 3,
  });
});

Deno.test("SGDet finds entities by boxes; two detections may hit one row", () => {
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  // The second detection is shifted by 5 of 10 pixels: 50 / 150 is too little.
  const boxes = [0, 0, 9, 9, 5, 0, 14, 9, 100, 0, 109, 9];
  const prediction = (label: number): Prediction => ({
    boxes,
    entityLabels: [label, 0, 1],
    pairs: [1, 2, 0, 2],
    predicateScores: [0.9, 0.8],
  });
  const options = { task: "sgdet", ks: [1, 2], metrics: "R" } as const;
  assertEquals(valuesOf("motifs", options, [truth, prediction(0)]), {
    "R@1": 0,
    "R@2": 1,
  });
  assertEquals(valuesOf("motifs", options, [truth, prediction(1)])["R@2"], 0);
  const loose = valuesOf("motifs+threshold=0.3", options, [truth, prediction(0)]);
  assertEquals(loose["R@1"], 1);
});

Deno.test("SGDet may leave out pairs that do not overlap", () => {
  const boxes = [0, 0, 9, 9, 5, 5, 14, 14, 100, 0, 109, 9];
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 2, 0]], { boxes });
  const prediction: Prediction = {
    boxes,
    entityLabels: [0, 1, 2],
    pairs: [0, 1, 0, 2],
    predicateScores: [0.5, 0.9],
  };
  const options = { task: "sgdet", ks: [1, 50], metrics: "R" } as const;
  assertEquals(
    valuesOf("motifs+candidatePairs=overlapping", options, [truth, prediction]),
    { "R@1": 0.5, "R@50": 0.5 },
  );
  assertEquals(valuesOf("motifs", options, [truth, prediction])["R@50"], 1);
});

Deno.test("predicate detection ranks annotated pairs only, by rows or by pairs", () => {
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 1], [1, 2, 0]]);
  const all = two([[2, 1], [1, 2], [0, 1]], [[1, 1], [0.9, 0.3], [0.8, 0.7]]);
  const options = { task: "preddet", ks: [1, 2, 3, 4], metrics: "R,ngR" } as const;
  const rows = valuesOf("vrd", options, [truth, all]);
  // Rows: 120, 010, 010 again. Pairs: 120, 010.
  assertEquals([rows["R@1"], rows["R@2"], rows["R@3"]], [1 / 3, 2 / 3, 2 / 3]);
  // Rows without constraint: 120, 010, 010, 011 (twice), 121.
  assertEquals([rows["ngR@3"], rows["ngR@4"]], [2 / 3, 1]);
  const pairs = valuesOf("vrd+annotatedPairs=pairs", options, [truth, all]);
  assertEquals([pairs["ngR@2"], pairs["ngR@3"]], [2 / 3, 1]);
});

Deno.test("predicate detection takes a list of its own for each row that has one", () => {
  const truth = imageOf([0, 1], [[0, 1, 0], [0, 1, 1]]);
  const lists = two([[0, 1], [0, 1]], [[0.9, 0.1], [0.2, 0.8]]);
  const options = { task: "preddet", ks: [50], metrics: "R" } as const;
  assertEquals(valuesOf("vrd", options, [truth, lists])["R@50"], 1);
  assertEquals(
    valuesOf("vrd+annotatedPairs=pairs", options, [truth, lists])["R@50"],
    0.5,
  );
});

Deno.test("predicate detection by pairs joins entities of equal class and box", () => {
  const boxes = [0, 0, 9, 9, 100, 0, 109, 9, 100, 0, 109, 9];
  const truth = imageOf([0, 1, 1], [[0, 1, 0], [0, 2, 1]], { boxes });
  const all = two([[0, 1], [0, 2]], [[0.9, 0.1], [0.2, 0.8]]);
  const options = { task: "preddet", ks: [50], metrics: "R" } as const;
  assertEquals(valuesOf("vrd", options, [truth, all])["R@50"], 1);
  assertEquals(valuesOf("vrd+annotatedPairs=pairs", options, [truth, all])["R@50"], 0.5);
});

Deno.test("the background is sliced away, or excluded before the softmax", () => {
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  // (0, 1): 0.2, background 0.8; (1, 0): 0.3 and 0.3, background 0.4.
  const prediction: DensePrediction = {
    entityProbabilities: [1, 0, 0, 1],
    relationProbabilities: [0, 0, 1, 0.2, 0, 0.8, 0.3, 0.3, 0.4, 0, 0, 1],
  };
  const options = { ...predcls, metrics: "R" };
  assertEquals(valuesOf("motifs", options, [truth, prediction])["R@1"], 0);
  // 0.2 / 0.2 = 1 goes before 0.3 / 0.6.
  const excluded = "motifs+background=excluded";
  assertEquals(valuesOf(excluded, options, [truth, prediction])["R@1"], 1);
});

/** A random image with a random dense prediction, for properties. */
function randomCase(seed: number): [AnnotatedImage, DensePrediction] {
  const random = new Random(seed);
  const n = 1 + random.below(5);
  const relations: [number, number, number][] = [];
  for (let r = random.below(7); n > 1 && r > 0; r--) {
    const subject = random.below(n);
    const object = (subject + 1 + random.below(n - 1)) % n;
    relations.push([subject, object, random.below(3)]);
  }
  const truth = imageOf(
    Array.from({ length: n }, () => random.below(3)),
    relations,
    { id: `${seed}`, boxes: separateBoxes(n) },
  );
  const numbers = (length: number) => Array.from({ length }, () => random.uniform());
  return [truth, {
    entityProbabilities: numbers(n * 3),
    relationProbabilities: numbers(n * n * 4),
  }];
}

const everything: EvaluatorOptions = {
  metrics: "R,ngR,mR,ngmR,zR,sR,A,pR,F1,R/2,accuracy",
  ks: [1, 2, 5, 20],
  zeroShot: { isUnseen: (subject) => subject === 0 },
  keepImages: true,
};
const someProtocol = fc.constantFrom("sgp", "motifs", "sgg-benchmark", "vrd");

Deno.test("merge() is associative and commutative to the last bit", () => {
  const parts = fc.array(fc.array(fc.nat(1000), { maxLength: 6 }), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(someProtocol, parts, (protocol, [a, b, c]) => {
      const score = (seeds: number[]) => {
        const evaluator = new RecallEvaluator(parseProtocol(protocol), {
          ...everything,
          numPredicates: 3,
        });
        for (const seed of seeds) evaluator.add(...randomCase(seed));
        return evaluator;
      };
      const all = score([...a, ...b, ...c]).result();
      assertEquals(score(a).merge(score(b)).merge(score(c)).result(), all);
      assertEquals(score(a).merge(score(b).merge(score(c))).result(), all);
      assertEquals(score(c).merge(score(a)).merge(score(b)).result(), all);
    }),
    { numRuns: 40 },
  );
});

Deno.test("merge() takes the number of predicates and the images of the other", () => {
  const options = { metrics: "mR", keepImages: true } as const;
  const empty = new RecallEvaluator("motifs", options);
  const full = new RecallEvaluator("motifs", options).add(...randomCase(3));
  assertEquals(empty.merge(full).result(), full.result());
  assertEquals(empty.table!.ids, ["3"]);
});

Deno.test("merge() refuses other settings", () => {
  const evaluator = new RecallEvaluator("motifs");
  const others = [
    new RecallEvaluator("sgp"),
    new RecallEvaluator("motifs", { task: "predcls" }),
    new RecallEvaluator("motifs", { metrics: "ngR" }),
    new RecallEvaluator("motifs", { ks: [20] }),
    new RecallEvaluator("motifs", { keepImages: true }),
  ];
  for (const other of others) {
    assertThrows(
      () => evaluator.merge(other),
      RangeError,
      "Cannot merge evaluators as their settings must be equal",
    );
  }
  const [three, four] = [3, 4].map((numPredicates) =>
    new RecallEvaluator("motifs", { numPredicates })
  );
  assertThrows(() => three.merge(four), RangeError, "their settings must be equal");
});

Deno.test("recall grows with K, and without the constraint it is no smaller at the end", () => {
  fc.assert(fc.property(someProtocol, fc.nat(10_000), (protocol, seed) => {
    const values = valuesOf(
      protocol,
      { metrics: "R,ngR,R/2", ks: [1, 5, 60] },
      randomCase(seed),
    );
    for (const metric of ["R", "ngR", "R/2"]) {
      const [a, b, c] = [1, 5, 60].map((k) => values[`${metric}@${k}`]);
      if (Number.isNaN(a)) continue;
      assertEquals([a <= b, b <= c], [true, true]);
    }
    // Five entities have 60 candidates without constraint, so all of them count.
    const isWhole = protocol !== "sgp" && !Number.isNaN(values["R@60"]);
    if (isWhole) assertEquals(values["ngR@60"] >= values["R@60"], true);
  }));
});

Deno.test("a prediction counts the same whatever the order of its entities", () => {
  fc.assert(fc.property(fc.nat(10_000), (seed) => {
    const [truth, prediction] = randomCase(seed);
    const n = truth.entityLabels.length;
    const order = new Random(seed, "order").shuffle(
      Array.from({ length: n }, (_, i) => i),
    );
    const place = order.map((_, i) => order.indexOf(i));
    const { entityProbabilities: e, relationProbabilities: r } = prediction;
    const slice = (all: ArrayLike<number>, at: number, width: number) =>
      Array.from(all).slice(at * width, at * width + width);
    const shuffled: AnnotatedImage = {
      ...truth,
      boxes: Float32Array.from(order.flatMap((i) => slice(truth.boxes, i, 4))),
      entityLabels: Int32Array.from(order, (i) => truth.entityLabels[i]),
      relations: truth.relations.map((x, i) => i % 3 === 2 ? x : place[x]),
    };
    const options = { ...everything, keepImages: false };
    assertEquals(
      valuesOf("motifs", options, [shuffled, {
        entityProbabilities: order.flatMap((i) => slice(e, i, 3)),
        relationProbabilities: order.flatMap((i) =>
          order.flatMap((j) => slice(r, i * n + j, 4))
        ),
      }]),
      valuesOf("motifs", options, [truth, prediction]),
    );
  }));
});

Deno.test("RecallEvaluator refuses what it cannot compute", () => {
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
