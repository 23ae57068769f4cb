/**
 * The types of the library, for programs in TypeScript that use the bundle.
 *
 * @module
 */

import { packedLibrary } from "./packed_library.ts";

/** Folder of the declarations, beside the bundle. */
const TYPES = "types";

/**
 * Declares what `mod.ts` exports, in a file for each module that the exports need.
 *
 * @returns Contents by path; `scene_graph_predictor.d.ts` re-exports the others.
 * @throws {Error} If `deno pack` fails; the message has its reason.
 */
export async function libraryTypes(): Promise<Record<string, Uint8Array>> {
  const files = await packedLibrary(
    "Cannot write the types (--no-types leaves them out)",
  );
  return {
    "scene_graph_predictor.d.ts": new TextEncoder().encode(
      `export * from "./${TYPES}/mod.js";\n`,
    ),
    ...Object.fromEntries(
      Object.entries(files)
        .filter(([path]) => path.endsWith(".d.ts"))
        .map(([path, bytes]) => [`${TYPES}/${path}`, bytes]),
    ),
  };
}
