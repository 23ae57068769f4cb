/**
 * Tells readers of screens what changes where they do not look.
 *
 * @module
 */

import { byId } from "../../dom.ts";

/** Has a text read aloud, once what is read at the moment is at its end. */
export function announce(text: string): void {
  byId("said").textContent = text;
}
