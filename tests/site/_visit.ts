/**
 * Registers visits of the site that take long.
 *
 * @module
 */

import type { Visitor } from "../../benches/site_visit.ts";
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

/** A picture as a PNG, drawn by the browser. */
export async function pngOf(visitor: Visitor, bytes: Uint8Array): Promise<Uint8Array> {
  const base64 = await visitor.page.evaluate(async (jpeg: string) => {
    const blob = new Blob([Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))]);
    const bitmap = await createImageBitmap(blob);
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
    return canvas.toDataURL("image/png").split(",")[1];
  }, bytes.toBase64());
  return Uint8Array.fromBase64(base64);
}
