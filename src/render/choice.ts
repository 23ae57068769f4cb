/**
 * Which relations of a graph are written or drawn, and how its entities are called.
 *
 * @module
 */

import { checkGraph } from "../check_graph.ts";
import { checkOptions, COUNT, NUMBER, type OptionChecks } from "../check_options.ts";
import type { Relation, SceneGraph } from "../scene_graph.ts";
import { escapeControls } from "../show_value.ts";

/** Which relations are written or drawn. */
export interface ChoiceOptions {
  /** Greatest number of relations, the best ones; default: all. */
  topK?: number;
  /** Relations with a lower score are left out; default 0. */
  minScore?: number;
}

/** The checks of {@linkcode ChoiceOptions}. */
export const CHOICE_CHECKS = { topK: COUNT, minScore: NUMBER } as const;

/**
 * Checks what a function that writes a graph was given.
 *
 * @param graph The graph.
 * @param options Its options.
 * @param of The function, for messages.
 * @param checks The checks of its options.
 * @throws {TypeError | RangeError} If something is not allowed; the message has its name.
 */
export function checkDrawn<Options extends object>(
  graph: unknown,
  options: Options | undefined,
  of: string,
  checks: OptionChecks<Options>,
): void {
  checkGraph(graph);
  checkOptions(options, of, checks);
}

/**
 * Chooses relations of a graph.
 *
 * @param graph The graph; its relations are best first.
 * @param options How many, and the least score.
 * @returns The relations, best first.
 */
export function chooseRelations(
  graph: SceneGraph,
  { topK, minScore = 0 }: ChoiceOptions = {},
): Relation[] {
  return graph.relations.filter(({ score }) => score >= minScore).slice(0, topK);
}

/** Weaker relations are not drawn, unless the best one is hardly stronger. */
const LEAST_SCORE = 0.05;
/** If the best score is below this, all are weak. */
const WEAK_SCORE = 0.1;
/** Relations of less than this share of the best score are not drawn then. */
const LEAST_SHARE = 0.2;

/**
 * The least score of a relation that is worth drawing: 0.05, or a fifth of the best score
 * if that is below 0.1.
 *
 * @param graph The graph; its relations are best first.
 */
export function leastDrawnScore({ relations }: SceneGraph): number {
  const best = relations[0]?.score ?? 0;
  return best < WEAK_SCORE ? LEAST_SHARE * best : LEAST_SCORE;
}

/**
 * Names each entity by its label and its number among the entities with that label, such
 * as `person 1`, `horse 1`, `person 2`.
 *
 * @param graph The graph.
 * @param options `isSparse`: whether a label that only one entity has stays without a
 * number; default false.
 * @returns One name for each entity.
 *
 * @example
 * ```ts
 * import { entityNames } from "./choice.ts";
 * const entity = { labelIndex: 0, score: 1, box: [0, 0, 5, 5] } as const;
 * const names = entityNames({
 *   imageWidth: 9,
 *   imageHeight: 9,
 *   entities: [{ ...entity, label: "cat" }, { ...entity, label: "cat" }],
 *   relations: [],
 * });
 * if (names.join() !== "cat 1,cat 2") throw new Error();
 * ```
 */
export function entityNames(
  { entities }: SceneGraph,
  options: { isSparse?: boolean } = {},
): string[] {
  const counts = new Map<string, number>();
  const numbers = entities.map(({ label }) => {
    const number = (counts.get(label) ?? 0) + 1;
    counts.set(label, number);
    return number;
  });
  return entities.map(({ label }, i) => {
    const isAlone = options.isSparse && counts.get(label) === 1;
    return isAlone ? label : `${label} ${numbers[i]}`;
  });
}

/**
 * Makes a name from outside fit for a line of text: control and invisible characters,
 * such as line breaks, are escaped.
 */
export function plainName(text: string): string {
  return escapeControls(text.toWellFormed());
}
