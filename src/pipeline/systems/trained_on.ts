/**
 * Finds the dataset that a checkpoint was trained on: by the hash of its inputs, which the
 * checkpoint keeps, as folders may be renamed and names may be used again.
 *
 * @module
 */

import type { Training } from "../../checkpoint/checkpoint.ts";
import { Dataset, PROCESSED } from "../../dataset/dataset.ts";
import { readManifest, unlessDamaged } from "../../dataset/read_manifest.ts";
import { MANIFEST_FILE } from "../../dataset/manifest.ts";
import { exists, listFolders } from "../../files.ts";
import { BUILT_IN, folderName, openDataset } from "../datasets.ts";
import type { Listener } from "../listener.ts";
import type { ScoredSystem } from "./systems.ts";

/** What an imported checkpoint has for a hash. */
const UNKNOWN = "not known";

/**
 * Opens the dataset to score systems on.
 *
 * @param systems The systems; the first checkpoint among them decides, if none is named.
 * @param given Name or path of a dataset.
 * @param listener Receives a warning for each checkpoint that was trained on other data
 * than those that were found for it.
 * @returns The named dataset, else that of the first checkpoint, else the built-in one.
 * @throws {RangeError} If it does not exist; the message says what to do.
 */
export async function openDatasetFor(
  systems: readonly ScoredSystem[],
  given: string | undefined,
  listener: Listener,
): Promise<Dataset> {
  if (given !== undefined) return await openDataset(given, listener);
  const checkpoints = systems.filter((system) => system.kind === "checkpoint");
  const [first] = checkpoints;
  const dataset = first
    ? await openTrainedOn(first.checkpoint.training.dataset, listener)
    : await openDataset(BUILT_IN, listener);
  for (const { given, checkpoint: { training } } of checkpoints) {
    const { name, inputsHash } = training.dataset;
    if (inputsHash === UNKNOWN || inputsHash === dataset.manifest.inputsHash) continue;
    const folder = folderName(dataset);
    listener.warn(
      `"${given}" was trained on ${
        name === folder ? `other data of the name "${name}"` : `"${name}"`
      }, and is scored on "${dataset.folder}"; choose the data by --dataset`,
    );
  }
  return dataset;
}

/** Opens the dataset of this hash, else that of this name. */
async function openTrainedOn(
  { name, inputsHash }: Training["dataset"],
  listener: Listener,
): Promise<Dataset> {
  const names = await listFolders(PROCESSED);
  // Several folders may hold the same data.
  const wanted = [name, ...names.filter((other) => other !== name)];
  for (const folder of wanted.map((other) => `${PROCESSED}/${other}`)) {
    if (!await exists(`${folder}/${MANIFEST_FILE}`)) continue;
    const manifest = await unlessDamaged(() => readManifest(folder));
    if (manifest?.inputsHash === inputsHash && !manifest.part) {
      return await Dataset.open(folder);
    }
  }
  return await openDataset(name, listener);
}
