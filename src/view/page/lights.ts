/**
 * Lights what belongs together: a relation and its two boxes, a box and its relations.
 *
 * @module
 */

import type { Pair } from "../messages.ts";

/** What is lit: an entity by its index, or a relation by subject and object. */
interface Target {
  entity?: string;
  edge?: string;
}

/**
 * Lights parts of panels as the reader points at one, in a drawing or in a list, or moves the
 * focus to it.
 *
 * @param root Contains the panels.
 * @param isShared Whether the panels have the same boxes, so that all are lit.
 */
export function followPointer(root: HTMLElement, isShared: () => boolean): void {
  const light = ({ target }: Event) => {
    const part = (target as Element).closest<HTMLElement>("[data-entity], [data-edge]");
    if (!part) return lightNothing(root);
    const { entity, edge } = part.dataset;
    const own = part.closest(".panel");
    lightOnly(root, isShared() || !own ? [...root.querySelectorAll(".panel")] : [own], {
      entity,
      edge,
    });
  };
  root.addEventListener("pointerover", light);
  root.addEventListener("focusin", light);
  root.addEventListener("pointerleave", () => lightNothing(root));
  root.addEventListener("focusout", () => lightNothing(root));
}

/** Marks the relations of a panel that the filters or a search ask for. */
export function lightEdges(
  panel: Element,
  pairs: readonly Pair[],
): void {
  const entities = new Set(pairs.flatMap(({ subject, object }) => [subject, object]));
  const edges = new Set(pairs.map(({ subject, object }) => `${subject} ${object}`));
  for (const part of partsOf(panel)) {
    const { entity, edge } = part.dataset;
    part.classList.toggle(
      "found",
      edge !== undefined ? edges.has(edge) : entities.has(Number(entity)),
    );
  }
}

function lightNothing(root: HTMLElement): void {
  root.classList.remove("lit");
  for (const part of root.querySelectorAll(".on")) part.classList.remove("on");
}

function lightOnly(root: HTMLElement, panels: Element[], target: Target): void {
  root.classList.add("lit");
  for (const panel of root.querySelectorAll(".panel")) {
    const isMeant = panels.includes(panel);
    for (const part of partsOf(panel)) {
      part.classList.toggle("on", isMeant && belongs(part.dataset, target, panel));
    }
  }
}

/** Whether a part is the target, an end of it, or one of its relations. */
function belongs(
  { entity, edge }: DOMStringMap,
  target: Target,
  panel: Element,
): boolean {
  const ends = (pair: string) => pair.split(" ");
  if (target.edge !== undefined) {
    return edge === undefined
      ? ends(target.edge).includes(entity!)
      : edge === target.edge;
  }
  if (edge !== undefined) return ends(edge).includes(target.entity!);
  return entity === target.entity ||
    panel.querySelector(
        `svg [data-edge="${entity} ${target.entity}"], svg [data-edge="${target.entity} ${entity}"]`,
      ) !== null;
}

function partsOf(panel: Element): NodeListOf<HTMLElement> {
  return panel.querySelectorAll<HTMLElement>("[data-entity], [data-edge]");
}
