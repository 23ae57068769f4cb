/**
 * One image with its graphs side by side.
 *
 * @module
 */

import type { Panel, ShownImage } from "../messages.ts";
import { AttentionView } from "./attention.ts";
import { breakable, byId, drawingOf, element, isolated } from "../../dom.ts";
import { entityItem, relationItem } from "./items.ts";
import { Lights, markFound } from "./lights.ts";
import { announce } from "./announce.ts";
import { ask } from "./server.ts";
import { addressOf, FILTERS, go, type State, state } from "./state.ts";

/** Values of the state that decide what is drawn. */
const PARTS = ["image", "drop", "k", "system", "top", "score", "scoreMost", "pattern"]
  .concat("predicate", "outcome", "scoreFrom", "scoreTo");

/** Least width of a panel and the gap between two, in pixels, as in the style. */
const LEAST_WIDTH = 290, GAP = 22;
/** Share of the room that a large drawing has beside its lists, as in the style. */
const LARGE_SHARE = 0.62;
/** Padding of both sides. */
const PADDING = 32;
/** Widths that differ by less than this have the same drawing. */
const WIDTH_STEP = 40;
/** Milliseconds after which a window that was resized is drawn again. */
const PATIENCE = 200;

/** Whether the image lies below the list. */
function isNarrow(): boolean {
  return matchMedia("(max-width: 800px)").matches;
}

/** Scrolls to the image, if it lies below the list. */
export function revealImage(): void {
  if (isNarrow()) byId("shown").scrollIntoView();
}

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
  readonly #lights: Lights;

  /**
   * @param numSystems Number of systems, whose graphs stand beside the annotated one.
   * @param onProblem Called with what the server refuses.
   */
  constructor(numSystems: number, onProblem: (problem: unknown) => void) {
    this.#numSystems = numSystems;
    this.#onProblem = onProblem;
    let drawnWidth = 0;
    new ResizeObserver(([{ contentRect: { width } }]) => {
      // The height changes with what is shown, also with an error.
      if (width === drawnWidth) return;
      drawnWidth = width;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(this.#state), PATIENCE);
    }).observe(this.#root);
    this.#lights = new Lights(this.#root, () => this.#image?.hasSharedBoxes ?? false);
    this.#root.addEventListener("click", ({ target }) => {
      const part = (target as Element).closest<HTMLElement>("[data-entity]");
      const system = part?.closest<HTMLElement>("[data-attention]")?.dataset.attention;
      if (part && system !== undefined) {
        go({ entity: part.dataset.entity, panel: system }, false);
      }
    });
  }

  /** What the window is called while the image is shown. */
  get title(): string {
    return this.#image ? `${this.#image.id} · scene graphs` : "Scene graphs";
  }

  /** Shows a state, if it differs from what is there. */
  async show(state: State): Promise<void> {
    this.#state = state;
    const query = Object.fromEntries(PARTS.map((name) => [name, state[name]]));
    if (query.drop) query.image = undefined;
    if (!query.image && !query.drop) return;
    if (this.#root.clientWidth === 0) return; // hidden
    const isLarge = state.layout === "rows";
    const count = isLarge ? 1 : query.drop ? 2 : 1 + this.#numSystems;
    const share = isLarge && !isNarrow() ? LARGE_SHARE : 1;
    query.width = String(this.#panelWidth(count, share));
    this.#root.classList.toggle("large", isLarge);
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
  #panelWidth(count: number, share: number): number {
    const room = share * (this.#root.clientWidth - PADDING);
    const fitting = Math.floor((room + GAP) / (LEAST_WIDTH + GAP));
    const columns = Math.max(1, Math.min(count, fitting));
    const width = (room - GAP * (columns - 1)) / columns;
    return WIDTH_STEP * Math.max(1, Math.round(width / WIDTH_STEP));
  }

  /** Shows no image. */
  clear(): void {
    this.#image = this.#key = this.#attention = undefined;
    const now = state(), isFiltered = FILTERS.some((name) => now[name] !== undefined);
    const none = Object.fromEntries(FILTERS.map((name) => [name, undefined]));
    const href = addressOf({ ...none, image: undefined, drop: undefined });
    this.#root.replaceChildren(
      element("h2", { id: "image-name" }, "No image to show"),
      isFiltered && element("a", { href, "data-go": true }, "Show all images") || "",
    );
    this.#root.ariaBusy = null;
    document.title = this.title;
  }

  /** Lets what was kept lit go out. */
  unlight(): void {
    this.#lights.clear();
  }

  #draw(image: ShownImage): void {
    this.#image = image;
    this.#attention = undefined;
    const { id, width, height, panels, notes = [] } = image;
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.replaceChildren(
      element(
        "div",
        { class: "title" },
        element("h2", { id: "image-name" }, isolated(id)),
        element("p", { class: "note" }, `${width} × ${height} pixels`),
      ),
      ...notes.map((note) => element("p", { class: "note" }, note)),
      element("div", { class: "panels" }, ...panels.map(panelElement)),
    );
    this.#lights.clear();
    for (const [i, panel] of this.#root.querySelectorAll(".panel").entries()) {
      markFound(panel, panels[i].chosen ?? []);
    }
    document.title = this.title;
    // What had the focus is gone.
    if (hadFocus) this.#root.focus();
    // Readers of screens hear of the list's choice while it has the focus.
    if (document.activeElement !== byId("list")) {
      announce(
        [
          id,
          ...panels.map(({ title, found }) => found ? `${title}: ${countOf(found)}` : ""),
        ].filter(Boolean).join(", "),
      );
    }
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
function panelElement(panel: Panel, index: number): HTMLElement {
  const { title, found, svg, relations, entities, hasAttention, isAnnotated } = panel;
  const attention = `attention-${index}`;
  const none = isAnnotated ? "No annotated relation." : "No relation of this score.";
  return element(
    "article",
    {
      class: "panel",
      "data-attention": hasAttention && title,
      "aria-labelledby": `panel-${index}`,
    },
    element("h3", { id: `panel-${index}` }, breakable(title)),
    element(
      "p",
      { class: "note" },
      found
        ? countOf(found)
        : `${relations.length} ${relations.length === 1 ? "relation" : "relations"}`,
    ),
    element("div", { class: "drawing" }, drawingOf(svg)),
    element(
      "div",
      { class: "lists" },
      element("div", { class: "attention", id: attention, hidden: true }),
      relations.length > 0
        ? element(
          "ol",
          { class: "relations", "aria-label": `Relations, ${title}` },
          ...relations.map((relation) => relationItem(relation, panel)),
        )
        : element("p", { class: "note" }, none),
      hasAttention &&
        element("p", { class: "note" }, "Choose an entity to see whom it attends to."),
      element(
        "ul",
        { class: "entities", "aria-label": `Entities, ${title}` },
        ...entities.map((_, i) => entityItem(panel, i, attention)),
      ),
    ),
  );
}

function countOf({ hits, rows }: { hits: number; rows: number }): string {
  return `${hits} of ${rows} annotated relations found`;
}
