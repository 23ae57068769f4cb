/**
 * Unpacks archives into folders that appear only once they are complete.
 *
 * @module
 */

import { makeFolder, openFile, removeFolder, rename, writeNewFile } from "../files.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "./_guard.ts";
import { entries } from "./archive.ts";

/**
 * Unpacks an archive into a new folder.
 *
 * @param archivePath Path of the archive.
 * @param folder Path of the new folder; must not exist.
 * @param onProgress Called with the number of bytes unpacked so far.
 * @param limits Limits on its contents that differ from the default ones.
 * @throws {SyntaxError} If the archive is damaged.
 * @throws {RangeError} If it holds something that `entries` refuses.
 */
export async function unpack(
  archivePath: string,
  folder: string,
  onProgress?: (bytes: number) => void,
  limits: Partial<ArchiveLimits> = {},
): Promise<void> {
  const aside = `${folder}.partial`;
  await removeFolder(aside);
  try {
    using archive = await openFile(archivePath);
    let bytes = 0;
    const counted = async function* (body: AsyncIterable<Uint8Array>) {
      for await (const chunk of body) {
        yield chunk;
        onProgress?.(bytes += chunk.length);
      }
    };
    await makeFolder(aside);
    for await (
      const { path, body } of entries(archive, { ...ARCHIVE_LIMITS, ...limits })
    ) {
      await writeNewFile(`${aside}/${path}`, counted(body()));
    }
    await rename(aside, folder);
  } catch (error) {
    await removeFolder(aside);
    throw error;
  }
}
