/**
 * Whom an entity attends to: every box is shaded by its share, and all are ranked.
 *
 * @module
 */

import type { AttentionStep, Panel, ShownImage } from "../messages.ts";
import { element, isolated, percent, svgElement } from "../../dom.ts";
import { announce } from "./announce.ts";
import { ask } from "./server.ts";
import { go, type State } from "./state.ts";

/** Greatest opacity of a shaded box, so that the image stays visible. */
const MOST_OPAQUE = 0.45;
/** Number of ranked entities, and of those that are read aloud. */
const NUM_RANKED = 6, NUM_SAID = 3;

/** The attention of one entity of one panel. */
export class AttentionView {
  readonly #onProblem: (problem: unknown) => void;
  #root?: HTMLElement;
  #key?: string;

  /** @param onProblem Called with what the server refuses. */
  constructor(onProblem: (problem: unknown) => void) {
    this.#onProblem = onProblem;
  }

  /**
   * Shows the attention that a state asks for.
   *
   * @param root The panel's element.
   * @param panel The panel.
   * @param image Its image.
   * @param state Names the entity.
   */
  async show(
    root: HTMLElement,
    panel: Panel,
    image: ShownImage,
    { entity, drop, image: id }: State,
  ): Promise<void> {
    const key = `${panel.title} ${entity}`;
    if (key === this.#key && root === this.#root) return;
    this.close();
    this.#key = key;
    this.#root = root;
    try {
      const query = drop ? { drop, entity } : { image: id, system: panel.system, entity };
      const steps = await ask<AttentionStep[]>("/api/attention", query);
      if (key !== this.#key || !panel.entities[Number(entity)]) return;
      this.#draw(panel, image, steps, Number(entity), steps.length - 1);
    } catch (problem) {
      this.#onProblem(problem);
    }
  }

  /** Removes what is shown. */
  close(): void {
    const place = this.#root?.querySelector<HTMLElement>(".attention");
    // The focus goes back to where it came from.
    if (place?.contains(document.activeElement)) this.#chosenButton()?.focus();
    this.#chosenButton()?.setAttribute("aria-expanded", "false");
    this.#root?.querySelector(".shades")?.remove();
    this.#root?.classList.remove("attends");
    if (place) place.hidden = true;
    this.#key = undefined;
  }

  /** The button of the entity whose attention is shown. */
  #chosenButton(): HTMLElement | null | undefined {
    return this.#root?.querySelector<HTMLElement>(".entities [aria-expanded=true]");
  }

  #draw(
    panel: Panel,
    image: ShownImage,
    steps: readonly AttentionStep[],
    entity: number,
    step: number,
  ): void {
    const { entity: shares, graph } = steps[step], { name } = panel.entities[entity];
    const place = this.#root!.querySelector<HTMLElement>(".attention")!;
    const choice = steps.map((_, t) => {
      const button = element(
        "button",
        { type: "button", "aria-pressed": String(t === step) },
        `step ${t + 1}`,
      );
      button.addEventListener("click", () => {
        this.#draw(panel, image, steps, entity, t);
        place.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
      });
      return button;
    });
    const close = element("button", { type: "button" }, "close");
    close.addEventListener("click", () => go({ entity: undefined, panel: undefined }));
    place.replaceChildren(
      element("div", { class: "line" }, ...steps.length > 1 ? choice : [], close),
      element("h4", {}, isolated(name), " attends to"),
      ranking(panel, shares),
      element("h4", {}, "The whole graph attends to"),
      ranking(panel, graph),
    );
    place.hidden = false;
    this.#root!.classList.add("attends");
    this.#root!.querySelector(`.entities [data-entity="${entity}"]`)
      ?.setAttribute("aria-expanded", "true");
    this.#shade(panel, image, shares, entity);
    const most = ranked(shares).slice(0, NUM_SAID)
      .map((i) => `${panel.entities[i].name} ${percent(shares[i])}`);
    announce(`Step ${step + 1}: ${name} attends to ${most.join(", ") || "nothing"}`);
  }

  /** Shades the boxes of the drawing. */
  #shade(
    panel: Panel,
    { width, height }: ShownImage,
    shares: readonly number[],
    entity: number,
  ): void {
    const drawing = this.#root!.querySelector<SVGSVGElement>("svg")!;
    drawing.querySelector(".shades")?.remove();
    const scale = drawing.viewBox.baseVal.width / width;
    const most = Math.max(...shares, 1e-9), area = width * height;
    const shades = panel.entities.map(({ box: [x1, y1, x2, y2] }, i) => ({
      share: shares[i] / most,
      isOwn: i === entity,
      // Great boxes lie below small ones.
      size: (x2 - x1) * (y2 - y1) / area,
      rect: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 },
    })).sort((a, b) => b.size - a.size);
    const group = svgElement("g", { class: "shades" });
    for (const { share, isOwn, rect } of shades) {
      const scaled = Object.entries(rect).map(([name, value]) => [name, value * scale]);
      group.append(svgElement("rect", {
        ...Object.fromEntries(scaled),
        class: isOwn ? "attending" : "attended",
        "fill-opacity": isOwn ? 0 : (MOST_OPAQUE * share).toFixed(3),
      }));
    }
    // Names and arrows stay legible above the shades.
    const [first] = drawing.querySelectorAll("[data-entity], [data-edge]");
    [...drawing.children].find((part) => part.contains(first))!.before(group);
  }
}

/** Indices of the greatest shares, the greatest first. */
function ranked(shares: readonly number[]): number[] {
  return [...shares.keys()].filter((i) => shares[i] > 0)
    .sort((a, b) => shares[b] - shares[a] || a - b).slice(0, NUM_RANKED);
}

/** The entities of the greatest shares, with bars. */
function ranking(panel: Panel, shares: readonly number[]): HTMLElement {
  const best = ranked(shares);
  if (best.length === 0) return element("p", { class: "note" }, "nothing");
  return element(
    "ol",
    { class: "shares" },
    ...best.map((i) => {
      const bar = element("span", { class: "bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", String(shares[i] / shares[best[0]]));
      return element(
        "li",
        { "data-entity": i },
        bar,
        element("span", { class: "share" }, percent(shares[i])),
        isolated(panel.entities[i].name),
      );
    }),
  );
}
