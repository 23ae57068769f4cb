/**
 * Finds and opens processed datasets by name or path.
 *
 * @module
 */

import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import { MANIFEST_FILE } from "../dataset/manifest.ts";
import { KIND_BYTES, looksLike } from "../file_kind.ts";
import { exists, fileInfo, listFolders, openFile } from "../files.ts";
import { nearestName } from "../nearest.ts";
import { writeWorldDataset } from "../world/write_dataset.ts";
import { type Listener, SILENT } from "./listener.ts";

/** Name of the dataset of the built-in world. */
export const BUILT_IN = "synthetic";

/**
 * Opens a processed dataset. The built-in dataset is generated if it is missing.
 *
 * @param name Name of its folder in `data/processed`, or path of its folder.
 * @param listener Receives the progress of the generation.
 * @returns The dataset.
 * @throws {RangeError} If the dataset does not exist; the message says what to do.
 */
export async function openDataset(
  name: string,
  listener: Listener = SILENT,
): Promise<Dataset> {
  if ((await fileInfo(name))?.isFolder === false) await refuseFile(name);
  for (const folder of [`${PROCESSED}/${name}`, name]) {
    if (await exists(`${folder}/${MANIFEST_FILE}`)) return await Dataset.open(folder);
  }
  if (name === BUILT_IN) return await generate(`${PROCESSED}/${name}`, listener);
  const known = [BUILT_IN, ...await listFolders(PROCESSED)];
  throw new RangeError(
    `Cannot find the dataset "${name}" in "${PROCESSED}": run "deno task preprocess ${name}" first; the nearest existing one is "${
      nearestName(name, known)
    }"`,
  );
}

/** Refuses a file where the name of a dataset belongs. */
async function refuseFile(path: string): Promise<never> {
  using file = await openFile(path);
  const seen = looksLike(await file.read(0, KIND_BYTES));
  throw new RangeError(
    `Cannot use "${path}" as a dataset: it must be a name in "${PROCESSED}", a folder, or where a command takes one a .json or .jsonl file${
      seen ? `; ${seen}` : ""
    }`,
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

/** The name of a dataset in commands, which is the name of its folder. */
export function folderName({ folder }: Dataset): string {
  return folder.replace(/[/\\]+$/, "").replace(/^.*[/\\]/, "");
}
