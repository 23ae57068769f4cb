// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The npm package that ships the network CenterNet; nothing of it but two files of its
 * folder `models/` is used. `mod.ts` does not load it.
 *
 * @module
 */

/** Where browsers find the folder, which have no packages. */
const CDN = "https://cdn.jsdelivr.net/npm/@vladmandic/human@3.3.6/models/";

/** Name of the package, for messages. */
export const CENTERNET_PACKAGE = "npm:@vladmandic/human@3.3.6";

/**
 * The folder of `centernet.json` and `centernet.bin`. In Deno the package is fetched on
 * first use, as all packages are, and later found without a network.
 *
 * @returns Its address, with a slash at the end.
 * @throws {Error} If the package cannot be fetched.
 */
export async function centernetFolder(): Promise<URL> {
  if (!("Deno" in globalThis)) return new URL(CDN);
  // Read as text, its program does not run.
  await import("npm:@vladmandic/human@3.3.6", { with: { type: "text" } });
  return new URL("../models/", import.meta.resolve("npm:@vladmandic/human@3.3.6"));
}
