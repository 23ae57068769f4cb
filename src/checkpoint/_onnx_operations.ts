/**
 * The operations of `model/` as nodes of an ONNX graph. Values go by their names.
 *
 * @module
 */

import { CERTAIN_SCORE } from "../certainty.ts";
import { PUBLISHED_EPSILON } from "../config.ts";
import type { OnnxGraph } from "../io/onnx_graph.ts";

/** Names of the values that `logProbabilities` of `kernels/softmax.ts` computes. */
export interface Distribution {
  logs: string;
  label: string;
  greatest: string;
}

/**
 * Log-probabilities of each row, and its likeliest label.
 *
 * @param graph Receives the operations.
 * @param logits `[K, C]`.
 * @param choices Number of the first classes that may be the label.
 * @param epsilon Added to each probability before the logarithm.
 */
export function logProbabilities(
  graph: OnnxGraph,
  logits: string,
  choices: number,
  epsilon: number,
): Distribution {
  const p = graph.apply("Softmax", [logits], { axis: 1 });
  const added = graph.floats("epsilon", [], Float32Array.of(epsilon));
  let logs = graph.apply("Log", [graph.apply("Add", [p, added])]);
  if (epsilon !== PUBLISHED_EPSILON) {
    const least = graph.floats("logEpsilon", [], Float32Array.of(Math.log(epsilon)));
    logs = graph.apply("Sub", [logs, least]);
  }
  const [from, to, axis] = [0, choices, 1].map((i) => graph.integers(i));
  const first = graph.apply("Slice", [p, from, to, axis]);
  return {
    logs,
    label: graph.apply("ArgMax", [first], { axis: 1, keepdims: 0 }),
    greatest: graph.apply("ReduceMax", [first, axis], { keepdims: 1 }),
  };
}

/** Looks up the rows of the likeliest labels in a table, times their probabilities. */
export function lookUp(
  graph: OnnxGraph,
  table: string,
  { label, greatest }: Distribution,
): string {
  const rows = graph.apply("Gather", [table, label]);
  return graph.apply("Mul", [rows, greatest]);
}

/**
 * Certainty of labels, `[n, 1]`, see `model/features.ts`.
 *
 * @param graph Receives the operations.
 * @param greatest Probability of the likeliest label.
 * @param first Certainty in the first step; absent in the first step itself.
 */
export function certaintyOf(graph: OnnxGraph, greatest: string, first?: string): string {
  const number = (name: string, value: number) =>
    graph.floats(name, [], Float32Array.of(value));
  const scaled = graph.apply("Div", [greatest, number("certainScore", CERTAIN_SCORE)]);
  const certainty = graph.apply("Min", [scaled, number("whole", 1)]);
  return first
    ? graph.apply("Max", [certainty, graph.apply("Floor", [first])])
    : certainty;
}

/** Takes the part of a change that `relationTrust` allows; `certainty` is `[n, 1]`. */
export function trusted(
  graph: OnnxGraph,
  { before, after, certainty }: Record<"before" | "after" | "certainty", string>,
  relationTrust: number,
): string {
  const number = (name: string, value: number) =>
    graph.floats(name, [], Float32Array.of(value));
  const ends = ["subjects", "objects"].map((end) =>
    graph.apply("Gather", [certainty, end])
  );
  const kept = graph.apply("Mul", [
    graph.apply("Mul", ends),
    number("mistrust", 1 - relationTrust),
  ]);
  const share = graph.apply("Sub", [number("whole", 1), kept]);
  const change = graph.apply("Sub", [after, before]);
  return graph.apply("Add", [before, graph.apply("Mul", [share, change])]);
}

/** Number of rows, as a tensor `[1]`. */
export function countRows(graph: OnnxGraph, rows: string): string {
  return graph.apply("Gather", [graph.apply("Shape", [rows]), graph.integers(0)]);
}
