/**
 * The types of the library, for programs in TypeScript that use the bundle.
 *
 * @module
 */

import { entries } from "../../src/archive/archive.ts";
import { pathOf } from "../../src/address.ts";
import { openFile } from "../../src/files.ts";

/** Folder of the declarations, beside the bundle. */
const TYPES = "types";

/**
 * Declares what `mod.ts` exports. `deno pack` writes a declaration file for each module
 * that the exports need.
 *
 * @returns Contents by path; `scene_graph_predictor.d.ts` re-exports the others.
 * @throws {Error} If `deno pack` fails; the message has its last line.
 */
export async function libraryTypes(): Promise<Record<string, Uint8Array>> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/package.tgz`;
    await pack(path);
    using archive = await openFile(path);
    const files: Record<string, Uint8Array> = {};
    for await (const { path, body } of entries(archive)) {
      if (!path.endsWith(".d.ts")) continue;
      const chunks = await Array.fromAsync(body());
      files[path.replace(/^package/, TYPES)] = new Uint8Array(
        await new Blob(chunks as BlobPart[]).arrayBuffer(),
      );
    }
    return {
      "scene_graph_predictor.d.ts": new TextEncoder().encode(
        `export * from "./${TYPES}/mod.js";\n`,
      ),
      ...files,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function pack(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", path],
    cwd: pathOf(new URL("../../", import.meta.url)),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const reason = lines.find((line) => line.startsWith("error:")) ?? lines.at(-1);
  throw new Error(
    `Cannot write the types as "deno pack" fails: ${reason}; leave them out with --no-types`,
  );
}
