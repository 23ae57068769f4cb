/**
 * What is refused in an archive.
 *
 * @module
 */

/** How much an archive may hold. */
export interface ArchiveLimits {
  /** Number of files. */
  entries: number;
  /** Bytes of all files together. */
  bytes: number;
  /** How many times its own size a file or the whole may grow, beyond the first MiB. */
  ratio: number;
}

/** The most that is taken without being asked for: far above what datasets have. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 1_000_000,
  bytes: 2 ** 38,
  ratio: 250,
};

/** What zip and tar say of one entry. */
export interface RawEntry {
  path: string;
  bytes: number;
  /** Bytes in the archive, if it says so. */
  packedBytes?: number;
  isFolder: boolean;
  body(): AsyncIterable<Uint8Array>;
}

/** Bytes that may come out of however few. */
const FREE_BYTES = 2 ** 20;
/** Longest name of a file or folder, in bytes, on the usual file systems. */
const MAX_NAME = 255;

/**
 * Checks where a path of an archive leads.
 *
 * @param path As the archive has it.
 * @param archive Name of the archive, for errors.
 * @returns The path without needless parts.
 * @throws {RangeError} If it leads out of the folder it is unpacked to, or nowhere.
 */
export function checkPath(path: string, archive: string): string {
  const refuse = (why: string): never => {
    const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 97)}...` : path);
    throw new RangeError(`Cannot unpack "${archive}": the path ${shown} ${why}`);
  };
  if (path.includes("\0")) refuse("has a zero in it");
  if (/^([/\\]|[a-z]:)/i.test(path)) refuse("is absolute");
  if (path.split(/[/\\]/).includes("..")) refuse("leads out of the folder");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length === 0) refuse("names no file");
  const isLong = (part: string) => new TextEncoder().encode(part).length > MAX_NAME;
  if (parts.some(isLong)) refuse(`has a name of more than ${MAX_NAME} bytes`);
  return parts.join("/");
}

/** Counts what comes out of one archive. */
export class Guard {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  #bytes = 0;
  #packed = 0;

  /**
   * @param archive Its name, for errors.
   * @param size Its size in bytes.
   * @param limits How much it may hold.
   */
  constructor(
    readonly archive: string,
    readonly size: number,
    readonly limits: ArchiveLimits,
  ) {}

  /** Refuses the archive. */
  refuse(why: string): never {
    throw new RangeError(`Cannot unpack "${this.archive}": ${why}`);
  }

  /**
   * Checks a file before it is read.
   *
   * @param path Its checked path.
   * @param bytes Its size.
   * @param packed Bytes it takes in the archive, if that is known.
   */
  enter(path: string, bytes: number, packed?: number): void {
    const { entries, bytes: mostBytes } = this.limits;
    const folders = foldersOf(path);
    if (this.#files.has(path)) this.refuse(`"${path}" is there twice`);
    const clash = this.#folders.has(path)
      ? path
      : folders.find((f) => this.#files.has(f));
    if (clash) this.refuse(`"${clash}" is a file and a folder`);
    this.#files.add(path);
    folders.forEach((folder) => this.#folders.add(folder));
    if (this.#files.size > entries) this.refuse(`it has more than ${entries} files`);
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

  /** Refuses what has grown too much: a bomb. */
  checkRatio(bytes: number, packed: number, which = "it"): void {
    const { ratio } = this.limits;
    if (bytes <= FREE_BYTES || bytes <= ratio * packed) return;
    this.refuse(`${which} grows to more than ${ratio} times its size`);
  }

  /** Refuses a file that has another size than the archive says. */
  checkLength(path: string, found: number, said: number, isWhole: boolean): void {
    if (found <= said && !(isWhole && found < said)) return;
    throw new SyntaxError(
      `Cannot read "${this.archive}": "${path}" should have ${said} bytes, has ${
        isWhole ? found : "more"
      }`,
    );
  }
}

/** `a/b/c` lies in `a` and in `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}
