/**
 * Zip and tar archives as streams of files, with everything refused that has no business
 * in an archive of data: paths that lead elsewhere, links, devices, bombs.
 *
 * @module
 */

import type { OpenFile } from "../files.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits, checkPath, Guard } from "./_guard.ts";
import { readTar } from "./_tar.ts";
import { readZip } from "./_zip.ts";

/** A file in an archive. */
export interface ArchiveEntry {
  /** Its path in the archive: relative, with `/`, without `.` and `..`. */
  path: string;
  /** Its size in bytes, as the archive says; reading throws if that is a lie. */
  bytes: number;
  /** Its content; to be read before the next entry is asked for, and only once. */
  body(): AsyncIterable<Uint8Array>;
}

/** Whether a name ends like that of an archive. */
export function isArchiveName(name: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz)$/i.test(name);
}

/**
 * The files in an archive, one after the other. What it is, zip, tar or tar.gz, its
 * first bytes say, whatever its name.
 *
 * @param archive The archive, open for reading.
 * @param limits How much it may hold.
 * @returns Its files; folders are left out.
 * @throws {SyntaxError} If it is none of these, damaged or truncated.
 * @throws {RangeError} If it holds what is refused; the message has the name.
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
  // "PK", then a first file or, in an empty zip, the end.
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return readZip;
  const isTar = new TextDecoder().decode(head.subarray(257, 262)) === "ustar";
  if (starts(0x1f, 0x8b) || isTar) return readTar;
  throw new SyntaxError(`Cannot read "${archive.name}": it is no zip, tar or tar.gz`);
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
