/**
 * Shows how far downloads are.
 *
 * @module
 */

import type { GroupName } from "../files.ts";
import { byId, element } from "../../src/dom.ts";
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
  const list = byId("progress");
  if (list.childElementCount !== groups.length) {
    list.replaceChildren(...groups.map(() => {
      const parts = [element("label"), element("span", { class: "score" })];
      return element("li", {}, ...parts, element("progress"));
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

/** A number of bytes for people, such as `4.2 MB`. */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
