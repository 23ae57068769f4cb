/**
 * The files of the page. The browser gets its modules as they are here, without types.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import dom from "../dom.ts" with { type: "text" };
import messages from "./messages.ts" with { type: "text" };
import icon from "./page/icon.svg" with { type: "text" };
import style from "./page/style.css" with { type: "text" };
import document from "./page/index.html" with { type: "text" };
import announce from "./page/announce.ts" with { type: "text" };
import attention from "./page/attention.ts" with { type: "text" };
import controls from "./page/controls.ts" with { type: "text" };
import drop from "./page/drop.ts" with { type: "text" };
import image from "./page/image.ts" with { type: "text" };
import items from "./page/items.ts" with { type: "text" };
import lights from "./page/lights.ts" with { type: "text" };
import list from "./page/list.ts" with { type: "text" };
import main from "./page/main.ts" with { type: "text" };
import runs from "./page/runs.ts" with { type: "text" };
import server from "./page/server.ts" with { type: "text" };
import state from "./page/state.ts" with { type: "text" };

/** A file of the page. */
export interface Asset {
  text: string;
  type: string;
}

const MODULES: Readonly<Record<string, unknown>> = {
  ...{ announce, attention, controls, drop, image, items, lights, list, main, runs },
  ...{ server, state },
};

/** The files by the path of their address; there are no others. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["/", { text: document, type: "text/html; charset=utf-8" }],
  ["/page/style.css", { text: style, type: "text/css; charset=utf-8" }],
  ["/page/icon.svg", { text: icon, type: "image/svg+xml" }],
  // Where `../messages.ts` and `../../dom.ts` lead from `/page/`.
  ["/messages.ts", moduleOf(messages)],
  ["/dom.ts", moduleOf(dom)],
  ...Object.entries(MODULES).map(([name, text]): [string, Asset] => [
    `/page/${name}.ts`,
    moduleOf(text),
  ]),
]);

/** A module as browsers read it: its import of text is typed as the module itself. */
function moduleOf(text: unknown): Asset {
  return {
    text: stripTypeScriptTypes(text as string),
    type: "text/javascript; charset=utf-8",
  };
}
