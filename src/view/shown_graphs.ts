/**
 * Graphs as the page shows them: entities, relations, and a drawing.
 *
 * @module
 */

import type { RankedList } from "../eval/ranked_list.ts";
import { rankedGraph } from "../pipeline/graphs/ranked_graph.ts";
import { entityNames } from "../render/choice.ts";
import { type Photograph, placePhotograph } from "../render/photograph.ts";
import { drawOverImage } from "../render/svg.ts";
import { isRevised, labelBefore, type SceneGraph } from "../scene_graph.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { AttentionStep, Pair, Panel, ShownEntity } from "./messages.ts";

/** What is drawn of a graph. */
export interface PanelOptions {
  /** Greatest number of relations of the drawing; the list below it has all. */
  topK: number;
  /** Relations of a lower score are neither drawn nor listed. */
  minScore: number;
  /** Nor are those of a higher one; default 1. */
  maxScore?: number;
  /** Width of the drawing on the screen in pixels, by which its labels are legible. */
  width?: number;
  /** The picture under the drawing. */
  photograph?: Photograph;
}

/** A relation and whether it is right. */
export type JudgedRelation = SceneGraph["relations"][number] & {
  isHit?: boolean;
  /** Whether its score is one, and not made of its place in the list. */
  isScored?: boolean;
};

/** A graph whose relations are judged. */
export interface JudgedGraph extends Omit<SceneGraph, "relations"> {
  relations: JudgedRelation[];
}

/**
 * The graph of a ranked list, judged.
 *
 * @param list The list.
 * @param size Width and height of the image.
 * @param vocabulary Names of classes and predicates.
 * @param hits Places of the list, from 1, at which an annotated relation was found.
 */
export function graphOfList(
  list: RankedList,
  size: { width: number; height: number },
  vocabulary: Pick<Vocabulary, "entities" | "predicates">,
  hits: ReadonlySet<number>,
): JudgedGraph {
  const graph = rankedGraph(list, size, vocabulary);
  return {
    ...graph,
    relations: graph.relations.map((relation, i) => ({
      ...relation,
      isHit: hits.has(i + 1),
      isScored: list.triplets[i].score !== undefined,
    })),
  };
}

/**
 * Makes a panel.
 *
 * @param graph The graph; its relations are best first.
 * @param head Title, system and counts.
 * @param options What is drawn.
 * @returns The panel.
 */
export function panelOf(
  graph: JudgedGraph,
  head: Pick<
    Panel,
    "title" | "system" | "isAnnotated" | "found" | "chosen" | "hasAttention"
  >,
  { topK, minScore, maxScore = 1, width, photograph }: PanelOptions,
): Panel {
  const relations = graph.relations.filter(({ score, isScored = true }) =>
    // An order alone is no score.
    !isScored || score >= minScore && score <= maxScore
  );
  const names = entityNames(graph, { isSparse: true });
  return {
    ...head,
    entities: graph.entities.map((entity, i): ShownEntity => {
      const { label, score, box } = entity;
      const before = isRevised(entity) ? labelBefore(entity) : undefined;
      return { label, name: names[i], score, box, ...before && { before } };
    }),
    relations: relations.map((
      { subject, object, predicate, score, isHit, isScored },
    ) => ({
      ...{ subject, object, predicate, isHit },
      ...isScored !== false && { score },
    })),
    svg: drawOverImage({ ...graph, relations: chosenFirst(relations, head.chosen) }, {
      ...{ topK, minScore: 0, isAddressable: true, width },
      ...photograph && { background: placePhotograph(photograph, graph) },
    }),
  };
}

/** Relations that are asked for are drawn, however many others are better. */
function chosenFirst(
  relations: readonly JudgedRelation[],
  chosen: readonly Pair[] = [],
): JudgedRelation[] {
  const pairs = new Set(chosen.map(({ subject, object }) => `${subject} ${object}`));
  const isChosen = ({ subject, object }: Pair) => pairs.has(`${subject} ${object}`);
  return [
    ...relations.filter(isChosen),
    ...relations.filter((relation) => !isChosen(relation)),
  ];
}

/**
 * Marks entities whose label another graph of the same boxes had otherwise.
 *
 * @param graph The graph after context.
 * @param before The one before it.
 */
export function withLabelsBefore(graph: JudgedGraph, before: JudgedGraph): JudgedGraph {
  return {
    ...graph,
    entities: graph.entities.map((entity, i) => {
      const { label, score } = before.entities[i];
      return { ...entity, given: { label, score } };
    }),
  };
}

/**
 * The attention of one entity.
 *
 * @param steps Attention of each step, of all entities.
 * @param n Number of entities.
 * @param entity Index of the entity.
 * @throws {RangeError} If there is no such entity.
 */
export function attentionSteps(
  steps: readonly { nodes: ArrayLike<number>; graph: ArrayLike<number> }[],
  n: number,
  entity: number,
): AttentionStep[] {
  if (!(entity < n)) {
    throw new RangeError(
      `Cannot show attention as "entity" must be below ${n}: found ${entity}`,
    );
  }
  return steps.map(({ nodes, graph }) => ({
    entity: Array.from({ length: n }, (_, j) => nodes[entity * n + j]),
    graph: Array.from(graph),
  }));
}
