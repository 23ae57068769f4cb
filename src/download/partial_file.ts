/**
 * A file that is being fetched: `<path>.partial` holds the bytes so far, and
 * `<path>.partial.json` describes the version of the file that they belong to.
 *
 * @module
 */

import {
  type AppendFile,
  exists,
  openToAppend,
  readFile,
  removeFile,
  rename,
  writeFileAtomically,
} from "../files.ts";

/** A version of a file on a server. */
export interface FileVersion {
  /** Address of the file. */
  url: string;
  /** Size of the whole file in bytes, if the server states it. */
  bytes?: number;
  /** ETag or date that changes with the file, if the server sends one. */
  validator?: string;
}

/**
 * A file that is being fetched. Its version is on disk before any of its bytes, so a
 * killed process leaves bytes of a known version, or bytes without a version, which the
 * next process removes.
 */
export class PartialFile implements AsyncDisposable {
  /** Path of the file that holds the bytes. */
  readonly partialPath: string;
  /** Whether the bytes came in several pieces, which may belong to different versions. */
  isJoined: boolean;

  private constructor(
    readonly path: string,
    readonly file: AppendFile,
    /** The version that the bytes belong to. */
    public version: FileVersion | undefined,
  ) {
    this.partialPath = `${path}.partial`;
    this.isJoined = file.bytes > 0;
  }

  /**
   * Opens the partial file that an earlier process left, or creates one.
   *
   * @param path Final path of the file.
   * @returns The file; `await using` closes it and keeps it if it can be resumed.
   */
  static async open(path: string): Promise<PartialFile> {
    const file = await openToAppend(`${path}.partial`);
    const version = await readVersion(`${path}.partial.json`);
    const partial = new PartialFile(path, file, version);
    if (file.bytes > (version?.bytes ?? 0)) await partial.restart();
    return partial;
  }

  /** Number of bytes so far. */
  get bytes(): number {
    return this.file.bytes;
  }

  /** Whether the file has all its bytes. */
  get isComplete(): boolean {
    return this.bytes === this.version?.bytes;
  }

  /** Removes all bytes; the next ones belong to the given version. */
  async restart(version?: FileVersion): Promise<void> {
    await removeFile(`${this.partialPath}.json`);
    await this.file.clear();
    [this.version, this.isJoined] = [version, false];
    if (version?.bytes === undefined) return; // cannot be resumed
    await writeFileAtomically(`${this.partialPath}.json`, JSON.stringify(version));
  }

  /** Gives the file its final name; no bytes may be added afterwards. */
  async commit(): Promise<void> {
    await this.file.sync();
    await rename(this.partialPath, this.path);
    await removeFile(`${this.partialPath}.json`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.file[Symbol.dispose]();
    if (this.bytes > 0 && this.version?.bytes !== undefined) return;
    await removeFile(this.partialPath);
    await removeFile(`${this.partialPath}.json`);
  }
}

async function readVersion(path: string): Promise<FileVersion | undefined> {
  if (!await exists(path)) return undefined;
  try {
    const version = JSON.parse(new TextDecoder().decode(await readFile(path)));
    const { url, bytes, validator = "" } = version;
    const isVersion = typeof url === "string" && Number.isSafeInteger(bytes) &&
      typeof validator === "string";
    return isVersion ? version : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
