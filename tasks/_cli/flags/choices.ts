/**
 * Lists what an argument may be, as commands to type, for whoever leaves it out.
 *
 * @module
 */

import { PROCESSED } from "../../../src/dataset/dataset.ts";
import { listFiles } from "../../../src/files.ts";
import { BUILT_IN, datasetNames } from "../../../src/pipeline/datasets.ts";
import { checkpointNames, CHECKPOINTS } from "../../../src/pipeline/checkpoints.ts";
import type { Choices } from "./flags.ts";

/**
 * The checkpoints that are there.
 *
 * @param task The command that takes one, such as `eval`.
 * @param rest What follows the name.
 */
export async function checkpointChoices(task: string, rest = ""): Promise<Choices> {
  const names = await checkpointNames();
  return {
    title: names.length > 0
      ? `Checkpoints in ${CHECKPOINTS}`
      : `No checkpoint is in ${CHECKPOINTS}; train one`,
    commands: names.length > 0
      ? names.map((name) => [`${task} ${name}${rest}`, ""])
      : [["train gpi_linguistic", ""]],
  };
}

/**
 * The datasets that are there, and the built-in one, which is made when it is needed.
 *
 * @param commandOf The command for a name.
 */
export async function datasetChoices(
  commandOf: (name: string) => string,
): Promise<Choices> {
  const names = await datasetNames();
  const isMade = names.includes(BUILT_IN);
  return {
    title: `Datasets in ${PROCESSED}`,
    commands: [...new Set([BUILT_IN, ...names])].map((name) => [
      commandOf(name),
      name === BUILT_IN && !isMade ? "made on first use" : "",
    ]),
  };
}

/** The files of a folder with an ending, as arguments of a command. */
export async function fileChoices(
  task: string,
  folder: string,
  isWanted: RegExp,
): Promise<Choices> {
  const names = (await listFiles(folder)).filter((name) => isWanted.test(name));
  return {
    title: `Files in ${folder}`,
    commands: names.map((name) => [`${task} ${folder}/${name}`, ""]),
  };
}
