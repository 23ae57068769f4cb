/**
 * The photographs of a dataset, in a folder out of which no name leads.
 *
 * @module
 */

import { sep } from "node:path";
import type { Example } from "../example.ts";
import { fileKind } from "../file_kind.ts";
import { fileInfo, readFile, realPath } from "../files.ts";
import type { Dataset } from "./dataset.ts";

/** A picture as a file. */
export interface PictureFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  type: string;
}

/** Greatest size of a file in bytes. */
const MAX_BYTES = 2 ** 26;

/** Types of photographs, by the kind of the file. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["a JPEG image", "image/jpeg"],
  ["a PNG image", "image/png"],
  ["a WebP image", "image/webp"],
]);

/** Name of the folder in a dataset's own folder that is looked for by default. */
const FOLDER = "photographs";

/** What a name of an image may lack. */
const ENDINGS = ["", ".jpg", ".jpeg", ".png", ".webp"];

/** A folder of photographs. */
export class Photographs {
  /** Its path without symbolic links. */
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens a folder.
   *
   * @throws {RangeError} If it is none.
   */
  static async open(folder: string): Promise<Photographs> {
    const path = await realPath(folder);
    if (path === undefined || !(await fileInfo(path))?.isFolder) {
      throw new RangeError(
        `Cannot show photographs of "${folder}" as it must be a folder: found ${
          path === undefined ? "nothing" : "a file"
        }`,
      );
    }
    return new Photographs(path);
  }

  /**
   * Opens the folder with the photographs of a dataset.
   *
   * @param dataset The dataset.
   * @param folder The folder; default: `photographs` in the dataset's own folder.
   * @returns The folder; `undefined` if none is given and there is no such folder.
   * @throws {RangeError} If the given folder is none.
   */
  static async ofDataset(
    dataset: Pick<Dataset, "folder">,
    folder?: string,
  ): Promise<Photographs | undefined> {
    if (folder !== undefined) return await Photographs.open(folder);
    const own = `${dataset.folder}/${FOLDER}`;
    return (await fileInfo(own))?.isFolder ? await Photographs.open(own) : undefined;
  }

  /**
   * Reads the photograph of an image, by the name of its file or by its id.
   *
   * @returns The file; `undefined` if there is no JPEG, PNG or WebP of these names.
   */
  async ofImage(
    { id, fileName = id }: Pick<Example, "id" | "fileName">,
  ): Promise<PictureFile | undefined> {
    return await this.read([fileName, id]);
  }

  /**
   * Reads a photograph. Names come from the dataset, which may be from anywhere: one that
   * leads out of the folder, also by a symbolic link, is not followed.
   *
   * @param names Names of its file, the best first.
   * @returns The file; `undefined` if there is no JPEG, PNG or WebP of these names.
   */
  async read(names: readonly string[]): Promise<PictureFile | undefined> {
    for (const name of names) {
      if (!isInside(name)) continue;
      for (const ending of ENDINGS) {
        const found = await this.#readPath(`${this.#folder}${sep}${name}${ending}`);
        if (found) return found;
      }
    }
  }

  async #readPath(path: string): Promise<PictureFile | undefined> {
    // A name that no file can have, as it is too long, is one that none has.
    const real = await realPath(path).catch(() => undefined);
    if (!real?.startsWith(this.#folder + sep)) return undefined;
    const info = await fileInfo(real);
    if (!info || info.isFolder || info.bytes > MAX_BYTES) return undefined;
    return pictureOf(await readFile(real));
  }
}

/** Whether a name has only plain parts. */
function isInside(name: string): boolean {
  return !/[\\:\0]/.test(name) &&
    name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** A photograph with its type, which its first bytes tell; `undefined` if it is none. */
export function pictureOf(bytes: Uint8Array<ArrayBuffer>): PictureFile | undefined {
  const type = TYPES.get(fileKind(bytes)?.name ?? "");
  return type === undefined ? undefined : { bytes, type };
}
