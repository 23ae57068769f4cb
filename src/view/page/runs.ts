/**
 * The curves of training runs, also while they grow.
 *
 * @module
 */

import type { RunList } from "../messages.ts";
import { breakable, byId, element, figureOf } from "../../dom.ts";
import { ask } from "./server.ts";
import { addressOf, type State } from "./state.ts";

/** Time between two looks at the logs, in milliseconds. */
const INTERVAL = 2000;

/** Parts of a figure that change while a run grows. */
const GROWING = ["figcaption", ".drawing", ".downloads", "tbody"];

/** The view of runs, which looks at the logs while it is shown. */
export class RunCurves {
  readonly #root = byId("runs");
  readonly #onProblem: (problem: unknown) => void;
  #timer?: ReturnType<typeof setTimeout>;
  /** The last answer, and the run that it was of. */
  #drawn?: { answer: string; name?: string };

  /** @param onProblem Called with what the server refuses. */
  constructor(onProblem: (problem: unknown) => void) {
    this.#onProblem = onProblem;
  }

  /** Shows the run of a state, as long as the state asks for runs. */
  show(state: State): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#root.hidden = state.show !== "runs";
    if (!this.#root.hidden) this.#look(state);
  }

  async #look(state: State): Promise<void> {
    try {
      const list = await ask<RunList>("/api/runs", { run: state.run });
      const answer = JSON.stringify(list);
      if (answer !== this.#drawn?.answer) {
        this.#draw(list);
        this.#drawn = { answer, name: list.shown?.name };
      }
    } catch (problem) {
      this.#onProblem(problem);
    }
    if (this.#root.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(state), INTERVAL);
  }

  #draw({ runs, shown }: RunList): void {
    if (!shown) {
      const what = "No training yet: its curves appear here while it runs.";
      this.#root.replaceChildren(element("p", {}, what));
      return;
    }
    const names = element(
      "ul",
      { class: "names", "aria-label": "Runs" },
      ...runs.map(({ name, epochs }) =>
        element(
          "li",
          {},
          element("a", {
            href: addressOf({ run: name }),
            "data-go": true,
            "aria-current": name === shown.name && "true",
          }, breakable(name)),
          element("small", {}, ` ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`),
        )
      ),
    );
    const figures = shown.figures.map(figureOf);
    if (shown.name === this.#drawn?.name) {
      // What the reader has opened stays open, and the focus where it is.
      this.#root.querySelector("[role=status]")!.textContent = shown.summary;
      const old = this.#root.querySelectorAll("figure");
      figures.forEach((figure, i) => renew(old[i], figure));
      if (!this.#root.querySelector(".names:focus-within")) {
        this.#root.querySelector(".names")!.replaceWith(names);
      }
      return;
    }
    this.#root.replaceChildren(
      names,
      element(
        "div",
        {},
        element("h2", {}, breakable(shown.name)),
        element("p", { role: "status" }, shown.summary),
        element("div", { class: "charts" }, ...figures),
      ),
    );
  }
}

/** Puts the contents of a new figure into one that is shown. */
function renew(shown: Element, fresh: Element): void {
  for (const part of GROWING) {
    const old = shown.querySelector(part)!;
    if (old.contains(document.activeElement) && old !== document.activeElement) continue;
    old.replaceChildren(...fresh.querySelector(part)!.childNodes);
  }
}
