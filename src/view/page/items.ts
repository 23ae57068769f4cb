/**
 * The relations and entities of a graph, as items of lists.
 *
 * @module
 */

import type { Panel, ShownRelation } from "../messages.ts";
import { element, isolated, percent } from "../../dom.ts";

/** The name of an entity, whose number stays beside it where lines are broken. */
function entityName(name: string): HTMLElement {
  return isolated(name.replace(/ (?=\d+$)/, "\u00a0"));
}

/** Makes the item of a relation: a button that lights it, and keeps it lit when pressed. */
export function relationItem(relation: ShownRelation, panel: Panel): HTMLElement {
  const { subject, object, predicate, score, isHit } = relation;
  const [from, to] = [subject, object].map((i) => panel.entities[i].name);
  const mark = isHit === undefined
    ? ""
    : panel.isAnnotated
    ? isHit ? "found" : "missed"
    : isHit
    ? "annotated"
    : "";
  return element(
    "li",
    { class: isHit === undefined ? undefined : isHit ? "hit" : "miss" },
    element(
      "button",
      { type: "button", "data-edge": `${subject} ${object}`, "aria-pressed": "false" },
      entityName(from),
      " ",
      isolated(predicate, { class: "predicate" }),
      " ",
      entityName(to),
      score === undefined ? "" : element("small", {}, ` ${percent(score)}`),
      mark && " ",
      mark && element("span", { class: "mark" }, mark),
    ),
  );
}

/**
 * Makes the item of an entity: a button that shows its attention if there is any; else it
 * keeps the entity lit when pressed.
 *
 * @param panel Its graph.
 * @param i Its index.
 * @param attention Id of the element that shows its attention, if the graph has any.
 */
export function entityItem(panel: Panel, i: number, attention: string): HTMLElement {
  const { name, score, before } = panel.entities[i];
  return element(
    "li",
    {},
    element(
      "button",
      {
        ...{ type: "button", "data-entity": i },
        ...panel.hasAttention
          ? { "aria-expanded": "false", "aria-controls": attention }
          : { "aria-pressed": "false" },
      },
      entityName(name),
      panel.isAnnotated ? "" : element("small", {}, ` ${percent(score)}`),
      before && element("small", {}, " was ", isolated(before.label)),
    ),
  );
}
