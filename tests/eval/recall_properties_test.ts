import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { AnnotatedImage } from "../../src/example.ts";
import type { DensePrediction } from "../../src/eval/prediction.ts";
import { parseProtocol } from "../../src/eval/protocol.ts";
import { type EvaluatorOptions, RecallEvaluator } from "../../src/eval/evaluator.ts";
import { Random } from "../../src/random.ts";
import { imageOf, separateBoxes, valuesOf } from "./_toy.ts";

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

Deno.test("shards joined in any order, by any tree, give the bits of one run", () => {
  const cases = Array.from({ length: 200 }, (_, seed) => randomCase(seed));
  const options = { ...everything, numPredicates: 3 };
  for (const protocol of ["sgp", "motifs", "sgg-benchmark", "vrd"] as const) {
    const whole = new RecallEvaluator(protocol, options);
    for (const one of cases) whole.add(...one);
    const expected = whole.result();
    for (const numShards of [1, 2, 7, 64]) {
      const random = new Random(numShards, protocol);
      const evaluators = Array.from(
        { length: numShards },
        () => new RecallEvaluator(protocol, options),
      );
      for (const one of cases) evaluators[random.below(numShards)].add(...one);
      // Joining two at random until one is left makes a random tree.
      while (evaluators.length > 1) {
        const [a] = evaluators.splice(random.below(evaluators.length), 1);
        evaluators[random.below(evaluators.length)].merge(a);
      }
      assertEquals(evaluators[0].result(), expected, `${protocol}, ${numShards} shards`);
    }
  }
});

Deno.test("merge() takes over the number of predicates and the images", () => {
  const options = { metrics: "mR" } as const;
  const empty = new RecallEvaluator("motifs", options);
  const full = new RecallEvaluator("motifs", options).add(...randomCase(3));
  assertEquals(empty.merge(full).result(), full.result());
  assertEquals(empty.imageIds, ["3"]);
});

Deno.test("merge() refuses other settings", () => {
  const evaluator = new RecallEvaluator("motifs");
  const others = [
    new RecallEvaluator("sgp"),
    new RecallEvaluator("motifs", { task: "predcls" }),
    new RecallEvaluator("motifs", { metrics: "ngR" }),
    new RecallEvaluator("motifs", { ks: [20] }),
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
    assertEquals(
      valuesOf("motifs", everything, [shuffled, {
        entityProbabilities: order.flatMap((i) => slice(e, i, 3)),
        relationProbabilities: order.flatMap((i) =>
          order.flatMap((j) => slice(r, i * n + j, 4))
        ),
      }]),
      valuesOf("motifs", everything, [truth, prediction]),
    );
  }));
});
