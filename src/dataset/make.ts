/**
 * Makes a processed dataset at its place: the good one that may be there is kept until the
 * new one is whole.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { removeFile, removeFolder } from "../files.ts";
import { type FolderOptions, replaceFolder } from "../replace_folder.ts";
import { Dataset } from "./dataset.ts";
import { type DatasetInfo, LABEL_PREDICTOR_FILE, MANIFEST_FILE } from "./manifest.ts";
import { partFolder } from "./part.ts";
import { unlessDamaged } from "./read_manifest.ts";
import { isDatasetFile, removeDataset } from "./writer.ts";

/** Folder for files of unfinished work within the new folder. */
export const WORK = ".folds";

/** What belongs to a dataset in its folder. */
export const DATASET_FOLDER: Pick<FolderOptions, "isPart" | "last"> = {
  isPart: (name) => isDatasetFile(name) || name === LABEL_PREDICTOR_FILE || name === WORK,
  last: MANIFEST_FILE,
};

/** A dataset to make. */
export interface DatasetRecipe extends Pick<FolderOptions, "onWait"> {
  /** What the manifest will say, as far as it is known before the work. */
  info: Partial<DatasetInfo> & Pick<DatasetInfo, "inputsHash">;
  /** Throws if something beside the shards is missing or damaged; default: never. */
  check?: (dataset: Dataset) => Promise<unknown>;
}

/**
 * Makes a dataset, unless the folder has the same one, whole. Another one, and one that is
 * damaged, is replaced; files of the folder that belong to no dataset stay.
 *
 * @param folder Where it will lie; a part of it, which the recipe names, lies beside.
 * @param recipe What will be made.
 * @param write Writes it into the folder it is given, manifest last.
 * @returns The dataset, open for reading.
 * @throws {RangeError} If the folder is a symbolic link.
 * @throws {Error} What `write` throws; or another process makes another dataset there.
 */
export async function makeDataset(
  folder: string,
  recipe: DatasetRecipe,
  write: (folder: string) => Promise<void>,
): Promise<Dataset> {
  folder = partFolder(folder, recipe.info.part);
  const options: FolderOptions = {
    ...DATASET_FOLDER,
    making: recipe.info.inputsHash,
    onWait: recipe.onWait,
  };
  const found = await replaceFolder(folder, options, () => find(folder, recipe), make);
  return found ?? await Dataset.open(folder, true);

  async function make(aside: string): Promise<void> {
    try {
      await clear(aside);
      await write(aside);
      await removeFolder(`${aside}/${WORK}`);
    } catch (error) {
      await clear(aside).catch(() => {}); // the first error matters
      throw error;
    }
  }
}

/** Removes what an earlier try has written, but not its work. */
async function clear(folder: string): Promise<void> {
  await removeDataset(folder);
  await removeFile(`${folder}/${LABEL_PREDICTOR_FILE}`);
}

/** Opens the wanted dataset, if it is there and whole. */
async function find(
  folder: string,
  { info, check }: DatasetRecipe,
): Promise<Dataset | undefined> {
  const dataset = await Dataset.openIfMadeFrom(folder, info.inputsHash);
  if (!dataset || !isDeepStrictEqual(dataset.manifest.part, info.part)) return undefined;
  // Names decide nothing, and the command may be written in several ways.
  const { name: _, source: __, licence: ___, command: ____, ...deciding } = info;
  const wanted = JSON.parse(JSON.stringify(deciding));
  for (const [key, value] of Object.entries(wanted)) {
    const found = dataset.manifest[key as keyof DatasetInfo];
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(found ?? null)), value)) {
      return undefined;
    }
  }
  return await unlessDamaged(async () => {
    await check?.(dataset);
    return dataset;
  });
}
