/**
 * Recall of a single scene graph.
 *
 * @module
 */

import { checkGraph } from "../check_graph.ts";
import { BOOLEAN, checkOptions, NUMBER } from "../check_options.ts";
import type { SceneGraph } from "../scene_graph.ts";
import type { Protocol, ProtocolName } from "./protocol.ts";
import { RecallEvaluator } from "./evaluator.ts";

/** Settings of {@linkcode recallAtK}. */
export interface RecallOptions {
  /** Number of best predicted relations that count; default 100. */
  k?: number;
  /** Protocol, by name or as a record; default `motifs`. */
  protocol?: ProtocolName | Protocol;
  /** If false, a pair may have several predicates (ngR instead of R); default true. */
  graphConstraint?: boolean;
}

/**
 * The share of true relations that are among the K best predicted ones.
 *
 * A predicted relation hits a true one if the labels of subject, predicate and object
 * are equal and both boxes overlap by at least half.
 *
 * @param truth The true scene graph; its scores do not matter.
 * @param predicted The predicted one; its relations are ranked by score.
 * @param options K, protocol and graph constraint.
 * @returns A fraction; NaN if the truth has no relations.
 * @throws {RangeError} If K is not an integer >= 1, or an index is out of range.
 *
 * @example
 * ```ts
 * import { recallAtK, type SceneGraph } from "../../mod.ts";
 * const truth: SceneGraph = {
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "man", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "hat", labelIndex: 1, score: 1, box: [10, 0, 40, 20] },
 *   ],
 *   relations: [
 *     { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 1 },
 *     { subject: 1, object: 0, predicate: "on", predicateIndex: 1, score: 1 },
 *   ],
 * };
 * const predicted = { ...truth, relations: truth.relations.slice(0, 1) };
 * if (recallAtK(truth, predicted, { k: 20 }) !== 0.5) throw new Error();
 * ```
 */
export function recallAtK(
  truth: SceneGraph,
  predicted: SceneGraph,
  options: RecallOptions = {},
): number {
  checkGraph(truth, "the annotated graph");
  checkGraph(predicted, "the predicted graph");
  checkOptions(options, "recallAtK()", {
    k: NUMBER,
    protocol: undefined,
    graphConstraint: BOOLEAN,
  });
  const { k = 100, protocol = "motifs", graphConstraint = true } = options;
  const evaluator = new RecallEvaluator(protocol, {
    task: "sgdet",
    metrics: graphConstraint ? "R" : "ngR",
    ks: [k],
  });
  const triplets = predicted.relations.flatMap(({ subject, object, predicateIndex }) => {
    return [subject, object, predicateIndex];
  });
  evaluator.add({
    id: "image",
    width: truth.imageWidth,
    height: truth.imageHeight,
    boxes: Float32Array.from(truth.entities.flatMap(({ box }) => box)),
    entityLabels: Int32Array.from(truth.entities, ({ labelIndex }) => labelIndex),
    relations: Int32Array.from(
      truth.relations.flatMap(({ subject, object, predicateIndex }) => {
        return [subject, object, predicateIndex];
      }),
    ),
  }, {
    boxes: predicted.entities.flatMap(({ box }) => box),
    entityLabels: predicted.entities.map(({ labelIndex }) => labelIndex),
    triplets,
    scores: predicted.relations.map(({ score }) => score),
  });
  return evaluator.result().values[0].value;
}
