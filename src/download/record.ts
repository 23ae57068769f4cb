/**
 * The record of the files downloaded into a folder. It keeps checksums that the source
 * does not state, and size and time of each file, so that a second run need not read
 * gigabytes.
 *
 * @module
 */

import { exists, fileInfo, readFile, writeFileAtomically } from "../files.ts";
import { type ExpectedFile, type FileDigest, hashFile, mismatch } from "../checksum.ts";

/** Name of the record in its folder. */
export const RECORD_FILE = "download.json";

/** A downloaded file. */
export interface RecordedFile extends FileDigest {
  /** Address or path that it came from. */
  from: string;
  /** Time of its last modification, in milliseconds since 1970. */
  modified: number;
}

/** The record of one folder. */
export class DownloadRecord {
  private constructor(
    readonly folder: string,
    readonly files: Record<string, RecordedFile>,
  ) {}

  /**
   * Reads the record of a folder, or starts an empty one.
   *
   * @throws {SyntaxError} If the record is damaged.
   */
  static async open(folder: string): Promise<DownloadRecord> {
    const path = `${folder}/${RECORD_FILE}`;
    if (!await exists(path)) return new DownloadRecord(folder, {});
    try {
      const { files } = JSON.parse(new TextDecoder().decode(await readFile(path)));
      for (const file of Object.values<RecordedFile>(files)) {
        const { bytes, sha256, from, modified } = file;
        const isRight = typeof bytes === "number" && /^[0-9a-f]{64}$/.test(sha256) &&
          typeof from === "string" && typeof modified === "number";
        if (!isRight) {
          throw new TypeError(
            'its entries must have "bytes", "sha256", "from" and "modified"',
          );
        }
      }
      return new DownloadRecord(folder, files);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new SyntaxError(
        `Cannot read "${path}": ${why}; delete it to record checksums again`,
        { cause },
      );
    }
  }

  /** Records a file in its current state. */
  async add(name: string, file: Omit<RecordedFile, "modified">): Promise<void> {
    const { bytes, sha256, from } = file;
    const { modified = 0 } = await fileInfo(this.#path(name)) ?? {};
    this.files[name] = { bytes, sha256, from, modified };
    const text = JSON.stringify({ files: this.files }, undefined, 2);
    await writeFileAtomically(this.#path(RECORD_FILE), `${text}\n`);
  }

  /**
   * Finds a file in the folder and checks it.
   *
   * @param name Its name in the folder.
   * @param expected Size and checksum that the source states.
   * @returns The file, or `undefined` if it does not exist.
   * @throws {Error} If it exists but has another size or checksum.
   */
  async find(name: string, expected: ExpectedFile): Promise<RecordedFile | undefined> {
    const path = this.#path(name);
    const info = await fileInfo(path);
    if (!info) return undefined;
    const known = this.files[name];
    const isUnchanged = known?.bytes === info.bytes && known.modified === info.modified;
    const found = isUnchanged ? known : await hashFile(path);
    const wrong = mismatch(found, this.expected(name, expected));
    if (wrong) {
      throw new Error(`Cannot use "${path}": ${wrong}; delete it and download it again`);
    }
    if (!isUnchanged) await this.add(name, { ...found, from: known?.from ?? path });
    return this.files[name];
  }

  /** Size and checksum that a file must have, from the source or else from the record. */
  expected(name: string, { bytes, sha256 }: ExpectedFile): ExpectedFile {
    const known = this.files[name];
    if (sha256 || !known) return { bytes, sha256 };
    return { bytes: known.bytes, sha256: known.sha256 };
  }

  #path(name: string): string {
    return `${this.folder}/${name}`;
  }
}
