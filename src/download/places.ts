/**
 * Places that files come from: folders and archives, on the web or on this machine. A
 * place delivers the wanted files that it has, and the reason for each file that it
 * lacks.
 *
 * @module
 */

import { fileNameOf, isWebAddress, pathOf } from "../address.ts";
import { entries, isArchiveName } from "../archive/archive.ts";
import { type FileDigest, hashed, mismatch } from "../checksum.ts";
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

/** Where files go, and how they are fetched. */
export interface Target extends Omit<FetchOptions, "onProgress"> {
  /** Folder for the files. */
  folder: string;
  /** Called with the name of a file, its bytes so far and its size in bytes. */
  onProgress?: (file: string, done: number, total: number) => void;
}

/** A wanted file and its source, or the reason why a place does not deliver it. */
export type Delivery =
  & { file: SourceFile }
  & ({ from: string } & FileDigest | { failure: DownloadError });

/** Delivers the wanted files, as far as the place has them. */
export type Place = (
  files: readonly SourceFile[],
  target: Target,
) => AsyncGenerator<Delivery, void>;

/**
 * Finds the place at an address.
 *
 * @param address A folder or an archive, as a URL (`http:`, `https:`, `file:`) or a path.
 * @param files All files of the source. If the source is a single archive, an archive at
 * the address is that file; otherwise it contains the files.
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
    if (!isItself) return webArchive(address, name);
    return fileByFile((file, target) => fetched(address, file, target));
  }
  const path = pathOf(address);
  const info = await fileInfo(path);
  if (!info) {
    throw new Error(`Cannot find "${address}": no such file or folder; check the path`);
  }
  if (info.isFolder) return localFolder(path);
  if (!isItself) return (files, target) => fromArchive(path, path, files, target);
  return fileByFile((file, target) => copied(path, file, target));
}

function fileByFile(
  deliver: (file: SourceFile, target: Target) => Promise<Delivery>,
): Place {
  return async function* (files, target) {
    for (const file of files) {
      const delivery = await deliver(file, target);
      yield delivery;
      if ("failure" in delivery && delivery.failure.isHopeless) return;
    }
  };
}

function webFolder(address: string): Place {
  return fileByFile((file, target) => {
    const path = (file.path ?? file.name).split("/").map(encodeURIComponent).join("/");
    return fetched(new URL(path, address).href, file, target);
  });
}

function localFolder(folder: string): Place {
  return fileByFile(async (file, target) => {
    const names = [file.name, file.path ?? file.name, ...file.alsoNamed ?? []];
    for (const name of names) {
      const path = `${folder}/${name}`;
      if (await exists(path)) return await copied(path, file, target);
    }
    const reason = `has no "${names.join('" or "')}"`;
    return { file, failure: new DownloadError("missing", folder, reason) };
  });
}

function webArchive(address: string, name: string): Place {
  return async function* (files, target) {
    const path = `${target.folder}/${name}`;
    try {
      const delivery = await fetched(address, { name }, target);
      if ("failure" in delivery) yield* files.map((file) => ({ ...delivery, file }));
      else yield* fromArchive(path, address, files, target);
    } finally {
      await removeFile(path);
    }
  };
}

/** Delivers files from an archive; of several files with one name, the least nested. */
async function* fromArchive(
  path: string,
  address: string,
  files: readonly SourceFile[],
  target: Target,
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
      yield await stored(body(), `${address}!${path}`, bytes, file, target);
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
  { folder, onProgress, ...options }: Target,
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
  target: Target,
): Promise<Delivery> {
  const { bytes = 0 } = await fileInfo(from) ?? {};
  return await stored(readChunks(from), from, bytes, file, target);
}

async function stored(
  chunks: AsyncIterable<Uint8Array>,
  from: string,
  total: number,
  file: SourceFile,
  { folder, onProgress }: Target,
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
