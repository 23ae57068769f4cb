/**
 * Small images to score by hand.
 *
 * @module
 */

import type { AnnotatedImage } from "../../src/example.ts";
import { type EvaluatorOptions, RecallEvaluator } from "../../src/eval/evaluator.ts";
import { parseProtocol } from "../../src/eval/protocol.ts";
import type { Prediction } from "../../src/eval/prediction.ts";

/** Boxes of ten by ten pixels, a hundred pixels apart. */
export function separateBoxes(n: number): number[] {
  return Array.from({ length: n }, (_, i) => [100 * i, 0, 100 * i + 9, 9]).flat();
}

/** An image with entities that are far apart. */
export function imageOf(
  labels: number[],
  relations: [subject: number, object: number, predicate: number][],
  { id = "a", boxes = separateBoxes(labels.length) } = {},
): AnnotatedImage {
  return {
    id,
    width: 1e4,
    height: 1e4,
    boxes: Float32Array.from(boxes),
    entityLabels: Int32Array.from(labels),
    relations: Int32Array.from(relations.flat()),
  };
}

/** The values of one image by name and K, such as `R@20`. */
export function valuesOf(
  protocol: string,
  options: EvaluatorOptions,
  ...images: (readonly [AnnotatedImage, Prediction])[]
): Record<string, number> {
  const evaluator = new RecallEvaluator(parseProtocol(protocol), options);
  for (const [truth, prediction] of images) evaluator.add(truth, prediction);
  return Object.fromEntries(
    evaluator.result().values.map(({ metric, k, value }) => [
      k === null ? metric : `${metric}@${k}`,
      value,
    ]),
  );
}

/** Pairs with scores of two predicates. */
export const twoPredicates = (pairs: number[][], scores: number[][]): Prediction => ({
  pairs: pairs.flat(),
  predicateScores: scores.flat(),
});
