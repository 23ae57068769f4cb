/**
 * The library as JavaScript, one module for each of `mod.ts`, with declarations of types.
 *
 * @module
 */

import { entries } from "../../../src/archive/archive.ts";
import { pathOf } from "../../../src/address.ts";
import { openFile } from "../../../src/files.ts";

/** What `using` needs, for programs whose `lib` is older than it. */
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n';

/**
 * Runs `deno pack`.
 *
 * @param cannot What cannot be done without it, for errors, such as `"Cannot write types"`.
 * @returns Contents by path, such as `mod.js`, `mod.d.ts` and `package.json`.
 * @throws {Error} If `deno pack` fails; the message has its reason.
 */
export async function packedLibrary(
  cannot: string,
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/package.tgz`;
    await pack(path, cannot);
    using archive = await openFile(path);
    const files: Record<string, Uint8Array<ArrayBuffer>> = {};
    for await (const { path, body } of entries(archive)) {
      const chunks = await Array.fromAsync(body());
      files[path.replace(/^package\//, "")] = new Uint8Array(
        await new Blob(chunks as BlobPart[]).arrayBuffer(),
      );
    }
    const types = new Blob([DISPOSABLE, files["mod.d.ts"]]);
    return { ...files, "mod.d.ts": new Uint8Array(await types.arrayBuffer()) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function pack(path: string, cannot: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", path],
    cwd: pathOf(new URL("../../../", import.meta.url)),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const reason = lines.find((line) => line.startsWith("error:")) ?? lines.at(-1);
  throw new Error(`${cannot} as "deno pack" fails: ${reason}`);
}
