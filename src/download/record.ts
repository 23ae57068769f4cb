/**
 * What was fetched into a folder: the checksums of files whose publisher states none,
 * and how each file looked, so that a second run need not read gigabytes.
 *
 * @module
 */

import { fileSize, writeFileAtomically } from "../files.ts";
import { type ExpectedFile, hashFile, mismatch } from "../checksum.ts";

/** Name of the record in the folder of its files. */
export const RECORD_FILE = "download.json";

/** What is known of a file that was fetched. */
export interface RecordedFile {
  /** Its size. */
  bytes: number;
  /** Its SHA-256 in hexadecimal. */
  sha256: string;
  /** Where it came from. */
  from: string;
  /** When it was last changed, in milliseconds since 1970. */
  modified: number;
}

/** The record of one folder. */
export class DownloadRecord {
  private constructor(
    readonly folder: string,
    readonly files: Record<string, RecordedFile>,
  ) {}

  /** Reads the record of a folder; without one it is empty. */
  static async open(folder: string): Promise<DownloadRecord> {
    const path = `${folder}/${RECORD_FILE}`;
    if (await fileSize(path) === undefined) return new DownloadRecord(folder, {});
    try {
      const { files } = JSON.parse(await Deno.readTextFile(path));
      for (
        const { bytes, sha256, from, modified } of Object.values<RecordedFile>(files)
      ) {
        const isRight = typeof bytes === "number" && /^[0-9a-f]{64}$/.test(sha256) &&
          typeof from === "string" && typeof modified === "number";
        if (!isRight) throw new TypeError("an entry is not of its form");
      }
      return new DownloadRecord(folder, files);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new SyntaxError(
        `Cannot read "${path}": ${why}; delete it, then checksums are recorded anew`,
        { cause },
      );
    }
  }

  /** Writes down how a file looks now. */
  async add(name: string, file: Omit<RecordedFile, "modified">): Promise<void> {
    const { bytes, sha256, from } = file;
    this.files[name] = {
      bytes,
      sha256,
      from,
      modified: await modified(this.#path(name)),
    };
    const text = JSON.stringify({ files: this.files }, undefined, 2);
    await writeFileAtomically(this.#path(RECORD_FILE), `${text}\n`);
  }

  /**
   * Looks whether a file is there, and what it should be.
   *
   * @param name Its name in the folder.
   * @param expected What the source says of it.
   * @returns What is known of it, or `undefined` if it is not there.
   * @throws {Error} If it is there but is something else.
   */
  async find(name: string, expected: ExpectedFile): Promise<RecordedFile | undefined> {
    const path = this.#path(name);
    if (await fileSize(path) === undefined) return undefined;
    const known = this.files[name];
    const { size, mtime } = await Deno.stat(path);
    const isUnchanged = known?.bytes === size && known.modified === mtime?.getTime();
    const found = isUnchanged ? known : await hashFile(path);
    const wrong = mismatch(found, this.expected(name, expected));
    if (wrong) {
      throw new Error(`Cannot use "${path}": ${wrong}; delete it and run download`);
    }
    if (!isUnchanged) await this.add(name, { ...found, from: known?.from ?? path });
    return this.files[name];
  }

  /** What a file must be: by the source, else by the record. */
  expected(name: string, { bytes, sha256 }: ExpectedFile): ExpectedFile {
    const known = this.files[name];
    if (sha256 || !known) return { bytes, sha256 };
    return { bytes: known.bytes, sha256: known.sha256 };
  }

  #path(name: string): string {
    return `${this.folder}/${name}`;
  }
}

async function modified(path: string): Promise<number> {
  return (await Deno.stat(path)).mtime?.getTime() ?? 0;
}
