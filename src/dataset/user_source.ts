/**
 * A file of the user's own data on the disk.
 *
 * @module
 */

import { fileSize, readChunks } from "../files.ts";
import type { UserSource } from "./formats/user_json.ts";

/** The file of that name. */
export async function userSource(name: string): Promise<UserSource> {
  return { name, size: await fileSize(name), chunks: () => readChunks(name) };
}
