/**
 * The npm package that ships the network CenterNet; nothing of it but two files of its
 * folder `models/` is used. `mod.ts` does not load it.
 *
 * @module
 */

/** Name of the package. */
export const CENTERNET_PACKAGE = "npm:@vladmandic/human@3.3.6";

/** Where browsers find the folder, which have no packages. */
const CDN = "https://cdn.jsdelivr.net/npm/@vladmandic/human@3.3.6/models/";

/**
 * The folder of `centernet.json` and `centernet.bin`. In Deno the package is fetched on
 * first use, as all packages are, and later found without a network.
 *
 * @returns Its address, with a slash at the end.
 * @throws {Error} If the package cannot be fetched.
 */
export async function centernetFolder(): Promise<URL> {
  if (!("Deno" in globalThis)) return new URL(CDN);
  // As a variable, Deno fetches it here, and not with every program that imports mod.ts.
  const { href } = new URL("./_centernet_package.ts", import.meta.url);
  return (await import(href)).MODELS;
}
