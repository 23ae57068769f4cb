/**
 * Finds and reads the files that a user names for a prediction.
 *
 * @module
 */

import { isWebAddress, pathOf, withoutSecrets } from "../address.ts";
import { parsePattern } from "../deps/glob.ts";
import { remoteChunks } from "../download/remote.ts";
import {
  exists,
  fileInfo,
  fileSize,
  isLink,
  listFiles,
  listFolders,
  readFile,
} from "../files.ts";

/** How the names of photographs end. */
const PHOTOGRAPH = /\.(jpe?g|png|webp)$/i;
const ENDINGS = ".jpg, .jpeg, .png or .webp";

/** Greatest size of a file in bytes; a larger photograph would not fit in memory. */
const MAX_BYTES = 2 ** 28;

/**
 * Finds the files that an argument means.
 *
 * @param argument A file, a folder (its photographs, by name), a pattern such as
 * `photos/*.jpg`, or an address.
 * @returns Paths or addresses, in order. A file that does not exist is among them: reading
 * it says so.
 * @throws {RangeError} If a folder or a pattern has no photograph.
 */
export async function findImageFiles(argument: string): Promise<string[]> {
  if (isWebAddress(argument)) return [argument];
  if (isFileAddress(argument)) return await findImageFiles(pathOf(argument));
  const info = await fileInfo(argument);
  const pattern = info ? undefined : parsePattern(argument);
  if (!info?.isFolder && !pattern) return [argument];
  const folder = pattern?.folder ?? argument;
  const all = await filesIn(folder, pattern?.isDeep ?? false);
  // A pattern with an ending of its own says which files it means.
  const hasEnding = pattern && /\.[^/*]+$/.test(argument);
  const found = all.filter((path) =>
    (!pattern || pattern.matches(path)) && (hasEnding || PHOTOGRAPH.test(path))
  );
  if (found.length > 0) return found;
  const what = pattern ? "files that match" : "photographs in";
  throw new RangeError(
    `Cannot find ${what} "${argument}": ${
      await exists(folder)
        ? `"${folder}" has ${all.length} files, and names of photographs must end with ${ENDINGS}`
        : `there is no folder "${folder}"`
    }`,
  );
}

/** Paths of the files of a folder, sorted. */
async function filesIn(folder: string, isDeep: boolean): Promise<string[]> {
  const pathOf = (name: string) =>
    folder === "." ? name : folder.endsWith("/") ? folder + name : `${folder}/${name}`;
  const files = (await listFiles(folder)).map(pathOf);
  if (!isDeep) return files;
  const inner: string[] = [];
  for (const name of await listFolders(folder)) {
    const path = pathOf(name);
    // A link may lead to a folder above.
    if (name.startsWith(".") || await isLink(path)) continue;
    inner.push(...await filesIn(path, true));
  }
  return [...files, ...inner];
}

/**
 * Reads a file.
 *
 * @param name Its path or address.
 * @returns Its bytes.
 * @throws {RangeError} If it is too large.
 * @throws {DownloadError} If it cannot be fetched from its address.
 * @throws {Error} As the system says, if it cannot be read.
 */
export async function readImageFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (isWebAddress(name)) return await fetchImage(name);
  const path = isFileAddress(name) ? pathOf(name) : name;
  checkSize(path, await fileSize(path) ?? 0);
  return await readFile(path);
}

function isFileAddress(text: string): boolean {
  return /^file:/i.test(text);
}

async function fetchImage(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of remoteChunks(url)) {
    chunks.push(chunk);
    checkSize(url, bytes += chunk.length);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function checkSize(name: string, bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  throw new RangeError(
    `Cannot read "${withoutSecrets(name)}" as it must have at most ${
      Math.floor(MAX_BYTES / 1e6)
    } MB: found ${Math.ceil(bytes / 1e6)} MB; save it smaller`,
  );
}
