/**
 * Finds the processed dataset that a task was told to use.
 *
 * @module
 */

import { Dataset, PROCESSED } from "../src/dataset/dataset.ts";
import { exists } from "../src/files.ts";
import { nearestName } from "../src/nearest.ts";
import { writeWorldDataset } from "../src/world/write_dataset.ts";
import { progressBar } from "./_cli/progress.ts";

/** The dataset that is built in. */
export const BUILT_IN = "synthetic";

/**
 * Opens a processed dataset by name; the built-in one is generated if it is not there.
 *
 * @throws {RangeError} If there is none of that name; the message says what to do.
 */
export async function openDataset(
  name: string,
  options: { quiet: boolean; json: boolean },
): Promise<Dataset> {
  const folder = `${PROCESSED}/${name}`;
  if (await exists(`${folder}/manifest.json`)) return await Dataset.open(folder);
  if (name === BUILT_IN) {
    const bar = progressBar("generate", "images", options);
    const dataset = await writeWorldDataset(folder, {
      command: "deno task preprocess synthetic",
      onProgress: (done, total) => bar.update(done, total),
    });
    bar.done();
    return dataset;
  }
  const known = [BUILT_IN, ...await processedNames()];
  throw new RangeError(
    `Cannot find the dataset "${name}" in "${PROCESSED}": run "deno task preprocess ${name}" first; the nearest that is there is "${
      nearestName(name, known)
    }"`,
  );
}

async function processedNames(): Promise<string[]> {
  if (!await exists(PROCESSED)) return [];
  const entries = await Array.fromAsync(Deno.readDir(PROCESSED));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
}
