/**
 * The archive that `_sgp_archive.py` writes, or a notice that Python is missing.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { inFolder } from "../../_in_folder.ts";

const script = fileURLToPath(new URL("./_sgp_archive.py", import.meta.url));

/** Whether Python is installed to write the archive; prints a notice if not. */
export function hasPython(): boolean {
  try {
    if (new Deno.Command("python3", { args: ["--version"] }).outputSync().success) {
      return true;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.warn("Skipped: no python3 to write an archive like the authors'");
  return false;
}

/** Writes the archive, with fewer classes and predicates than published to save time. */
export async function writeSgpArchive(
  path: string,
  classes = 150,
  predicates = 51,
): Promise<void> {
  const args = [script, path, String(classes), String(predicates)];
  const { success, stderr } = await new Deno.Command("python3", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Gives a test the archive, unpacked into a folder that is removed afterwards. */
export async function withSgpFiles(
  run: (folder: string) => Promise<void>,
  classes?: number,
  predicates?: number,
): Promise<void> {
  await inFolder(async (folder) => {
    await writeSgpArchive(`${folder}/data.zip`, classes, predicates);
    const unpacked = await new Deno.Command("python3", {
      args: ["-m", "zipfile", "-e", `${folder}/data.zip`, folder],
    }).output();
    if (!unpacked.success) throw new Error("cannot unpack");
    await run(folder);
  });
}
