/**
 * The order, the filters and the settings of drawings.
 *
 * @module
 */

import { CHANGES, ORDERS, OUTCOMES, type ViewInfo } from "../messages.ts";
import { byId, element } from "../../dom.ts";
import { go, onState, type State, state } from "./state.ts";

/** What is read about each value of a choice. */
const TITLES: Readonly<Record<string, string>> = {
  dataset: "as in the dataset",
  worst: "worst first",
  best: "best first",
  helped: "helped most by context first",
  hurt: "hurt most by context first",
  hit: "one is found",
  miss: "one is missed",
  extra: "one is not annotated",
};

/** What is read about each kind of change. */
const CHANGE_TITLES: Readonly<Record<string, string>> = {
  helped: "more are found",
  hurt: "fewer are found",
  changed: "others are found",
};

type Option = readonly [value: string, title: string];

/** Makes the form, which follows the state and changes it. */
export function makeControls(info: ViewInfo): void {
  const systems = info.systems.map(({ name }) => name);
  const plain = (values: readonly string[]): Option[] =>
    values.map((value) => [value, value]);
  const titled = (values: readonly string[], titles: Readonly<Record<string, string>>) =>
    values.map((value): Option => [value, titles[value]]);
  const any: Option = ["", "any"];
  const form = byId<HTMLFormElement>("filters");
  const drawing = element(
    "details",
    {},
    element("summary", {}, "Drawing"),
    field("Panels", select("layout", [["", "side by side"], ["rows", "large"]])),
    field("Relations drawn", number("top", 1, 100, 1, "10")),
    range("Shown scores", ["score", "scoreMost"], 0.01, ["0", "1"]),
  );
  const more = element(
    "details",
    { id: "more" },
    element("summary", {}, "Filters"),
    field("Predicate", select("predicate", [any, ...plain(info.predicates)])),
    field("Relations", select("outcome", [any, ...titled(OUTCOMES, TITLES)])),
    range("Score", ["scoreFrom", "scoreTo"], 0.01, ["", ""]),
    field("By context", select("change", [any, ...titled(CHANGES, CHANGE_TITLES)])),
    range("Recall", ["least", "most"], 0.05, ["0", "1"]),
  );
  form.append(
    field("Order", select("order", titled(ORDERS, TITLES))),
    field("System", select("system", plain(systems), systems.at(-1))),
    field("K", select("k", plain(info.ks.map(String)))),
    more,
    drawing,
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    const control = target as HTMLInputElement | HTMLSelectElement;
    const { name, value, dataset, validity } = control;
    // Scores may lie between the steps of the arrow keys.
    if (validity.badInput || validity.rangeUnderflow || validity.rangeOverflow) {
      control.reportValidity();
      return;
    }
    const isDefault = value === dataset.missing;
    go({ [name]: isDefault ? undefined : value, ...isOfList(name) && CLEARED });
  });
  onState((now) => follow(form, now));
  follow(form, state());
  const now = state();
  more.open = [...form.elements].some((control) =>
    more.contains(control) && now[(control as HTMLSelectElement).name] !== undefined
  );
}

/** Another list begins with its own first image. */
const CLEARED: State = { image: undefined, drop: undefined, entity: undefined };

function isOfList(name: string): boolean {
  return !["top", "score", "scoreMost", "layout", "k", "system"].includes(name);
}

function follow(form: HTMLFormElement, now: State): void {
  for (const control of form.elements) {
    const { name, dataset } = control as HTMLSelectElement;
    if (name) (control as HTMLSelectElement).value = now[name] ?? dataset.missing ?? "";
  }
}

function field(title: string, control: HTMLElement): HTMLElement {
  return element("label", { class: "field" }, element("span", {}, title), control);
}

/** A range in [0, 1] by two numbers. */
function range(
  title: string,
  [from, upTo]: readonly [string, string],
  step: number,
  [least, most]: readonly [string, string],
): HTMLElement {
  return element(
    "div",
    { class: "field", role: "group", "aria-label": title },
    element("span", { "aria-hidden": "true" }, title),
    element(
      "div",
      { class: "range" },
      number(from, 0, 1, step, least, `${title}, from`),
      element("span", { "aria-hidden": "true" }, "to"),
      number(upTo, 0, 1, step, most, `${title}, up to`),
    ),
  );
}

function select(name: string, options: readonly Option[], missing = options[0][0]) {
  return element(
    "select",
    { name, "data-missing": missing },
    ...options.map(([value, title]) => element("option", { value }, title)),
  );
}

function number(
  name: string,
  min: number,
  max: number,
  step: number,
  missing: string,
  title?: string,
) {
  return element("input", {
    "aria-label": title,
    ...{ type: "number", name, min, max, step, value: missing },
    "data-missing": missing,
    placeholder: missing === "" && "any",
  });
}
