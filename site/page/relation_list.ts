/**
 * Relations as a list of buttons with bars.
 *
 * @module
 */

import { entityNames } from "../../src/render/choice.ts";
import type { Relation, SceneGraph } from "../../src/scene_graph.ts";
import { element, isolated, percent } from "../../src/dom.ts";

/**
 * Lists the relations of a graph. Pointing at one, or reaching it by keyboard, shows it
 * alone; choosing it keeps it so.
 *
 * @param list The list.
 * @param graph The graph, with the relations that are listed.
 * @param onShow Called with the relations to show: one, or all.
 */
export function listRelations(
  list: HTMLElement,
  graph: SceneGraph,
  onShow: (relations: readonly Relation[]) => void,
): void {
  const names = entityNames(graph, { isSparse: true });
  let chosen: HTMLButtonElement | undefined;
  const best = graph.relations[0]?.score;
  list.replaceChildren(...graph.relations.map((relation) => {
    const button = element(
      "button",
      { type: "button", class: "relation", "aria-pressed": "false" },
      ...relationParts(relation, names, best),
    );
    const show = () => chosen ?? onShow([relation]);
    const hide = () => chosen ?? onShow(graph.relations);
    button.addEventListener("pointerenter", show);
    button.addEventListener("pointerleave", hide);
    button.addEventListener("focus", show);
    button.addEventListener("blur", hide);
    button.addEventListener("click", () => {
      const isNew = chosen !== button;
      chosen?.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(isNew));
      chosen = isNew ? button : undefined;
      onShow(isNew ? [relation] : graph.relations);
    });
    return element("li", {}, button);
  }));
}

/**
 * A relation in words, its bar and its probability.
 *
 * @param relation The relation.
 * @param names Names of the entities.
 * @param best The greatest score of the list, whose bar is whole.
 */
export function relationParts(
  { subject, predicate, object, score }: Relation,
  names: readonly string[],
  best: number,
): HTMLElement[] {
  const text = element(
    "span",
    { class: "triplet" },
    isolated(names[subject]),
    " ",
    element("em", {}, predicate),
    " ",
    isolated(names[object]),
  );
  const bar = element("span", { class: "bar" });
  bar.style.setProperty("--share", String(score / best));
  return [text, bar, element("span", { class: "score" }, percent(score))];
}
