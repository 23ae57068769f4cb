/**
 * Compares what was said of each box before context with what context made of it.
 *
 * @module
 */

import { isRevised, labelBefore, type SceneGraph } from "../scene_graph.ts";
import { type Arrow, bestArrows, drawnNames } from "./_arrows.ts";
import type { PanelOptions } from "./_panel.ts";
import { textWidth } from "./_svg.ts";
import { type ChoiceOptions, chooseRelations, entityNames } from "./choice.ts";

/** A relation in words, with its score. */
export interface ListedRelation {
  text: string;
  score: number;
}

/** A label that context changed. */
export interface ChangedLabel {
  /** In words: `bus 0.62 → truck 0.99`. */
  text: string;
  /** What the detector believed of its label, and what the network believes of the new one. */
  beliefs: readonly [before: number, after: number];
}

/** One side of a comparison. */
export interface Side {
  graph: SceneGraph;
  panel: Omit<PanelOptions, "scale" | "fontSize">;
  /** The relations of the panel, best first. */
  relations: ListedRelation[];
}

/** Both sides, and what differs. */
export interface Comparison {
  before: Side;
  after: Side;
  changed: ChangedLabel[];
}

/** The graph before context: each entity has the label from before, or its own if none is known. */
function graphBefore(graph: SceneGraph): SceneGraph {
  const entities = graph.entities.map((entity) => ({
    ...entity,
    ...labelBefore(entity),
  }));
  return { ...graph, entities, relations: [] };
}

/**
 * Compares a graph with the labels before context.
 *
 * @param graph The graph; its entities have the label before context as `detected`, the
 * detector's own word, or as `given`.
 * @param without The graph without context, for its relations.
 * @param options Which relations.
 */
export function compareLabels(
  graph: SceneGraph,
  without: SceneGraph | undefined,
  options: ChoiceOptions & { topK: number; minScore: number },
): Comparison {
  const given = { ...graphBefore(graph), relations: without?.relations ?? [] };
  const isChanged = graph.entities.map(isRevised);
  const changed = graph.entities.flatMap((after, i): ChangedLabel[] => {
    const before = given.entities[i];
    const text = `${scored(before)} → ${scored(after)}`;
    return isChanged[i] ? [{ text, beliefs: [before.score, after.score] }] : [];
  });
  const graphs = [given, graph];
  const arrows = graphs.map((side) => bestArrows(side, options));
  const names = graphs.map((side) =>
    drawnNames(side).map((name, i) => `${name} ${side.entities[i].score.toFixed(2)}`)
  );
  const marked = new Set([
    ...[...isChanged.keys()].filter((i) => isChanged[i]),
    ...arrows.flat().flatMap(({ subject, object }: Arrow) => [subject, object]),
  ]);
  // The same for both sides, so that each label stands in the same place.
  const widest = names[0].map((name, i) => longer(name, names[1][i]));
  const [before, after] = graphs.map((side, which): Side => ({
    graph: side,
    panel: {
      arrows: arrows[which],
      names: names[which],
      widest,
      marked,
      styleOf: (i) => {
        if (!isChanged[i]) return {};
        return which === 0 ? { isStruck: true } : { stroke: "#111111", strokeWidth: 2.5 };
      },
    },
    relations: listed(side, options),
  }));
  return { before, after, changed };
}

function longer(a: string, b: string): string {
  return textWidth(a, 1) > textWidth(b, 1) ? a : b;
}

function listed(graph: SceneGraph, options: ChoiceOptions): ListedRelation[] {
  const names = entityNames(graph, { isSparse: true });
  return chooseRelations(graph, options).map((relation) => {
    const { subject, predicate, object, score } = relation;
    return { text: `${names[subject]} ${predicate} ${names[object]}`, score };
  });
}

function scored({ label, score }: { label: string; score: number }): string {
  return `${label} ${score.toFixed(2)}`;
}
