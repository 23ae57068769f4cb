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
  isLink,
  listFiles,
  listFolders,
  openFile,
  readChunks,
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

/** A file whose parts can be read. */
export interface PartedFile extends Disposable {
  /** Size in bytes. */
  readonly size: number;
  /** Reads `length` bytes from `start` on. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** All bytes, in pieces. */
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * Opens a file of any size by its path; one at an address on the web is fetched whole.
 *
 * @param name Its path or address.
 * @throws {RangeError} If it is fetched and too large.
 * @throws {DownloadError} If it cannot be fetched from its address.
 * @throws {Error} As the system says, if it cannot be read.
 */
export async function openImageFile(name: string): Promise<PartedFile> {
  if (isWebAddress(name)) return partedBytes(await fetchImage(name));
  const path = isFileAddress(name) ? pathOf(name) : name;
  const file = await openFile(path);
  return {
    size: file.size,
    read: file.read,
    chunks: () => readChunks(path),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/**
 * Reads a photograph, or JSON of one image.
 *
 * @param name The file's path or address, for messages.
 * @param file The file.
 * @throws {RangeError} If it is too large.
 */
export async function readWhole(name: string, file: PartedFile): Promise<Uint8Array> {
  checkSize(name, file.size);
  return await file.read(0, file.size);
}

/**
 * Reads a photograph, or JSON of one image, by its path or address.
 *
 * @throws {RangeError | DownloadError | Error} As {@linkcode openImageFile} and
 * {@linkcode readWhole}.
 */
export async function readImageFile(name: string): Promise<Uint8Array> {
  using file = await openImageFile(name);
  return await readWhole(name, file);
}

/** A file in memory. */
export function partedBytes(bytes: Uint8Array): PartedFile {
  return {
    size: bytes.length,
    read: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
    chunks: () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
    [Symbol.dispose]() {},
  };
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
