/**
 * Registers visits of the site that take long.
 *
 * @module
 */

import { browser } from "../_browser.ts";
import { DATA, isMissing } from "../_fixtures.ts";

const isLong = Deno.env.has("SGP_LONG_TESTS");
if (!isLong) {
  console.warn("SGP_LONG_TESTS is not set: long visits of the site are skipped");
}

/** A photograph that the project may not publish. */
export const PHOTOGRAPH = `${DATA}/photos/person.jpg`;

/** Registers a test of a visit, which runs with SGP_LONG_TESTS where Chromium is. */
export function visit(
  name: string,
  fn: () => Promise<void>,
  needsPhotograph = false,
): void {
  const ignore = !isLong || !browser || needsPhotograph && isMissing(PHOTOGRAPH);
  Deno.test({ name: `site: ${name}`, ignore, fn });
}
