/**
 * Unpacks archives into folders that appear only when they are whole.
 *
 * @module
 */

import { exists, openFile } from "../files.ts";
import { entries } from "./archive.ts";

/**
 * Unpacks an archive into a new folder.
 *
 * @param archivePath The archive.
 * @param folder Where its files go; must not be there yet.
 * @param options `check` is called with the folder while it has another name, and may
 * throw; `onProgress` with the number of bytes that are unpacked.
 * @throws {SyntaxError} If the archive is damaged.
 * @throws {RangeError} If it holds what is refused.
 */
export async function unpack(
  archivePath: string,
  folder: string,
  options: {
    check?: (folder: string) => Promise<void>;
    onProgress?: (bytes: number) => void;
  } = {},
): Promise<void> {
  const aside = `${folder}.partial`;
  if (await exists(aside)) await Deno.remove(aside, { recursive: true });
  await Deno.mkdir(aside, { recursive: true });
  try {
    using archive = await openFile(archivePath);
    let bytes = 0;
    for await (const { path, body } of entries(archive)) {
      const slash = path.lastIndexOf("/");
      if (slash > 0) {
        await Deno.mkdir(`${aside}/${path.slice(0, slash)}`, { recursive: true });
      }
      using file = await Deno.open(`${aside}/${path}`, { write: true, createNew: true });
      for await (const chunk of body()) {
        for (let done = 0; done < chunk.length;) {
          done += await file.write(chunk.subarray(done));
        }
        options.onProgress?.(bytes += chunk.length);
      }
    }
    await options.check?.(aside);
    await Deno.rename(aside, folder);
  } catch (error) {
    await Deno.remove(aside, { recursive: true });
    throw error;
  }
}
