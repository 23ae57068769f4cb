/**
 * Zip and tar archives as streams of files. Refuses paths out of the folder, links,
 * devices and archive bombs.
 *
 * @module
 */

import { looksLike } from "../file_kind.ts";
import type { OpenFile } from "../files.ts";
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  checkPath,
  Guard,
  unreadable,
} from "./_guard.ts";
import { readTar } from "./_tar.ts";
import { readZip } from "./_zip.ts";

/** A file in an archive. */
export interface ArchiveEntry {
  /** Path in the archive: relative, with `/`, without `.` and `..`. */
  path: string;
  /** Stated size in bytes; reading the body throws if its size differs. */
  bytes: number;
  /** The contents; may be read once, before the next entry. */
  body(): AsyncIterable<Uint8Array>;
}

/** Whether a file name has the ending of an archive. */
export function isArchiveName(name: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz)$/i.test(name);
}

/**
 * Reads the files in an archive one after another. The first bytes decide whether it is a
 * zip, tar or tar.gz, not the name.
 *
 * @param archive The archive, open for reading.
 * @param limits Limits on its contents.
 * @returns Its files, without folders.
 * @throws {SyntaxError} If it is in another format, damaged or truncated.
 * @throws {RangeError} If it holds something that is refused; the message names it.
 */
export async function* entries(
  archive: OpenFile,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): AsyncGenerator<ArchiveEntry, void> {
  const guard = new Guard(archive.name, archive.size, limits);
  const read = await formatOf(archive);
  for await (const entry of read(archive, guard)) {
    if (entry.isFolder) continue;
    const path = checkPath(entry.path, archive.name);
    guard.enter(path, entry.bytes, entry.packedBytes);
    yield { path, bytes: entry.bytes, body: () => counted(entry, path, guard) };
  }
}

async function formatOf(archive: OpenFile): Promise<typeof readZip | typeof readTar> {
  const head = await archive.read(0, 512);
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  // "PK", followed by the first file or, in an empty zip, by the end record.
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return readZip;
  const isTar = new TextDecoder().decode(head.subarray(257, 262)) === "ustar";
  if (starts(0x1f, 0x8b) || isTar) return readTar;
  const seen = head.length === 0 ? undefined : looksLike(head);
  throw unreadable(
    archive.name,
    `it is not a zip, tar or tar.gz${seen ? `: ${seen}` : ""}`,
  );
}

async function* counted(
  entry: { bytes: number; body(): AsyncIterable<Uint8Array> },
  path: string,
  guard: Guard,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of entry.body()) {
    bytes += chunk.length;
    guard.checkLength(path, bytes, entry.bytes, false);
    yield chunk;
  }
  guard.checkLength(path, bytes, entry.bytes, true);
}
