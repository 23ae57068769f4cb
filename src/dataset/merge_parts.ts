/**
 * Joins the parts of a dataset that several jobs have written: the files are those that one
 * process writes, to the last byte.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { sha256 } from "../checksum.ts";
import { exists, readFile, writeFileAtomically } from "../files.ts";
import { rangeOf, shardText } from "../job_shard.ts";
import { showValue } from "../show_value.ts";
import { Dataset, DatasetWriter } from "./dataset.ts";
import { type DatasetRecipe, makeDataset } from "./make.ts";
import {
  type DatasetPart,
  LABEL_PREDICTOR_FILE,
  type Manifest,
  SPLITS,
} from "./manifest.ts";

/** Settings of {@linkcode mergeParts}. */
export interface MergeOptions extends Pick<DatasetRecipe, "onWait"> {
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void;
}

/** A part, and what its manifest says of it. */
interface Part {
  dataset: Dataset;
  part: DatasetPart;
}

/** Numbers of parts that an error lists. */
const SHOWN = 10;

/** What may differ: contents of the parts, and flags of the command that decide nothing. */
const OWN = ["splits", "part", "command"];

/**
 * Joins parts.
 *
 * @param folders The folders of all parts, in any order.
 * @param out Folder of the dataset; the same dataset is kept if it is there.
 * @param options Progress.
 * @returns The dataset, open for reading.
 * @throws {RangeError} If a folder has no part, a part is missing, there twice or damaged,
 * or parts were made of other data or with other settings; the message names the part and
 * its folder.
 */
export async function mergeParts(
  folders: readonly string[],
  out: string,
  options: MergeOptions = {},
): Promise<Dataset> {
  const parts = inOrder(await Promise.all(folders.map(openPart)));
  const [{ dataset: first, part: { images: total } }] = parts;
  const labelPredictor = await sameLabelPredictor(parts);
  const { splits: _, part: __, formatVersion: ___, ...info } = first.manifest;
  const recipe: DatasetRecipe = {
    info,
    onWait: options.onWait,
    async check({ folder }) {
      const found = await labelPredictorOf(folder);
      if (hashOf(found) === hashOf(labelPredictor)) return;
      throw new RangeError(`Cannot use the label predictor of "${folder}"; merge again`);
    },
  };
  return await makeDataset(out, recipe, async (aside) => {
    const writer = await DatasetWriter.create(aside, info);
    let done = 0;
    for (const split of SPLITS) {
      for (const { dataset: { folder } } of parts) {
        // Opened again, as an open dataset keeps the memory that it reads into.
        const dataset = await Dataset.open(folder, true);
        for await (const example of dataset.examples(split)) {
          await writer.add(split, example);
          options.onProgress?.(++done, total);
        }
      }
    }
    if (labelPredictor) {
      await writeFileAtomically(`${aside}/${LABEL_PREDICTOR_FILE}`, labelPredictor);
    }
    await writer.close();
  });
}

async function openPart(folder: string): Promise<Part> {
  const dataset = await Dataset.open(folder, true);
  const { part, splits } = dataset.manifest;
  if (!part) {
    throw new RangeError(
      `Cannot merge "${folder}" as it must be a part that "preprocess --shard" wrote: found a dataset with all images; leave it out`,
    );
  }
  const { first, end } = rangeOf(part, part.images);
  const found = SPLITS.reduce((sum, split) => sum + splits[split].images, 0);
  if (found !== end - first) {
    throw new RangeError(
      `Cannot merge "${folder}" as part ${
        shardText(part)
      } of ${part.images} images must have ${
        end - first
      } images: found ${found}; preprocess this part again`,
    );
  }
  return { dataset, part };
}

/** Checks that the parts belong together, and that all are there. */
function inOrder(parts: readonly Part[]): Part[] {
  const [first] = parts, { count } = first.part;
  const found = new Map<number, Part>();
  for (const one of parts) {
    checkEqual(first, one);
    const other = found.get(one.part.index);
    if (other) {
      throw new RangeError(
        `Cannot merge "${other.dataset.folder}" with "${one.dataset.folder}" as each part must be there once: both are part ${
          shardText(one.part)
        }; leave one of them out`,
      );
    }
    found.set(one.part.index, one);
  }
  const all = Array.from({ length: count }, (_, i) => i + 1);
  const missing = all.filter((index) => !found.has(index));
  if (missing.length > 0) {
    const more = missing.length > SHOWN ? `, and ${missing.length - SHOWN} more` : "";
    throw new RangeError(
      `Cannot merge "${first.dataset.manifest.name}" as all ${count} parts must be there: missing ${
        missing.slice(0, SHOWN).map((index) => shardText({ index, count })).join(", ")
      }${more}; preprocess these parts`,
    );
  }
  return all.map((index) => found.get(index)!);
}

/** Refuses parts of different datasets, and names what differs first. */
function checkEqual(mine: Part, theirs: Part): void {
  const [a, b] = [wantedOf(mine), wantedOf(theirs)];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (isDeepStrictEqual(a[key], b[key])) continue;
    throw new RangeError(
      `Cannot merge "${mine.dataset.folder}" with "${theirs.dataset.folder}" as "${key}" must be the same: found ${
        showValue(a[key])
      } and ${showValue(b[key])}; preprocess one of them again`,
    );
  }
}

/** What must be the same in all parts. */
function wantedOf({ dataset, part }: Part): Record<string, unknown> {
  const { index: _, count: jobs, images } = part;
  const all: [string, unknown][] = Object.entries(dataset.manifest satisfies Manifest);
  const same = Object.fromEntries(all.filter(([key]) => !OWN.includes(key)));
  return { jobs, images, ...same };
}

/** The file that all parts have; `undefined` if they have none. */
async function sameLabelPredictor(
  parts: readonly Part[],
): Promise<Uint8Array | undefined> {
  const [first] = parts;
  const wanted = await labelPredictorOf(first.dataset.folder);
  for (const { dataset: { folder } } of parts.slice(1)) {
    const found = await labelPredictorOf(folder);
    if (hashOf(found) === hashOf(wanted)) continue;
    throw new RangeError(
      `Cannot merge "${first.dataset.folder}" with "${folder}" as "${LABEL_PREDICTOR_FILE}" must be the same: its SHA-256 is ${
        hashOf(wanted)
      } and ${hashOf(found)}; preprocess all parts with the same fits`,
    );
  }
  return wanted;
}

async function labelPredictorOf(folder: string): Promise<Uint8Array | undefined> {
  const path = `${folder}/${LABEL_PREDICTOR_FILE}`;
  return await exists(path) ? await readFile(path) : undefined;
}

function hashOf(bytes: Uint8Array | undefined): string {
  return bytes ? sha256(bytes) : "none";
}
