/**
 * Two small datasets of the built-in world.
 *
 * @module
 */

import { hashFile } from "../../src/checksum.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";

export { writeWorldDataset };

/** What is there. */
export const FIRST = {
  seed: 1,
  sizes: { train: 4, validation: 2, test: 2 },
  command: "test",
};

/** What replaces it. */
export const OTHER = { ...FIRST, seed: 2 };

/** The SHA-256 of every file below a folder. */
export async function hashesBelow(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (!isDirectory) found[name] = (await hashFile(path)).sha256;
    else {
      const inside = Object.entries(await hashesBelow(path));
      for (const [file, bytes] of inside) found[`${name}/${file}`] = bytes;
    }
  }
  return found;
}
