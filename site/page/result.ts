/**
 * The graph of a picture: drawings, a list of its relations, and files to save.
 *
 * @module
 */

import { drawAttention } from "../../src/render/attention.ts";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import { entityNames, leastDrawnScore } from "../../src/render/choice.ts";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { leastSize } from "../../src/render/legible.ts";
import { drawSteps } from "../../src/render/steps.ts";
import type { Relation } from "../../src/scene_graph.ts";
import type { Seen } from "../engine/calls.ts";
import { byId, drawingOf, element } from "../../src/dom.ts";
import { overPicture } from "./over_picture.ts";
import type { ShownPicture } from "./picture.ts";
import { listRelations } from "./relation_list.ts";
import { Saver } from "./saver.ts";
import { makeTabs } from "./tabs.ts";

/** Most relations that are shown at first. */
const FIRST_SHOWN = 8;
/** Windows narrower than this have one column of drawings. */
const NARROW = 760;
/** Units of a graph's drawing for each pixel where its text, of 17 units, is 11 pixels high. */
const GRAPH_UNITS = 17 / 11;
/** Pixels around it in its place, as in the style sheet. */
const GRAPH_MARGIN = 26;

/** Shows one result at a time. */
export class ResultView {
  readonly #select: (panel: string) => void;
  readonly #count = byId<HTMLInputElement>("count");
  readonly #attending = byId<HTMLSelectElement>("attending");
  readonly #saver = new Saver();
  #panel = "panel-graph";
  #width = 0;
  #seen?: Seen;
  #picture?: ShownPicture;

  constructor() {
    this.#select = makeTabs(byId("tabs"), (panel) => {
      this.#panel = panel;
      this.#draw();
    });
    this.#count.addEventListener("input", () => this.#draw());
    this.#attending.addEventListener("change", () => this.#draw());
    new ResizeObserver(([{ contentRect: { width } }]) => {
      // It has no width while it is hidden.
      if (width === 0 || Math.abs(width - this.#width) < 1) return;
      this.#width = width;
      this.#draw();
    }).observe(byId("result"));
  }

  /** Shows the graph of a picture. */
  show(seen: Seen, picture: ShownPicture): void {
    this.clear();
    this.#seen = seen;
    this.#picture = picture;
    const { graph } = seen, most = graph.relations.length;
    const least = leastDrawnScore(graph);
    const worthy = graph.relations.filter(({ score }) => score >= least).length;
    this.#count.max = String(most);
    this.#count.value = String(Math.min(worthy, FIRST_SHOWN));
    byId("count-of").hidden = most === 0;
    const names = entityNames(graph, { isSparse: true });
    this.#attending.replaceChildren(
      ...names.map((text, i) => element("option", { value: i }, text)),
    );
    this.#attending.value = String(graph.relations[0]?.subject ?? 0);
    byId("nothing").hidden = graph.entities.length > 0;
    byId("tabs-and-panels").hidden = graph.entities.length === 0;
    this.#saver.show(seen, picture);
    this.#select("panel-graph");
  }

  /** Forgets the result. */
  clear(): void {
    this.#picture?.release();
    this.#seen = this.#picture = undefined;
  }

  /** Draws the panel that is shown. */
  #draw(): void {
    const seen = this.#seen, picture = this.#picture;
    if (!seen || !picture || byId("result").hidden) return;
    const { graph, before } = seen, imageHref = picture.href;
    const columns = this.#width < NARROW ? 1 : 2;
    switch (this.#panel) {
      case "panel-graph":
        return this.#drawGraph();
      case "panel-before":
        return put(
          "before-after",
          drawBeforeAfter(graph, { before, imageHref, columns }),
        );
      case "panel-attention": {
        const { attention } = graph, entities = [Number(this.#attending.value)];
        const hasAttention = attention !== undefined && graph.entities.length > 1;
        byId("no-attention").hidden = hasAttention;
        byId("attention").hidden = !hasAttention;
        if (!hasAttention) return;
        const note = `step ${attention.length} of ${attention.length}`;
        return put(
          "attention",
          drawAttention(graph, attention.at(-1)!, { entities, imageHref, columns, note }),
        );
      }
      case "panel-steps":
        return put("steps", drawSteps(graph, graph.steps!, { columns }));
    }
  }

  #drawGraph(): void {
    const { graph } = this.#seen!;
    const topK = Number(this.#count.value), choice = { topK, minScore: 0 };
    const relations = graph.relations.slice(0, topK);
    this.#drawPicture(relations);
    const maxWidth = GRAPH_UNITS * (byId("graph").clientWidth - GRAPH_MARGIN);
    put("graph", drawGraph(graph, { ...choice, maxWidth }));
    byId("count-shown").textContent = `${topK} of ${graph.relations.length}`;
    byId("no-relations").hidden = topK > 0;
    const onShow = (shown: readonly Relation[]) => this.#drawPicture(shown);
    listRelations(byId("relations"), { ...graph, relations }, onShow);
  }

  #drawPicture(relations: readonly Relation[]): void {
    const { graph } = this.#seen!, imageHref = this.#picture!.href;
    overPicture(byId("over-picture"), { ...graph, relations: [...relations] }, {
      imageHref,
    });
  }
}

/** Shows a drawing in the element of an id, which scrolls what must not be smaller. */
function put(id: string, svg: string): void {
  const drawing = drawingOf(svg) as SVGElement, [width, height] = leastSize(svg);
  drawing.style.minWidth = `${Math.ceil(width)}px`;
  drawing.style.minHeight = `${Math.ceil(height)}px`;
  byId(id).replaceChildren(drawing);
}
