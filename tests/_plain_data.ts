/**
 * Tells an error of this project from one of the engine.
 *
 * @module
 */

import { AssertionError } from "node:assert";

/** Words of V8 that a user cannot do anything with. */
const ENGINE = new RegExp(
  [
    "properties of (undefined|null)|not a function|not iterable|is not defined|circular",
    "Cannot (destructure|convert|mix|set|assign|access|perform)|BigInt value|of undefined",
    "Invalid (typed array|array|string)|out of (memory|bounds)|Maximum call|offset is out",
  ].join("|"),
  "i",
);

/**
 * Checks that an error says in this project's words what cannot be done.
 *
 * @param error What was thrown.
 * @param name What threw it.
 */
export function assertMessage(error: unknown, name: string): void {
  const message = error instanceof Error ? error.message : String(error);
  if (/^Cannot /.test(message) && !ENGINE.test(message)) return;
  throw new AssertionError({ message: `${name} throws: ${message}` });
}
