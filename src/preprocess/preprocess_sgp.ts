/**
 * Preprocesses the data of the SGP paper's authors, from the archive that `download sgp`
 * unpacks: their annotations with the logits of their label predictor.
 *
 * @module
 */

import { lastName } from "../address.ts";
import { type Dataset, DatasetWriter } from "../dataset/dataset.ts";
import { type DatasetRecipe, makeDataset } from "../dataset/make.ts";
import { SgpNames } from "../dataset/formats/sgp_names.ts";
import { readSgpImages, type SgpImage } from "../dataset/formats/sgp_pickle.ts";
import type { SplitName } from "../dataset/manifest.ts";
import { findSource } from "../download/sources.ts";
import { ForeignRules } from "../foreign/rules.ts";
import { sha256 } from "../checksum.ts";
import { mendedDetails } from "./preprocess.ts";
import { exists, fileSize, listFiles, openFile, readFile } from "../files.ts";

/** Settings of {@linkcode preprocessSgp}. */
export interface PreprocessSgpOptions extends Pick<DatasetRecipe, "onWait"> {
  /** Folder of the downloaded archive; the lists lie in it, in `data` or in `data/data`. */
  raw: string;
  /** Name of the dataset; default `"sgp"`. */
  name?: string;
  /** Folder of the dataset. */
  out: string;
  /** The command line, which the manifest records. */
  command: string;
  /** Refuse everything that would be mended; default false. */
  strict?: boolean;
  /** Called with each thing that was mended. */
  onWarning?: (text: string) => void;
  /** Called after each image with the number of images read. */
  onProgress?: (done: number, total: number) => void;
}

/** Raise it when the same inputs give another dataset, so that old ones are made anew. */
const VERSION = 1;
/** Images of a full list, as published. */
const LIST_IMAGES = 1000;
/** If there is only one training list, every tenth of its images is for validation. */
const VALIDATION_EVERY = 10;
/** Number of lists to search for names; the rarest class occurs in the first few lists. */
const NAMED_LISTS = 5;
/** Bytes of each list that the hash of the inputs covers: whole lists have gigabytes. */
const HASHED_BYTES = 2 ** 16;
/** Folders below `raw` in which the lists may lie. */
const PLACES = ["data/data", "data", "."];

/** One list of images. */
interface List {
  path: string;
  /** Folder of the files with the label predictor's logits. */
  baseline: string;
  /** Absent if the list has both training and validation images. */
  split?: SplitName;
}

/**
 * Makes the processed dataset. The lists `train/0.p`, `train/1.p`, ... are for training,
 * except the last, which is for validation as in the published program; the lists
 * `test/0.p`, ... are for testing.
 *
 * @param options Where to read and write.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If files are missing or have impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function preprocessSgp(options: PreprocessSgpOptions): Promise<Dataset> {
  const { raw, out, name = "sgp", onWait, onProgress } = options;
  const lists = await findLists(raw);
  const inputsHash = await hashLists(lists);
  const recipe = { onWait, info: { name, inputsHash } };
  return await makeDataset(
    out,
    recipe,
    (aside) => write(aside, lists, { ...options, name, inputsHash, onProgress }),
  );
}

/** Writes the images of the lists. */
async function write(
  folder: string,
  lists: readonly List[],
  { name, command, inputsHash, strict, onWarning, onProgress }:
    & Pick<PreprocessSgpOptions, "command" | "strict" | "onWarning" | "onProgress">
    & { name: string; inputsHash: string },
): Promise<void> {
  const names = new SgpNames();
  for (const list of lists.slice(0, NAMED_LISTS)) {
    if (names.isComplete) break;
    for await (const image of readList(list)) if (image) names.add(image);
  }
  const { title, publisher, licence } = findSource("sgp");
  const rules = new ForeignRules({ strict });
  const details = { imagesWithoutLogits: 0, ...mendedDetails() };
  const writer = await DatasetWriter.create(folder, {
    name,
    vocabulary: names.vocabulary(),
    labelPredictor: {
      name: "file",
      simulated: false,
      from: "the authors' label predictor",
    },
    source: `${title}, ${publisher}`,
    licence,
    command,
    inputsHash,
    logitsType: "float32",
    details, // counted while writing, and stored when the writer is closed
  });
  let done = 0;
  for (const list of lists) {
    let ofList = 0;
    for await (const image of readList(list, rules)) {
      ofList++;
      onProgress?.(++done, Math.max(done, LIST_IMAGES * lists.length));
      if (image === undefined) {
        details.imagesWithoutLogits++;
        continue;
      }
      const isDrawn = ofList % VALIDATION_EVERY === 0;
      await writer.add(list.split ?? (isDrawn ? "validation" : "train"), image.example);
    }
  }
  rules.throwProblems();
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  Object.assign(details, mendedDetails(rules.counts));
  await writer.close();
  onProgress?.(done, done);
}

async function* readList(
  { path, baseline }: List,
  rules?: ForeignRules,
): AsyncGenerator<SgpImage | undefined> {
  using source = await openFile(path);
  yield* readSgpImages({ ...source, name: path }, async (id) => {
    // The id comes from the file, so it must not lead the path elsewhere.
    const name = `${baseline}/${id.replace(/[^\w-]/g, "_")}.p`;
    return await exists(name) ? { name, bytes: await readFile(name) } : undefined;
  }, rules);
}

async function findLists(raw: string): Promise<List[]> {
  for (const place of PLACES) {
    const folder = place === "." ? raw : `${raw}/${place}`;
    const [train, test] = [
      await numbered(`${folder}/train`),
      await numbered(`${folder}/test`),
    ];
    if (train.length === 0 || test.length === 0) continue;
    const list =
      (split: SplitName | undefined, of: "train" | "test") => (path: string) => ({
        path,
        baseline: `${folder}/${of}/baseline`,
        split,
      });
    if (train.length === 1) {
      return [...train.map(list(undefined, "train")), ...test.map(list("test", "test"))];
    }
    return [
      ...train.slice(0, -1).map(list("train", "train")),
      ...train.slice(-1).map(list("validation", "train")),
      ...test.map(list("test", "test")),
    ];
  }
  throw new RangeError(
    `Cannot preprocess "sgp" as "${raw}" must have the lists "train/0.p" and "test/0.p": found none; run "deno task download sgp" first`,
  );
}

/** The files `0.p`, `1.p`, ... of a folder, in the order of their numbers. */
async function numbered(folder: string): Promise<string[]> {
  const names = (await listFiles(folder)).filter((name) => /^\d+\.p$/.test(name));
  return names.sort((a, b) => parseInt(a) - parseInt(b)).map((name) =>
    `${folder}/${name}`
  );
}

/** Hashes the sizes and beginnings of all lists, and the names of the baseline files. */
async function hashLists(lists: readonly List[]): Promise<string> {
  const parts: unknown[] = [VERSION];
  for (const { path, split = "both" } of lists) {
    using file = await openFile(path);
    const beginning = await file.read(0, HASHED_BYTES);
    parts.push([lastName(path), split, file.size, sha256(beginning)]);
  }
  for (const folder of new Set(lists.map(({ baseline }) => baseline))) {
    const files = await listFiles(folder);
    parts.push(files, files.length > 0 && await fileSize(`${folder}/${files[0]}`));
  }
  return sha256(JSON.stringify(parts));
}
