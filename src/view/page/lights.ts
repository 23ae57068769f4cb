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
  /** The panels in which it is lit. */
  panels: readonly Element[];
}

/**
 * Lights parts of panels as the reader points at one, in a drawing or in a list, or moves the
 * focus to it. What is chosen stays lit until it is chosen again or Escape is pressed, except
 * entities whose attention is shown instead.
 */
export class Lights {
  readonly #root: HTMLElement;
  readonly #isShared: () => boolean;
  #kept?: Target;

  /**
   * @param root Contains the panels.
   * @param isShared Whether the panels have the same boxes, so that all are lit.
   */
  constructor(root: HTMLElement, isShared: () => boolean) {
    this.#root = root;
    this.#isShared = isShared;
    const light = (event: Event) => this.#light(this.#targetOf(event) ?? this.#kept);
    const restore = () => this.#light(this.#kept);
    root.addEventListener("pointerover", light);
    root.addEventListener("focusin", light);
    root.addEventListener("pointerleave", restore);
    root.addEventListener("focusout", restore);
    root.addEventListener("click", (event) => {
      const target = this.#targetOf(event);
      const hasAttention = (event.target as Element).closest("[data-attention]") !== null;
      if (target && (target.edge !== undefined || !hasAttention)) this.#keep(target);
    });
  }

  /** Lights nothing, and keeps nothing lit. */
  clear(): void {
    this.#kept = undefined;
    this.#press();
    this.#light(undefined);
  }

  #targetOf({ target }: Event): Target | undefined {
    const part = (target as Element).closest<HTMLElement>("[data-entity], [data-edge]");
    if (!part) return undefined;
    const { entity, edge } = part.dataset, own = part.closest(".panel");
    const panels = this.#isShared() || !own
      ? [...this.#root.querySelectorAll(".panel")]
      : [own];
    return { entity, edge, panels };
  }

  #keep(target: Target): void {
    const { edge, entity, panels: [first] } = target, kept = this.#kept;
    const isSame = kept?.edge === edge && kept?.entity === entity &&
      kept?.panels[0] === first;
    this.#kept = isSame ? undefined : target;
    this.#press();
    this.#light(target);
  }

  /** Tells readers of screens what stays lit. */
  #press(): void {
    const kept = this.#kept;
    for (const button of this.#root.querySelectorAll<HTMLElement>("[aria-pressed]")) {
      const { edge, entity } = button.dataset;
      if (edge === undefined && entity === undefined) continue;
      const isKept = kept !== undefined && edge === kept.edge && entity === kept.entity &&
        kept.panels.some((panel) => panel.contains(button));
      button.setAttribute("aria-pressed", String(isKept));
    }
  }

  #light(target: Target | undefined): void {
    this.#root.classList.toggle("lit", target !== undefined);
    for (const panel of this.#root.querySelectorAll(".panel")) {
      const isMeant = target?.panels.includes(panel) ?? false;
      for (const part of partsOf(panel)) {
        part.classList.toggle("on", isMeant && belongs(part.dataset, target!, panel));
      }
    }
  }
}

/** Marks the relations of a panel that the filters or a search ask for. */
export function markFound(panel: Element, pairs: readonly Pair[]): void {
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
