/**
 * Starts the page.
 *
 * @module
 */

import type { ViewInfo } from "../messages.ts";
import { makeControls } from "./controls.ts";
import { byId, element } from "../../dom.ts";
import { takeFiles } from "./drop.ts";
import { ImagePanels } from "./image.ts";
import { ImageRows } from "./list.ts";
import { RunCurves } from "./runs.ts";
import { ask } from "./server.ts";
import { go, onState, type State, state, tell } from "./state.ts";

/** Milliseconds between two choices of which the first is passed over. */
const QUICK = 500;

/** Tells the reader what went wrong. */
function showProblem(problem: unknown): void {
  const place = byId("problem");
  place.textContent = problem instanceof Error ? problem.message : String(problem);
  place.hidden = false;
}

function say(text: string): void {
  byId("status").textContent = text;
  byId("problem").hidden = true;
}

/** Whether keys belong to a control in which the reader writes or chooses. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, select, textarea");
}

function describe({ dataset, split, task, protocol, images, systems, ks }: ViewInfo) {
  const recalls = systems.map(({ name, recalls }) =>
    `${name} ${(100 * recalls[0]).toFixed(2)}`
  );
  byId("what").textContent = `${dataset}, ${split}`;
  const what = `${images} images; ${task}, ${protocol}, R@${ks[0]} in percent`;
  byId("summary").textContent = images === 0
    ? "This split has no images: --split names another one."
    : `${what}: ${recalls.join(", ")}`;
}

async function start(): Promise<void> {
  const info = await ask<ViewInfo>("/api/view");
  describe(info);
  makeControls(info);
  let last = 0;
  const panels = new ImagePanels(info.systems.length, showProblem),
    runs = new RunCurves(showProblem);
  const rows = new ImageRows(info, {
    onChoose(id) {
      // Images that a held key runs through are no steps back.
      const isStep = state().image !== undefined && Date.now() - last > QUICK;
      last = Date.now();
      go({ image: id, drop: undefined, entity: undefined, panel: undefined }, isStep);
    },
    onNone: () => panels.clear(),
    onProblem: showProblem,
  });
  const pattern = byId<HTMLInputElement>("pattern");
  const problem = byId("problem");
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const image = undefined, drop = undefined, entity = undefined;
    go({ pattern: pattern.value.trim() || undefined, image, drop, entity });
  });
  pattern.addEventListener("search", () => {
    // The cross that empties the field.
    if (pattern.value === "") go({ pattern: undefined });
  });
  onState((now: State) => {
    problem.hidden = true;
    if (now.drop === undefined) byId("status").textContent = "";
    const isRuns = now.show === "runs";
    byId("images").hidden = isRuns;
    for (
      const [id, isCurrent] of [["to-images", !isRuns], ["to-runs", isRuns]] as const
    ) {
      if (isCurrent) byId(id).setAttribute("aria-current", "page");
      else byId(id).removeAttribute("aria-current");
    }
    pattern.value = now.pattern ?? "";
    runs.show(now);
    const skip = byId<HTMLAnchorElement>("skip");
    skip.href = isRuns ? "#runs" : "#shown";
    skip.textContent = isRuns ? "Skip to the curves" : "Skip to the image";
    document.title = isRuns ? "Training · scene graphs" : panels.title;
    if (isRuns) return;
    rows.show(now);
    panels.show(now);
  });
  addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("nav a, [data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    tell();
  });
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || isControl(target)) return;
    if (state().show === "runs") return;
    const isFree = target === document.body || (target as Element).id === "list";
    const steps: Record<string, number> = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 };
    const inList: Record<string, number> = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 },
      ...{ Home: -Infinity, End: Infinity },
    };
    const by = steps[key] ?? (isFree ? inList[key] : undefined);
    if (by !== undefined) {
      event.preventDefault();
      rows.move(by);
    } else if (key === "/") {
      event.preventDefault();
      pattern.focus();
    } else if (key === "Escape") {
      panels.unlight();
      go({ entity: undefined, panel: undefined });
    }
  });
  pattern.placeholder = info.example;
  const names = [...info.classes, ...info.predicates];
  pattern.title = `Classes and predicates: ${names.slice(0, 400).join(", ")}`;
  takeFiles(say, showProblem);
  tell();
}

start().catch((problem) => {
  showProblem(problem);
  document.body.append(element("p", {}, "Start the viewer again, and reload this page."));
});
