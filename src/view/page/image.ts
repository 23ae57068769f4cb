/**
 * One image with its graphs side by side.
 *
 * @module
 */

import type { Panel, ShownImage, ShownRelation } from "../messages.ts";
import { AttentionView } from "./attention.ts";
import { byId, drawingOf, element, isolated, percent } from "../../dom.ts";
import { followPointer, lightEdges } from "./lights.ts";
import { ask } from "./server.ts";
import { go, type State } from "./state.ts";

/** Values of the state that decide what is drawn. */
const PARTS = ["image", "drop", "k", "system", "top", "score", "scoreMost", "pattern"]
  .concat("predicate", "outcome", "scoreFrom", "scoreTo");

/** Least width of a panel and the gap between two, in pixels, as in the style. */
const LEAST_WIDTH = 290, GAP = 22;
/** Padding of both sides. */
const PADDING = 32;
/** Widths that differ by less than this have the same drawing. */
const WIDTH_STEP = 40;
/** Milliseconds after which a window that was resized is drawn again. */
const PATIENCE = 200;

/** Shows the image of the state. */
export class ImagePanels {
  readonly #root = byId("shown");
  readonly #numSystems: number;
  readonly #onProblem: (problem: unknown) => void;
  #state: State = {};
  #timer?: ReturnType<typeof setTimeout>;
  #image?: ShownImage;
  #key?: string;
  #attention?: AttentionView;

  /**
   * @param numSystems Number of systems, whose graphs stand beside the annotated one.
   * @param onProblem Called with what the server refuses.
   */
  constructor(numSystems: number, onProblem: (problem: unknown) => void) {
    this.#numSystems = numSystems;
    this.#onProblem = onProblem;
    new ResizeObserver(() => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(this.#state), PATIENCE);
    }).observe(this.#root);
    followPointer(this.#root, () => this.#image?.hasSharedBoxes ?? false);
    this.#root.addEventListener("click", ({ target }) => {
      const part = (target as Element).closest<HTMLElement>("[data-entity]");
      const system = part?.closest<HTMLElement>("[data-attention]")?.dataset.attention;
      if (part && system !== undefined) {
        go({ entity: part.dataset.entity, panel: system }, false);
      }
    });
  }

  /** Shows a state, if it differs from what is there. */
  async show(state: State): Promise<void> {
    this.#state = state;
    const query = Object.fromEntries(PARTS.map((name) => [name, state[name]]));
    if (query.drop) query.image = undefined;
    if (!query.image && !query.drop) return;
    if (this.#root.clientWidth === 0) return; // hidden
    query.width = String(this.#panelWidth(query.drop ? 2 : 1 + this.#numSystems));
    const key = JSON.stringify(query);
    if (key !== this.#key) {
      this.#key = key;
      this.#root.ariaBusy = "true";
      if (!this.#image) this.#root.replaceChildren(element("p", {}, "Loading …"));
      try {
        const image = await ask<ShownImage>("/api/image", query);
        if (key !== this.#key) return; // another one was chosen in the meantime
        this.#draw(image);
      } catch (problem) {
        if (key === this.#key) this.clear();
        return this.#onProblem(problem);
      } finally {
        if (key === this.#key || this.#key === undefined) this.#root.ariaBusy = null;
      }
    }
    await this.#showAttention(state);
  }

  /** Width of a panel, as many of which stand side by side as there is room for. */
  #panelWidth(count: number): number {
    const room = this.#root.clientWidth - PADDING;
    const fitting = Math.floor((room + GAP) / (LEAST_WIDTH + GAP));
    const columns = Math.max(1, Math.min(count, fitting));
    const width = (room - GAP * (columns - 1)) / columns;
    return WIDTH_STEP * Math.max(1, Math.round(width / WIDTH_STEP));
  }

  /** Shows no image. */
  clear(): void {
    this.#image = this.#key = this.#attention = undefined;
    this.#root.replaceChildren(element("p", { class: "note" }, "No image to show."));
    this.#root.ariaBusy = null;
    document.title = "Scene graphs";
  }

  #draw(image: ShownImage): void {
    this.#image = image;
    this.#attention = undefined;
    const { id, width, height, panels, notes = [] } = image;
    this.#root.replaceChildren(
      element(
        "div",
        { class: "title" },
        element("h2", {}, isolated(id)),
        element("p", { class: "note" }, `${width} × ${height} pixels`),
      ),
      ...notes.map((note) => element("p", { class: "note" }, note)),
      element("div", { class: "panels" }, ...panels.map(panelElement)),
    );
    this.#root.classList.remove("lit");
    for (const [i, panel] of this.#root.querySelectorAll(".panel").entries()) {
      lightEdges(panel, panels[i].chosen ?? []);
    }
    document.title = `${id} · scene graphs`;
  }

  async #showAttention(state: State): Promise<void> {
    const { entity, panel: title } = state;
    const panel = this.#image?.panels.find((each) => each.title === title);
    if (entity === undefined || !panel?.hasAttention) return this.#attention?.close();
    const root = this.#root.querySelector<HTMLElement>(
      `[data-attention="${CSS.escape(panel.title)}"]`,
    )!;
    this.#attention ??= new AttentionView(this.#onProblem);
    await this.#attention.show(root, panel, this.#image!, state);
  }
}

/** A graph: its drawing, its relations, its entities. */
function panelElement(panel: Panel): HTMLElement {
  const { title, found, svg, relations, entities, hasAttention } = panel;
  const drawing = drawingOf(svg);
  const count = found
    ? `${found.hits} of ${found.rows} annotated relations found`
    : `${relations.length} relations`;
  return element(
    "article",
    { class: "panel", "data-attention": hasAttention && title },
    element("h3", {}, isolated(title)),
    element("p", { class: "note" }, count),
    element("div", { class: "drawing" }, drawing),
    hasAttention &&
      element("p", { class: "note" }, "Choose an entity to see whom it attends to."),
    element("div", { class: "attention", hidden: true }),
    relations.length > 0
      ? element(
        "ol",
        { class: "relations", "aria-label": `Relations, ${title}` },
        ...relations.map((relation) => relationItem(relation, panel)),
      )
      : element("p", { class: "note" }, "No relation of this score."),
    element(
      "ul",
      { class: "entities", "aria-label": `Entities, ${title}` },
      ...entities.map((_, i) => entityItem(panel, i)),
    ),
  );
}

function relationItem(relation: ShownRelation, panel: Panel): HTMLElement {
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
      { type: "button", "data-edge": `${subject} ${object}` },
      isolated(from),
      " ",
      isolated(predicate, { class: "predicate" }),
      " ",
      isolated(to),
      score === undefined ? "" : element("small", {}, ` ${percent(score)}`),
      mark && element("span", { class: "mark" }, mark),
    ),
  );
}

function entityItem(panel: Panel, i: number): HTMLElement {
  const { name, score, before } = panel.entities[i];
  return element(
    "li",
    {},
    element(
      "button",
      {
        ...{ type: "button", "data-entity": i },
        "aria-haspopup": panel.hasAttention && "true",
      },
      isolated(name),
      panel.isAnnotated ? "" : element("small", {}, ` ${percent(score)}`),
      before && element("small", {}, " was ", isolated(before.label)),
    ),
  );
}
