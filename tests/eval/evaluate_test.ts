import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Example, Logits } from "../../src/example.ts";
import { evaluate, type System } from "../../src/eval/evaluate.ts";
import { reportRows } from "../../src/eval/comparison/comparison.ts";

/** Two entities side by side, classes 0 and 1, "0 on 1" annotated (of two predicates). */
function example(id: string): Example {
  return {
    id,
    width: 100,
    height: 100,
    boxes: Float32Array.of(0, 0, 40, 40, 50, 50, 90, 90),
    entityLabels: Int32Array.of(0, 1),
    relations: Int32Array.of(0, 1, 1),
    entityLogits: Float32Array.of(5, 0, 0, 5),
    relationLogits: new Float32Array(12),
  };
}

/** Predicts `p` for both pairs, with a higher score for the pair from 0 to 1. */
function saying(p: number): Logits {
  const relationLogits = new Float32Array(12);
  relationLogits[3 + p] = 2;
  relationLogits[6 + p] = 1;
  return { entityLogits: Float32Array.of(5, 0, 0, 5), relationLogits };
}

const always = (p: number): System => (batch) =>
  Promise.resolve(batch.map(() => saying(p)));

const examples = ["a", "b", "c"].map(example);
const common = {
  tasks: ["sgcls"],
  protocols: ["motifs"],
  metrics: "R",
  ks: [1],
} as const;

Deno.test("evaluate() scores each system on the same images", async () => {
  const done: number[][] = [];
  const all = await evaluate(examples, { right: always(1), wrong: always(0) }, {
    ...common,
    tasks: ["predcls", "sgcls"],
    protocols: ["motifs", "sgp"],
    batchSize: 2,
    total: 3,
    onProgress: (...progress) => done.push(progress),
  });
  assertEquals(
    all.map(({ system, task, protocol, evaluator }) =>
      [system, task, protocol.name, evaluator.result().values[0].value].join(" ")
    ),
    [
      "right predcls motifs 1",
      "right predcls sgp 1",
      "right sgcls motifs 1",
      "right sgcls sgp 1",
      "wrong predcls motifs 0",
      "wrong predcls sgp 0",
      "wrong sgcls motifs 0",
      "wrong sgcls sgp 0",
    ],
  );
  assertEquals(done, [[2, 3], [3, 3]]);
});

Deno.test("evaluate() lets a system detect its own boxes", async () => {
  // Three detections, the first two where the entities are.
  const boxes = [0, 0, 40, 40, 50, 50, 90, 90, 0, 90, 9, 99];
  const relationLogits = new Float32Array(27);
  relationLogits[3 + 1] = 2;
  const entityLogits = Float32Array.of(5, 0, 0, 5, 0, 5);
  const [{ evaluator }] = await evaluate(examples, {
    detector: (batch) =>
      Promise.resolve(batch.map(() => ({ boxes, entityLogits, relationLogits }))),
  }, { ...common, tasks: ["sgdet"] });
  assertEquals(evaluator.result().values[0].value, 1);
});

Deno.test("evaluate() refuses a system that returns another number of images", async () => {
  await assertRejects(
    () => evaluate(examples, { lazy: () => Promise.resolve([]) }, common),
    RangeError,
    'Cannot score "lazy" as it must answer 3 images: found 0',
  );
});

Deno.test("evaluate() names the image of a logit that is not a number", async () => {
  const broken = { ...saying(1), relationLogits: new Float32Array(12).fill(NaN) };
  const system: System = (batch) => Promise.resolve(batch.map(() => broken));
  await assertRejects(
    () => evaluate(examples, { broken: system }, common),
    RangeError,
    'Cannot score image "a" as relation probabilities must be finite and at least 0',
  );
});

Deno.test("reportRows() has a row for each metric, K and baseline", async () => {
  // "mixed" is right on one image of three.
  const mixed: System = (batch) =>
    Promise.resolve(batch.map(({ id }) => saying(id === "b" ? 1 : 0)));
  const evaluations = await evaluate(
    examples,
    { right: always(1), mixed, wrong: always(0) },
    { ...common, ks: [1, 2] },
  );
  const rows = reportRows(evaluations, {
    dataset: "toy",
    split: "test",
    model: "right",
    baselines: ["mixed", "wrong"],
    resamples: 500,
  });
  assertEquals(rows.map(({ k, baseline_name }) => `${k} ${baseline_name}`), [
    "1 mixed",
    "1 wrong",
    "2 mixed",
    "2 wrong",
  ]);
  const [first, second] = rows;
  assertEquals([first.value, first.baseline, first.difference], [1, 1 / 3, 1 - 1 / 3]);
  // Of three draws of three images, all "b" (1 in 27) and none "b" (8 in 27) are inside.
  assertEquals([first.low, first.high, first.images], [0, 1, 3]);
  assertEquals([second.low, second.high], [1, 1]);
  // No draw of 500 is at or below zero: 2 (0 + 1) / (500 + 1).
  assertEquals(second.pValue, 2 / 501);
});

Deno.test("reportRows() averages runs, and gives each value an interval", async () => {
  const evaluations = await evaluate(
    examples,
    { one: always(1), two: always(0) },
    common,
  );
  const [row] = reportRows(evaluations, {
    dataset: "toy",
    split: "test",
    model: "both",
    runs: { both: ["one", "two"] },
    resamples: 10,
  });
  assertEquals([row.value, row.low, row.high, row.baseline], [0.5, 0.5, 0.5, null]);
  assertEquals(row.deviation, Math.sqrt(0.5));
});

Deno.test("reportRows() refuses an unknown system and other images", async () => {
  const evaluations = await evaluate(examples, { one: always(1) }, common);
  const options = { dataset: "toy", split: "test", model: "one" };
  assertThrows(
    () => reportRows(evaluations, { ...options, baselines: ["two"] }),
    RangeError,
    'Cannot report on "two" as it was not evaluated: there are one',
  );
  const others = await evaluate(examples.slice(1), { two: always(1) }, common);
  assertThrows(
    () => reportRows([...evaluations, ...others], { ...options, baselines: ["two"] }),
    RangeError,
    'Cannot compare "one" with "two" as both must have scored the same images: image 0 is "a" and "b"',
  );
});

Deno.test("statistics() with all weights 1 equals result()", async () => {
  const zeroShot = { isUnseen: () => true };
  const metrics = "R,ngR,mR,ngmR,zR,F1,ngF1,A,pR,R/2,accuracy";
  const mixed: System = (batch) =>
    Promise.resolve(batch.map(({ id }) => saying(id === "b" ? 1 : 0)));
  for (const protocol of ["sgp", "motifs", "sgg-benchmark", "vrd"] as const) {
    const [{ evaluator }] = await evaluate(examples, { mixed }, {
      ...common,
      protocols: [protocol],
      metrics,
      zeroShot,
    });
    const values = evaluator.statistics().map(({ metric, k, images, statistic }) => {
      return { metric, k, value: statistic([1, 1, 1]), images };
    });
    assertEquals(values, evaluator.result().values);
  }
});
