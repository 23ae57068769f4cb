/**
 * Places that files come from: folders and archives, on the web or on this machine. Each
 * delivers the wanted files that it has, and says why it does not have the others.
 *
 * @module
 */

import { entries, isArchiveName } from "../archive/archive.ts";
import { type ExpectedFile, type FileDigest, hashed, mismatch } from "../checksum.ts";
import {
  exists,
  fileInfo,
  openFile,
  readChunks,
  removeFile,
  writeFileAtomically,
} from "../files.ts";
import { DownloadError } from "./error.ts";
import { fetchFile, type FetchOptions } from "./fetch_file.ts";
import type { SourceFile } from "./sources.ts";

/** How places fetch. */
export interface PlaceOptions extends Omit<FetchOptions, "onProgress"> {
  /** Called with a file's name, its bytes so far and those of the whole file. */
  onProgress?: (file: string, done: number, total: number) => void;
}

/** A wanted file, or why a place does not give it. */
export type Delivery =
  & { file: SourceFile }
  & ({ from: string } & FileDigest | { failure: DownloadError });

/** Delivers into a folder the files that it has. */
export type Place = (
  files: readonly SourceFile[],
  folder: string,
  options: PlaceOptions,
) => AsyncGenerator<Delivery, void>;

/**
 * The place with an address.
 *
 * @param address A folder or an archive: an URL (`http:`, `https:`, `file:`) or a path.
 * @param files All files of the source. If that is one archive, an archive as address is
 * that file, otherwise one that contains the files.
 * @throws {Error} If the address is a path that does not exist.
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
  const info = await fileInfo(path);
  if (!info) throw new Error(`Cannot find "${address}": no such file or folder`);
  if (info.isFolder) return localFolder(path);
  return isItself ? localFile(path) : localArchive(path);
}

/** Whether an address is a web address. */
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
      if ("failure" in delivery && delivery.failure.isHopeless) return;
    }
  };
}

function webFile(address: string): Place {
  return async function* ([file], folder, options) {
    yield await fetched(address, file, folder, options);
  };
}

function webArchive(address: string, name: string): Place {
  return async function* (files, folder, options) {
    const path = `${folder}/${name}`;
    try {
      const delivery = await fetched(address, { name }, folder, options);
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
      const found = await Promise.all(names.map((name) => exists(`${from}/${name}`)));
      const name = names.find((_, i) => found[i]);
      if (name === undefined) {
        const reason = `has no "${names.join('" or "')}"`;
        yield { file, failure: new DownloadError("missing", from, reason) };
      } else {
        yield await copied(`${from}/${name}`, file, folder, options);
      }
    }
  };
}

function localFile(path: string): Place {
  return async function* ([file], folder, options) {
    yield await copied(path, file, folder, options);
  };
}

function localArchive(path: string): Place {
  return (files, folder, options) => fromArchive(path, path, files, folder, options);
}

/** Delivers files from an archive; of several files of a name, the one that lies highest. */
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
      for (const file of files) {
        if (file.name !== name && !file.alsoNamed?.includes(name)) continue;
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
    yield* Array.from(missing, (file) => ({ file, failure }));
    return;
  }
  for (const file of missing) {
    const reason = `has no "${file.name}"`;
    yield { file, failure: new DownloadError("missing", address, reason) };
  }
}

async function fetched(
  url: string,
  file: SourceFile,
  folder: string,
  { onProgress, ...options }: PlaceOptions,
): Promise<Delivery> {
  return await deliveryOf(file, url, () =>
    fetchFile(url, `${folder}/${file.name}`, {
      ...options,
      bytes: file.bytes,
      sha256: file.sha256,
      onProgress: (done, total) => onProgress?.(file.name, done, total),
    }));
}

async function copied(
  from: string,
  file: SourceFile,
  folder: string,
  options: PlaceOptions,
): Promise<Delivery> {
  const { bytes = 0 } = await fileInfo(from) ?? {};
  return await stored(readChunks(from), from, bytes, file, folder, options);
}

async function stored(
  chunks: AsyncIterable<Uint8Array>,
  from: string,
  total: number,
  file: SourceFile & ExpectedFile,
  folder: string,
  { onProgress }: PlaceOptions,
): Promise<Delivery> {
  return await deliveryOf(file, from, async () => {
    let [found, done]: [FileDigest | undefined, number] = [undefined, 0];
    async function* checked() {
      for await (const chunk of hashed(chunks, (digest) => found = digest)) {
        yield chunk;
        onProgress?.(file.name, done += chunk.length, total);
      }
      const wrong = mismatch(found!, file);
      if (wrong) throw new DownloadError("checksum", from, wrong);
    }
    await writeFileAtomically(`${folder}/${file.name}`, checked());
    return found!;
  });
}

async function deliveryOf(
  file: SourceFile,
  from: string,
  get: () => Promise<FileDigest>,
): Promise<Delivery> {
  try {
    return { file, from, ...await get() };
  } catch (failure) {
    if (failure instanceof DownloadError) return { file, failure };
    throw failure;
  }
}
