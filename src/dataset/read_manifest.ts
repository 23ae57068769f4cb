/**
 * Reads the manifest of a dataset's folder, and says how to repair what is damaged.
 *
 * @module
 */

import { lastName } from "../address.ts";
import { exists, readFile } from "../files.ts";
import { parseJson } from "../json_value.ts";
import {
  type DatasetPart,
  type Manifest,
  MANIFEST_FILE,
  parseManifest,
} from "./manifest.ts";

/**
 * The result of reading what may be damaged.
 *
 * @returns `undefined` instead of an error that says what is wrong with a file; others,
 * such as a missing permission, are thrown.
 */
export async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function isDamage(error: unknown): error is Error {
  const kinds = [RangeError, SyntaxError, TypeError];
  return kinds.some((kind) => error instanceof kind);
}

/**
 * Reads what a dataset says of itself; its other files may be missing.
 *
 * @throws {RangeError | SyntaxError | TypeError} If it is missing or damaged.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = `${folder}/${MANIFEST_FILE}`;
  if (!await exists(path)) {
    throw new RangeError(
      `Cannot open the dataset "${folder}": it has no ${MANIFEST_FILE}; preprocess it first`,
    );
  }
  let value: unknown;
  try {
    ({ value } = parseJson(await readFile(path), `"${path}"`));
    return parseManifest(value, path);
  } catch (error) {
    if (isDamage(error)) {
      const { command, part } = Object(value);
      error.message += `; ${remedyOf(command, folder, part)}`;
    }
    throw error;
  }
}

/** The datasets that are made by their names. */
const KNOWN = /^(synthetic|vrd|vg150|vg5k|sgp)$/;

/**
 * How to repair a dataset: by the command that made it, or if that is lost, by the name of
 * its folder.
 */
export function remedyOf(
  command: unknown,
  folder: string,
  part?: Partial<DatasetPart>,
): string {
  const name = lastName(folder);
  // The manifest may come from elsewhere: it names nothing else to run.
  const isOurs = /^deno task preprocess [^\p{Cc}\p{Cf};&|$`<>]*$/u.test(String(command));
  const given = KNOWN.test(name) ? name : `<dataset> --name ${name}`;
  const { index, count } = part ?? {};
  const ofPart = Number.isInteger(index) && Number.isInteger(count)
    ? ` --shard ${index}/${count}`
    : "";
  return `preprocess again: ${
    isOurs ? command : `deno task preprocess ${given}`
  }${ofPart}`;
}
