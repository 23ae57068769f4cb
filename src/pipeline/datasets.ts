/**
 * Finds and opens processed datasets by name or path.
 *
 * @module
 */

import { isWebAddress, lastName } from "../address.ts";
import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import { isPartFolder } from "../dataset/part.ts";
import { readManifest, unlessDamaged } from "../dataset/read_manifest.ts";
import { MANIFEST_FILE } from "../dataset/manifest.ts";
import { KIND_BYTES, looksLike } from "../file_kind.ts";
import { exists, fileInfo, listFolders, openFile } from "../files.ts";
import { nearestName } from "../nearest.ts";
import { type WorldDatasetOptions, writeWorldDataset } from "../world/write_dataset.ts";
import { type Listener, SILENT } from "./listener.ts";
import { localDataset } from "./remote_files.ts";

/** Name of the dataset of the built-in world. */
export const BUILT_IN = "synthetic";

/** What generates it. */
const COMMAND = "deno task preprocess synthetic";

/** Datasets that are preprocessed by their name. */
const NAMED = [BUILT_IN, "vrd", "vg150", "sgp"];

/**
 * Opens a processed dataset. The built-in dataset is generated if it is missing.
 *
 * @param name Name of its folder in `data/processed`, or path or address of its folder.
 * @param listener Receives the progress of the generation.
 * @returns The dataset.
 * @throws {RangeError} If the dataset does not exist; the message says what to do.
 */
export async function openDataset(
  name: string,
  listener: Listener = SILENT,
  mayRepair = false,
): Promise<Dataset> {
  if (isWebAddress(name)) return await Dataset.open(await localDataset(name, listener));
  if ((await fileInfo(name))?.isFolder === false) await refuseFile(name);
  for (const folder of [`${PROCESSED}/${name}`, name]) {
    if (!await exists(`${folder}/${MANIFEST_FILE}`)) continue;
    if (!mayRepair || name !== BUILT_IN) return await Dataset.open(folder);
    const whole = await unlessDamaged(async () => {
      const dataset = await Dataset.open(folder);
      await dataset.checkFiles();
      return dataset;
    });
    return whole ?? await repair(folder, listener);
  }
  if (name === BUILT_IN) {
    return await generate(`${PROCESSED}/${name}`, { command: COMMAND }, listener);
  }
  const folders = await datasetNames();
  const kind = NAMED.includes(name) ? name : `json --raw <file> --name ${name}`;
  throw new RangeError(
    `Cannot find the dataset "${name}" in "${PROCESSED}": run "deno task preprocess ${kind}" first; the nearest that is there is "${
      nearestName(name, [BUILT_IN, ...folders])
    }"`,
  );
}

/** Names of the folders in `data/processed`; parts, which jobs wrote, are left out. */
export async function datasetNames(): Promise<string[]> {
  const names = await listFolders(PROCESSED);
  return names.filter((name) => !name.startsWith(".") && !isPartFolder(name));
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

/** Generates a damaged dataset again, with its own settings if the manifest tells them. */
async function repair(folder: string, listener: Listener): Promise<Dataset> {
  const manifest = await unlessDamaged(() => readManifest(folder));
  if (manifest?.labelPredictor.simulated === false) return await Dataset.open(folder);
  listener.warn(`"${folder}" is damaged and is generated again`);
  if (!manifest) return await generate(folder, { command: COMMAND }, listener);
  const { command, seed, splits: { train, validation, test } } = manifest;
  const sizes = {
    train: train.images,
    validation: validation.images,
    test: test.images,
  };
  return await generate(folder, { command, seed, sizes }, listener);
}

async function generate(
  folder: string,
  options: WorldDatasetOptions,
  listener: Listener,
): Promise<Dataset> {
  const bar = listener.progress("generate", "images");
  const dataset = await writeWorldDataset(folder, {
    ...options,
    onWait: (owner) => listener.note(`Waiting for ${owner}, which generates "${folder}"`),
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  return dataset;
}
/** The name by which commands know a dataset: that of its folder. */
export function folderName({ folder }: Dataset): string {
  return lastName(folder);
}
