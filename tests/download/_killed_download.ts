/**
 * Downloads two files from a folder; as a program it is killed at an operation.
 *
 * @module
 */

import { download } from "../../src/download/download.ts";
import { killAt } from "../_kill_at.ts";

/** Downloads into a folder. */
export async function downloadBoth(from: string, folder: string): Promise<void> {
  const source = {
    ...{ name: "two", title: "Two files", publisher: "nobody", licence: "none" },
    files: [{ name: "a.txt" }, { name: "b.txt" }],
    mirrors: [],
  };
  await Array.fromAsync(download(source, { from, folder }));
}

if (import.meta.main) {
  const [count, from, folder] = Deno.args;
  killAt(Number(count));
  await downloadBoth(from, folder);
}
