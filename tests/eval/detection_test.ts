/** SGDet and phrase detection of images whose boxes are a detector's. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Example } from "../../src/example.ts";
import { evaluate } from "../../src/eval/evaluate.ts";

/** "No relation" is the last of three predicates. */
const NONE = 2;

/**
 * Two annotated boxes, a man on a horse, and three detections: the man half a box too low
 * (IoU 1/3), the man exactly, and the horse.
 *
 * @param labels The detector's labels: man 0, horse 1.
 * @param best Predicates of the pair (exact man, horse) by descending score.
 */
function detected(labels: number[], best: number[]): Example {
  const relationLogits = new Float32Array(3 * 3 * 3).fill(-20);
  for (let pair = 0; pair < 9; pair++) relationLogits[pair * 3 + NONE] = 0;
  const at = (1 * 3 + 2) * 3;
  relationLogits[at + best[0]] = 4;
  relationLogits[at + best[1]] = 3;
  const annotated = {
    boxes: Float32Array.of(0, 0, 99, 99, 200, 0, 299, 99),
    entityLabels: Int32Array.of(0, 1),
    relations: Int32Array.of(0, 1, 0),
  };
  return {
    id: labels.join(""),
    width: 1000,
    height: 1000,
    boxes: Float32Array.of(0, 50, 99, 149, 0, 0, 99, 99, 200, 0, 299, 99),
    entityLabels: Int32Array.from(labels),
    relations: Int32Array.of(1, 2, 0),
    annotated,
    entityLogits: Float32Array.from(labels.flatMap((label) => label ? [0, 9] : [9, 0])),
    relationLogits,
  };
}

async function valuesOf(
  task: "sgdet" | "phrdet",
  metrics: string,
  protocol: "motifs" | "vrd",
  ...examples: Example[]
): Promise<Record<string, number>> {
  // A system that returns logits alone, as networks do.
  const logits = ({ entityLogits, relationLogits }: Example) => {
    return { entityLogits, relationLogits };
  };
  const [{ evaluator }] = await evaluate(examples, {
    system: (batch) => Promise.resolve(batch.map(logits)),
  }, { tasks: [task], protocols: [protocol], metrics, ks: [1, 2] });
  return Object.fromEntries(
    evaluator.result().values.map(({ metric, k, value }) => [
      k === null ? metric : `${metric}@${k}`,
      value,
    ]),
  );
}

Deno.test("SGDet compares the boxes of an example with its annotated ones", async () => {
  const found = await valuesOf(
    "sgdet",
    "R,ceiling",
    "motifs",
    detected([0, 0, 1], [0, 1]),
  );
  assertEquals(found, { "R@1": 1, "R@2": 1, "ceiling": 1 });
});

Deno.test("SGDet: k predicates a pair of the same boxes", async () => {
  // The best predicate of the pair is wrong, the second right.
  const found = await valuesOf("sgdet", "R,R/2", "motifs", detected([0, 0, 1], [1, 0]));
  assertEquals(found, { "R@1": 0, "R@2": 0, "R/2@1": 0, "R/2@2": 1 });
});

Deno.test("ceiling: the rows whose two boxes are found with the right labels", async () => {
  const right = detected([0, 0, 1], [1, 0]), noHorse = detected([0, 0, 0], [0, 1]);
  // Only the man that is half a box too low has the right label.
  const noMan = detected([0, 1, 1], [0, 1]);
  for (const protocol of ["motifs", "vrd"] as const) {
    const found = await valuesOf("sgdet", "R,ceiling", protocol, right, noHorse, noMan);
    assertAlmostEquals(found.ceiling, 1 / 3, 1e-12);
    assertEquals(found["R@2"], 0);
  }
  // Boxes around man and horse: 300 x 150 pixels against 300 x 100, IoU 2/3.
  const phrases = await valuesOf("phrdet", "R,ceiling", "vrd", right, noHorse, noMan);
  assertAlmostEquals(phrases.ceiling, 2 / 3, 1e-12);
});
