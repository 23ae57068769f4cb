/**
 * Where expected values and real data lie, neither of them part of the project:
 * `SGP_FIXTURES` and `SGP_DATA`, by default the folders of a `shared` folder beside the
 * checkout. Tests skip with a notice where one is missing.
 *
 * @module
 */

const root = new URL("../", import.meta.url).pathname;

/** Folder of expected values, with no slash at the end. */
export const FIXTURES = Deno.env.get("SGP_FIXTURES") ?? `${root}../shared/fixtures`;

/** Folder of real data, with no slash at the end. */
export const DATA = Deno.env.get("SGP_DATA") ?? `${root}../shared/data`;

/** True if the folder or file is missing; says so, since tests that need it are skipped. */
export function isMissing(path: string): boolean {
  try {
    Deno.statSync(path);
    return false;
  } catch {
    console.warn(`Skipped: no "${path}"; set SGP_FIXTURES or SGP_DATA`);
    return true;
  }
}
