/**
 * Folders of expected values and real data, which are not part of the project:
 * `SGP_FIXTURES` and `SGP_DATA`, by default `fixtures` and `data` in a folder `shared`
 * beside the checkout. Tests that need a missing one are skipped with a notice.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Folder of expected values, without a slash at the end. */
export const FIXTURES = Deno.env.get("SGP_FIXTURES") ?? `${root}../shared/fixtures`;

/** Folder of real data, without a slash at the end. */
export const DATA = Deno.env.get("SGP_DATA") ?? `${root}../shared/data`;

/** True if a folder or file is missing; prints a notice that its tests are skipped. */
export function isMissing(path: string): boolean {
  try {
    Deno.statSync(path);
    return false;
  } catch {
    console.warn(`Skipped: no "${path}"; set SGP_FIXTURES or SGP_DATA`);
    return true;
  }
}
