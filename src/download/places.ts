/**
 * Where files come from: folders and archives, on the web or on this machine. Each gives
 * those of the wanted files that it has and says why not the others.
 *
 * @module
 */

import {
  fileSize,
  openFile,
  readChunks,
  removeFile,
  writeFileAtomically,
} from "../files.ts";
import { entries, isArchiveName } from "../archive/archive.ts";
import { type ExpectedFile, hashed, mismatch } from "../checksum.ts";
import { DownloadError } from "./error.ts";
import { type FetchedFile, fetchFile, type FetchOptions } from "./fetch_file.ts";
import type { SourceFile } from "./sources.ts";

/** How places fetch. */
export interface PlaceOptions extends Omit<FetchOptions, "onProgress"> {
  /** Called with a file's name, the bytes that are there and those there will be. */
  onProgress?: (file: string, done: number, total: number) => void;
}

/** A wanted file, or why a place does not give it. */
export type Delivery =
  & { file: SourceFile }
  & ({ from: string } & FetchedFile | { failure: DownloadError });

/** Gives what it can of some files into a folder. */
export type Place = (
  files: readonly SourceFile[],
  folder: string,
  options: PlaceOptions,
) => AsyncGenerator<Delivery, void>;

/** Failures after which a server need not be asked for other files. */
export const HOPELESS: ReadonlySet<string> = new Set([
  "unreachable",
  "stall",
  "permission",
]);

/**
 * The place of an address.
 *
 * @param address A folder or an archive: an URL (`http:`, `https:`, `file:`) or a path.
 * @param files All files of the source: if it has a single one that is an archive, an
 * archive as address is that file and not one that contains it.
 * @throws {Error} If it is a path and nothing is there.
 */
export async function placeOf(
  address: string,
  files: readonly SourceFile[],
): Promise<Place> {
  const isItself = files.length === 1 && isArchiveName(files[0].name);
  if (isWebAddress(address)) {
    const name = fileNameOf(address);
    if (!isArchiveName(name)) return webFolder(address.replace(/\/?$/, "/"));
    return isItself ? webFile(address) : webArchive(address, name);
  }
  const path = pathOf(address);
  const info = await Deno.stat(path).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`Cannot find "${address}": no such file or folder`, { cause });
  });
  if (info.isDirectory) return localFolder(path);
  return isItself
    ? localFile(path)
    : (files, folder, options) => fromArchive(path, path, files, folder, options);
}

/** Whether an address is one of the web. */
export function isWebAddress(address: string): boolean {
  return /^https?:/i.test(address);
}

/** The last part of an URL's path, which may be empty. */
export function fileNameOf(url: string): string {
  const name = new URL(url).pathname.split("/").at(-1)!;
  return decodeURIComponent(name).replaceAll(/[/\\\0]/g, "_");
}

/** The path of a `file:` URL, or the path itself. */
export function pathOf(address: string): string {
  return address.startsWith("file:")
    ? decodeURIComponent(new URL(address).pathname)
    : address;
}

function webFolder(address: string): Place {
  return async function* (files, folder, options) {
    for (const file of files) {
      const path = (file.path ?? file.name).split("/").map(encodeURIComponent).join("/");
      const delivery = await fetched(new URL(path, address).href, file, folder, options);
      yield delivery;
      if ("failure" in delivery && HOPELESS.has(delivery.failure.kind)) return;
    }
  };
}

function webFile(address: string): Place {
  return async function* ([file], folder, options) {
    yield await fetched(address, file, folder, options);
  };
}

async function fetched(
  url: string,
  file: SourceFile,
  folder: string,
  { onProgress, ...options }: PlaceOptions,
): Promise<Delivery> {
  try {
    const found = await fetchFile(url, `${folder}/${file.name}`, {
      ...options,
      bytes: file.bytes,
      sha256: file.sha256,
      onProgress: (done, total) => onProgress?.(file.name, done, total),
    });
    return { file, from: url, ...found };
  } catch (failure) {
    if (failure instanceof DownloadError) return { file, failure };
    throw failure;
  }
}

function webArchive(address: string, name: string): Place {
  return async function* (files, folder, options) {
    const archive: SourceFile = { name };
    const delivery = await fetched(address, archive, folder, options);
    const path = `${folder}/${name}`;
    try {
      if ("failure" in delivery) yield* files.map((file) => ({ ...delivery, file }));
      else yield* fromArchive(path, address, files, folder, options);
    } finally {
      await removeFile(path);
    }
  };
}

function localFolder(from: string): Place {
  return async function* (files, folder, options) {
    for (const file of files) {
      const names = [file.name, file.path ?? file.name, ...file.alsoNamed ?? []];
      const sizes = await Promise.all(names.map((name) => fileSize(`${from}/${name}`)));
      const found = names.find((_, i) => sizes[i] !== undefined);
      if (found === undefined) {
        const reason = `has no "${names.join('" or "')}"`;
        yield { file, failure: new DownloadError("missing", from, reason) };
      } else {
        yield await copied(`${from}/${found}`, file, folder, options);
      }
    }
  };
}

function localFile(path: string): Place {
  return async function* ([file], folder, options) {
    yield await copied(path, file, folder, options);
  };
}

async function copied(
  from: string,
  file: SourceFile,
  folder: string,
  options: PlaceOptions,
): Promise<Delivery> {
  const total = await fileSize(from) ?? 0;
  return await stored(readChunks(from), from, total, file, folder, options);
}

/** The wanted files in an archive, each the one that lies least deep. */
async function* fromArchive(
  path: string,
  address: string,
  files: readonly SourceFile[],
  folder: string,
  options: PlaceOptions,
): AsyncGenerator<Delivery, void> {
  const missing = new Set(files);
  try {
    using archive = await openFile(path);
    const wanted = new Map<SourceFile, string>();
    const depth = (path: string) => path.split("/").length;
    for await (const { path } of entries(archive)) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const isNamed = (file: SourceFile) =>
        file.name === name || file.alsoNamed?.includes(name);
      for (const file of files.filter(isNamed)) {
        const other = wanted.get(file);
        if (other === undefined || depth(path) < depth(other)) wanted.set(file, path);
      }
    }
    for await (const { path, bytes, body } of entries(archive)) {
      const file = files.find((file) => wanted.get(file) === path);
      if (!file) continue;
      missing.delete(file);
      yield await stored(body(), `${address}!${path}`, bytes, file, folder, options);
    }
  } catch (cause) {
    const isBad = cause instanceof SyntaxError || cause instanceof RangeError;
    if (!isBad) throw cause;
    const failure = new DownloadError("archive", address, cause.message, { cause });
    yield* [...missing].map((file) => ({ file, failure }));
    return;
  }
  for (const file of missing) {
    const reason = `has no "${file.name}"`;
    yield { file, failure: new DownloadError("missing", address, reason) };
  }
}

async function stored(
  chunks: AsyncIterable<Uint8Array>,
  from: string,
  total: number,
  file: SourceFile & ExpectedFile,
  folder: string,
  { onProgress }: PlaceOptions,
): Promise<Delivery> {
  let found: FetchedFile | undefined;
  async function* checked() {
    let done = 0;
    const end = (result: FetchedFile) => {
      const wrong = mismatch(found = result, file);
      if (wrong) throw new DownloadError("checksum", from, wrong);
    };
    for await (const chunk of hashed(chunks, end)) {
      yield chunk;
      onProgress?.(file.name, done += chunk.length, total);
    }
  }
  try {
    await writeFileAtomically(`${folder}/${file.name}`, checked());
    return { file, from, ...found! };
  } catch (failure) {
    if (failure instanceof DownloadError) return { file, failure };
    throw failure;
  }
}
