/**
 * The curves of training runs, also while they grow.
 *
 * @module
 */

import type { Run } from "../messages.ts";
import { byId, element, isolated, percent, svgElement } from "./dom.ts";
import { ask } from "./server.ts";
import { addressOf, type State } from "./state.ts";

/** Time between two looks at the logs, in milliseconds. */
const INTERVAL = 2000;

const WIDTH = 480, HEIGHT = 240;
const LEFT = 70, RIGHT = 12, TOP = 12, BOTTOM = 30;

/** What is drawn of each epoch. */
const CURVES = [
  {
    title: "Validation recall",
    unit: "%",
    of: (epoch: Run["epochs"][number]) => 100 * epoch.recall,
  },
  {
    title: "Training loss of an image",
    unit: "",
    of: (epoch: Run["epochs"][number]) => epoch.loss,
  },
];

/** The view of runs, which looks at the logs while it is shown. */
export class RunCurves {
  readonly #root = byId("runs");
  readonly #onProblem: (problem: unknown) => void;
  #timer?: ReturnType<typeof setTimeout>;
  #drawn?: string;

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
      const runs = await ask<Run[]>("/api/runs");
      const key = JSON.stringify([runs, state.run]);
      if (key !== this.#drawn) this.#draw(runs, state.run);
      this.#drawn = key;
    } catch (problem) {
      this.#onProblem(problem);
    }
    if (this.#root.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(state), INTERVAL);
  }

  #draw(runs: readonly Run[], name?: string): void {
    const run = runs.find((each) => each.name === name) ?? runs[0];
    if (!run) {
      const what = "No training yet: its curves appear here while it runs.";
      this.#root.replaceChildren(element("p", {}, what));
      return;
    }
    const isOpen = this.#root.querySelector("details")?.open ?? false;
    const best = run.epochs.findLast(({ isBest }) => isBest);
    const last = run.epochs.at(-1)!;
    this.#root.replaceChildren(
      element(
        "ul",
        { class: "names", "aria-label": "Runs" },
        ...runs.map((each) =>
          element(
            "li",
            {},
            element("a", {
              href: addressOf({ run: each.name }),
              "data-go": true,
              "aria-current": each === run && "true",
            }, isolated(each.name)),
            element("small", {}, ` ${each.epochs.length} epochs`),
          )
        ),
      ),
      element(
        "div",
        {},
        element("h2", {}, isolated(run.name)),
        element(
          "p",
          { role: "status" },
          `Epoch ${last.epoch}: recall ${percent(last.recall)}, loss ${
            last.loss.toPrecision(4)
          }. Best: ${
            best ? `epoch ${best.epoch}, ${percent(best.recall)}` : "none yet"
          }.`,
        ),
        element(
          "div",
          { class: "panels" },
          ...CURVES.map(({ title, unit, of }) =>
            element(
              "figure",
              {},
              element("figcaption", {}, title),
              curve(run, title, unit, of) as unknown as Node,
            )
          ),
        ),
        table(run, isOpen),
      ),
    );
  }
}

function curve(
  { epochs }: Run,
  title: string,
  unit: string,
  of: (epoch: Run["epochs"][number]) => number,
): SVGElement {
  const values = epochs.map(of);
  const low = Math.min(...values), high = Math.max(...values);
  // A flat curve has room above and below.
  const margin = 0.05 * (high - low || Math.abs(high) || 1);
  const [bottom, top] = [low - margin, high + margin];
  const x = (epoch: number) =>
    LEFT + (WIDTH - LEFT - RIGHT) * (epoch - 1) / Math.max(1, epochs.length - 1);
  const y = (value: number) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (top - bottom);
  const svg = svgElement("svg", {
    ...{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "curve" },
    "aria-label": `${title}: ${values.length} epochs, from ${
      values[0].toPrecision(4)
    } to ${values.at(-1)!.toPrecision(4)} ${unit}`,
  });
  const text = (x: number, y: number, anchor: string, content: string) => {
    const made = svgElement("text", { x, y, "text-anchor": anchor });
    made.textContent = content;
    return made;
  };
  const ticks = [low, (low + high) / 2, high];
  for (const value of high > low ? ticks : [low]) {
    svg.append(
      svgElement("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      text(
        LEFT - 6,
        y(value) + 4,
        "end",
        `${Number(value.toPrecision(3))}${unit && " %"}`,
      ),
    );
  }
  svg.append(
    text(x(1), HEIGHT - 10, "middle", "1"),
    epochs.length > 1
      ? text(x(epochs.length), HEIGHT - 10, "end", `epoch ${epochs.length}`)
      : "",
    svgElement("polyline", {
      points: epochs.map((epoch) => `${x(epoch.epoch)},${y(of(epoch))}`).join(" "),
    }),
    ...epochs.filter(({ isBest }, i) => isBest || epochs.length === 1 && i === 0)
      .slice(-1)
      .map((epoch) =>
        svgElement("circle", { cx: x(epoch.epoch), cy: y(of(epoch)), r: 4 })
      ),
  );
  return svg;
}

/** The numbers, for readers of screens and for copying. */
function table({ epochs }: Run, isOpen: boolean): HTMLElement {
  const cells = (name: "th" | "td", texts: readonly string[]) =>
    element("tr", {}, ...texts.map((text) => element(name, {}, text)));
  return element(
    "details",
    { open: isOpen },
    element("summary", {}, "Numbers"),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Numbers" },
      element(
        "table",
        {},
        element("thead", {}, cells("th", ["epoch", "recall", "loss", "best"])),
        element(
          "tbody",
          {},
          ...epochs.map(({ epoch, recall, loss, isBest }) =>
            cells("td", [
              ...[String(epoch), percent(recall), loss.toPrecision(5)],
              isBest ? "best so far" : "",
            ])
          ),
        ),
      ),
    ),
  );
}
