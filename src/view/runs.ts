/**
 * Training runs in a folder, as their logs tell: also of a training in progress, which
 * writes its log anew after each epoch.
 *
 * @module
 */

import { fileInfo, listFiles, readFile } from "../files.ts";
import { JsonValue } from "../json_value.ts";
import type { Run } from "./messages.ts";

/** End of a log's name. */
const SUFFIX = ".jsonl";

/** Logs are small; a file of more bytes is none. */
const MAX_BYTES = 2 ** 24;

/** The logs of a folder; those that have not changed are not read again. */
export class Runs {
  readonly #folder: string;
  readonly #read = new Map<string, { bytes: number; run?: Run }>();

  /** @param folder Folder of checkpoints and their logs. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads all runs, the one that changed last first. */
  async list(): Promise<Run[]> {
    const names = (await listFiles(this.#folder)).filter((name) => name.endsWith(SUFFIX));
    const runs = await Promise.all(names.map((name) => this.#run(name)));
    return runs.filter((run) => run !== undefined)
      .filter(({ epochs }) => epochs.length > 0)
      .sort((a, b) => b.changed - a.changed || (a.name < b.name ? -1 : 1));
  }

  async #run(file: string): Promise<Run | undefined> {
    const path = `${this.#folder}/${file}`, info = await fileInfo(path);
    if (!info || info.bytes > MAX_BYTES) return undefined;
    const { bytes, modified: changed } = info, known = this.#read.get(file);
    if (known?.bytes === bytes && (known.run?.changed ?? changed) === changed) {
      return known.run;
    }
    const epochs = epochsOf(new TextDecoder().decode(await readFile(path)));
    const name = file.slice(0, -SUFFIX.length);
    const run = epochs && { name, changed, epochs };
    this.#read.set(file, { bytes, run });
    return run;
  }
}

/** The epochs of a log; `undefined` if a line is of something else. */
function epochsOf(text: string): Run["epochs"] | undefined {
  const lines = text.split("\n").filter((line) => line !== "");
  try {
    return lines.map((line, i) => {
      const value = new JsonValue(JSON.parse(line), "log");
      const isBest = value.at("isBest").value === true;
      return {
        epoch: value.at("epoch").integer({ min: i + 1, max: i + 1 }),
        loss: value.at("loss").number(),
        recall: value.at("validation").at("recall").number(),
        isBest,
      };
    });
  } catch {
    return undefined;
  }
}
