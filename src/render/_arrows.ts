/**
 * The relations that are drawn, how strongly, and the names of what they relate.
 *
 * @module
 */

import type { Relation, SceneGraph } from "../scene_graph.ts";
import { shorten } from "./_svg.ts";
import {
  type ChoiceOptions,
  chooseRelations,
  entityNames,
  leastDrawnScore,
} from "./choice.ts";

/** Number of relations that are drawn, unless the caller says otherwise. */
const NUM_DRAWN = 10;

/** The drawn relations of one ordered pair: one arrow with all predicates. */
export interface Arrow {
  subject: number;
  object: number;
  /** Predicates, best first, separated by commas. */
  label: string;
  /** The greatest of their scores. */
  score: number;
}

/**
 * Makes the arrows of the best relations; the relations of one pair share an arrow.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: the best 10 that are worth drawing.
 * @returns The arrows, best first.
 */
export function bestArrows(graph: SceneGraph, options: ChoiceOptions): Arrow[] {
  const { topK = NUM_DRAWN, minScore = leastDrawnScore(graph) } = options;
  const pairs = new Map<string, Relation[]>(); // Node.js 20 has no Map.groupBy
  for (const relation of chooseRelations(graph, { topK, minScore })) {
    const key = `${relation.subject} ${relation.object}`;
    pairs.set(key, [...pairs.get(key) ?? [], relation]);
  }
  return [...pairs.values()].map((relations) => ({
    subject: relations[0].subject,
    object: relations[0].object,
    label: shorten([...new Set(relations.map((r) => r.predicate))].join(", ")),
    score: relations[0].score,
  }));
}

/** Names of entities in a drawing: labels, with a number where several have the same. */
export function drawnNames(graph: SceneGraph): string[] {
  const entities = graph.entities.map((entity) => {
    return { ...entity, label: shorten(entity.label) };
  });
  return entityNames({ ...graph, entities }, { isSparse: true });
}

/** Describes a drawing in a sentence, for readers who cannot see it. */
export function describeGraph(graph: SceneGraph, arrows: readonly Arrow[]): string {
  const names = drawnNames(graph);
  const triplets = arrows.map((a) => `${names[a.subject]} ${a.label} ${names[a.object]}`);
  return `Scene graph of ${graph.entities.length} entities${
    triplets.length > 0 ? `: ${triplets.join("; ")}` : ""
  }`;
}

/** How strongly a relation is drawn. */
export interface Strength {
  /** Width of its line. */
  width: number;
  /** Opacity of its line, 0 to 1. */
  opacity: number;
  /** Colour of its predicate, on white. */
  text: string;
}

/**
 * How strongly a relation is drawn: a line of a sure one is three times as wide as that of
 * an unsure one, and opaque; predicates of scores below one half are grey.
 */
export function strengthOf(score: number): Strength {
  const sure = Math.max(0, Math.min(1, score));
  return {
    width: 1.5 + 3 * sure,
    opacity: 0.5 + 0.5 * sure,
    text: sure < 0.5 ? "#595959" : "#111111",
  };
}
