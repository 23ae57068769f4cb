/**
 * Shows how far downloads are.
 *
 * @module
 */

import type { GroupName } from "../files.ts";
import { element, make, sizeText } from "./dom.ts";
import type { GroupProgress } from "./downloads.ts";

/** What visitors call the groups. */
const TITLES: Record<GroupName, string> = {
  program: "Program",
  detector: "Detector of things",
  network: "Network of relations",
  drawings: "Network of drawings",
};

/** Shows a bar with sizes for each group. */
export function showProgress(groups: readonly GroupProgress[]): void {
  const list = element("progress");
  if (list.childElementCount !== groups.length) {
    list.replaceChildren(...groups.map(() => {
      const item = make("li");
      item.append(make("label"), make("span", { class: "score" }), make("progress"));
      return item;
    }));
  }
  for (const [i, { name, bytes, total }] of groups.entries()) {
    const [label, size, bar] = list.children[i].children as unknown as [
      HTMLLabelElement,
      HTMLSpanElement,
      HTMLProgressElement,
    ];
    bar.id = `progress-${name}`;
    label.htmlFor = bar.id;
    label.textContent = TITLES[name];
    size.textContent = `${sizeText(bytes)} of ${sizeText(total)}`;
    Object.assign(bar, { max: total, value: bytes });
  }
}
