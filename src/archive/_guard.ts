/**
 * Checks that refuse hostile archives: paths out of the folder, clashing files, zip bombs.
 *
 * @module
 */

import { escapeControls } from "../show_value.ts";

/** Limits on the contents of an archive. */
export interface ArchiveLimits {
  /** Maximal number of files. */
  entries: number;
  /** Maximal size of all files together, in bytes. */
  bytes: number;
  /** Maximal ratio of unpacked to packed size, of each file and of all; 1 MiB is free. */
  ratio: number;
  /** Refuse files without a byte; default false. */
  noEmpty?: boolean;
}

/** The default limits, far above the sizes of datasets. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 1_000_000,
  bytes: 2 ** 38,
  ratio: 250,
};

/** An entry of a zip or tar as its header describes it. */
export interface RawEntry {
  /** Path in the archive, not yet checked. */
  path: string;
  /** Unpacked size in bytes. */
  bytes: number;
  /** Packed size in bytes, if the format states it. */
  packedBytes?: number;
  isFolder: boolean;
  /** The unpacked bytes. */
  body(): AsyncIterable<Uint8Array>;
}

/** Unpacked size up to which no ratio is checked, in bytes. */
const FREE_BYTES = 2 ** 20;
/** Longest name of a file or folder on common file systems, in bytes. */
const MAX_NAME = 255;

/** The error for an archive with refused contents. */
function refused(archive: string, why: string): RangeError {
  return new RangeError(escapeControls(`Cannot unpack "${archive}": ${why}`));
}

/** The error for an archive that is damaged, truncated or in another format. */
export function unreadable(archive: string, why: string, cause?: unknown): SyntaxError {
  return new SyntaxError(escapeControls(`Cannot read "${archive}": ${why}`), { cause });
}

/**
 * Checks where a path of an archive leads.
 *
 * @param path The path in the archive.
 * @param archive Name of the archive, for errors.
 * @returns The path without empty parts and `.`.
 * @throws {RangeError} If it leads out of the folder, has too long a name or names no
 * file.
 */
export function checkPath(path: string, archive: string): string {
  const refuse = (why: string): never => {
    const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 97)}...` : path);
    throw refused(archive, `the path ${shown} ${why}`);
  };
  if (path.includes("\0")) refuse("contains a zero byte");
  if (/^([/\\]|[a-z]:)/i.test(path)) refuse("is absolute");
  if (path.split(/[/\\]/).includes("..")) refuse("leads out of the folder");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length === 0) refuse("names no file");
  const isLong = (part: string) => new TextEncoder().encode(part).length > MAX_NAME;
  if (parts.some(isLong)) refuse(`has a name of more than ${MAX_NAME} bytes`);
  return parts.join("/");
}

/** Counts the files and bytes of one archive and refuses it beyond its limits. */
export class Guard {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  #bytes = 0;
  #packed = 0;

  /**
   * @param archive Its name, for errors.
   * @param size Its size in bytes.
   * @param limits Limits on its contents.
   */
  constructor(
    readonly archive: string,
    readonly size: number,
    readonly limits: ArchiveLimits,
  ) {}

  /** Throws the error that refuses the archive; `why` is its reason. */
  refuse(why: string): never {
    throw refused(this.archive, why);
  }

  /**
   * Checks a file before it is read.
   *
   * @param path Its path, from {@linkcode checkPath}.
   * @param bytes Its unpacked size.
   * @param packed Its packed size, if known.
   * @throws {RangeError} If the path clashes with another file, or a limit is exceeded.
   */
  enter(path: string, bytes: number, packed?: number): void {
    const { entries, bytes: mostBytes } = this.limits;
    const folders = foldersOf(path);
    if (this.#files.has(path)) this.refuse(`it has "${path}" twice`);
    const clash = this.#folders.has(path)
      ? path
      : folders.find((f) => this.#files.has(f));
    if (clash) this.refuse(`"${clash}" is a file and a folder`);
    this.#files.add(path);
    folders.forEach((folder) => this.#folders.add(folder));
    if (this.#files.size > entries) this.refuse(`it has more than ${entries} files`);
    if (bytes === 0 && this.limits.noEmpty) this.refuse(`"${path}" must not be empty`);
    this.#bytes += bytes;
    if (this.#bytes > mostBytes) {
      this.refuse(`with "${path}" it has more than ${mostBytes} bytes`);
    }
    if (packed === undefined) return;
    this.checkRatio(bytes, packed, `"${path}"`);
    this.checkRatio(this.#bytes, this.size);
    this.#packed += packed;
    if (this.#packed > this.size) this.refuse(`"${path}" overlaps other files`);
  }

  /** Refuses an archive bomb, whose few bytes unpack to very many. */
  checkRatio(bytes: number, packed: number, which = "it"): void {
    const { ratio } = this.limits;
    if (bytes <= FREE_BYTES || bytes <= ratio * packed) return;
    this.refuse(`${which} grows to more than ${ratio} times its size`);
  }

  /** Refuses a file whose size differs from the stated one; `isWhole` once all is read. */
  checkLength(path: string, found: number, stated: number, isWhole: boolean): void {
    if (found <= stated && !(isWhole && found < stated)) return;
    const size = isWhole ? found : "more";
    throw unreadable(this.archive, `"${path}" should have ${stated} bytes, has ${size}`);
  }
}

/** The folders that a path lies in: `a` and `a/b` for `a/b/c`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}
