/**
 * Finds a processed dataset by the name that a command was given.
 *
 * @module
 */

import { lastName } from "../address.ts";
import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import { MANIFEST_FILE } from "../dataset/manifest.ts";
import { exists, listFolders } from "../files.ts";
import { nearestName } from "../nearest.ts";
import { writeWorldDataset } from "../world/write_dataset.ts";
import { type Listener, SILENT } from "./listener.ts";

/** The dataset of the built-in world. */
export const BUILT_IN = "synthetic";

/**
 * Opens a processed dataset; the built-in one is generated if it is missing.
 *
 * @param name Its folder in `data/processed`, or the path of a folder.
 * @param listener Hears how far the generation is.
 * @returns The dataset.
 * @throws {RangeError} If no dataset has the name; the message says what to do.
 */
export async function openDataset(
  name: string,
  listener: Listener = SILENT,
): Promise<Dataset> {
  for (const folder of [`${PROCESSED}/${name}`, name]) {
    if (await exists(`${folder}/${MANIFEST_FILE}`)) return await Dataset.open(folder);
  }
  if (name === BUILT_IN) return await generate(`${PROCESSED}/${name}`, listener);
  const known = [BUILT_IN, ...await listFolders(PROCESSED)];
  throw new RangeError(
    `Cannot find the dataset "${name}" in "${PROCESSED}": run "deno task preprocess ${name}" first; the nearest that is there is "${
      nearestName(name, known)
    }"`,
  );
}

async function generate(folder: string, listener: Listener): Promise<Dataset> {
  const bar = listener.progress("generate", "images");
  const dataset = await writeWorldDataset(folder, {
    command: "deno task preprocess synthetic",
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  return dataset;
}

/** The name by which commands know a dataset: that of its folder. */
export function folderName({ folder }: Dataset): string {
  return lastName(folder);
}
