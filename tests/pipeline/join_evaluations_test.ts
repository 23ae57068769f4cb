import { assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import type { SystemEvaluation } from "../../src/eval/evaluate.ts";
import {
  joinEvaluations,
  type NamedEvaluations,
} from "../../src/pipeline/join_evaluations.ts";

/** An image of two entities, one above the other; `isHit` tells what comes first. */
function scored(evaluator: RecallEvaluator, id: string, isHit: boolean) {
  const boxes = Float32Array.of(0, 0, 50, 90, 10, 0, 40, 20);
  const entityLabels = Int32Array.of(0, 1), relations = Int32Array.of(0, 1, 1);
  const truth = { id, width: 100, height: 100, boxes, entityLabels, relations };
  evaluator.add(truth, {
    pairs: [0, 1],
    predicateScores: isHit ? [0.1, 0.9] : [0.9, 0.1],
  });
}

/** A model and its control; `hits` tells for each image whether they are right. */
function evaluated(
  suffix: string,
  hits: Record<string, [model: boolean, control: boolean]>,
): NamedEvaluations & { evaluations: SystemEvaluation[] } {
  const names = [`model_${suffix}`, `control_${suffix}`];
  const evaluations = names.map((system, s): SystemEvaluation => {
    const evaluator = new RecallEvaluator("motifs", { task: "predcls", ks: [1] });
    for (const [id, right] of Object.entries(hits)) scored(evaluator, id, right[s]);
    return { system, task: "predcls", protocol: evaluator.protocol, evaluator };
  });
  const runs = { [names[0]]: [names[0]], control: [names[1]] };
  return { evaluations, models: [names[0]], baselines: ["control"], runs };
}

const valueOf = ({ evaluations }: NamedEvaluations, system: number) =>
  evaluations[system].evaluator.result().values[0];

Deno.test("joinEvaluations() appends model to model and control to control", () => {
  const first = evaluated("half0", { a: [true, false] });
  joinEvaluations(
    first,
    evaluated("half1", { b: [true, false], c: [false, false], d: [true, true] }),
  );
  assertEquals(first.evaluations[0].evaluator.imageIds, ["a", "b", "c", "d"]);
  assertEquals([valueOf(first, 0).value, valueOf(first, 0).images], [3 / 4, 4]);
  assertEquals(valueOf(first, 1).value, 1 / 4);
});

Deno.test("joinEvaluations() refuses an image that both have", () => {
  const first = evaluated("half0", { a: [true, true], b: [true, true] });
  assertThrows(
    () => joinEvaluations(first, evaluated("half1", { b: [true, true] })),
    RangeError,
    `Cannot join "model_half0" with "model_half1" as their datasets must have different images: both have "b"`,
  );
});

Deno.test("joinEvaluations() refuses a model without the other's control", () => {
  const first = evaluated("half0", { a: [true, true] });
  const second = { ...evaluated("half1", { b: [true, true] }), baselines: [] };
  assertThrows(
    () => joinEvaluations(first, second),
    RangeError,
    `Cannot join the results of two models as each must have as many runs and controls as the other: found "model_half0" beside "control_half0", and "model_half1"; train what is missing, or use --control none`,
  );
});
