/**
 * Preprocesses the user's own data, a JSON or JSONL file in the format of `user_json.ts`.
 *
 * @module
 */

import { hashFile } from "../checksum.ts";
import { type Dataset, type DatasetInfo, DatasetWriter } from "../dataset/dataset.ts";
import { makeDataset } from "../dataset/make.ts";
import {
  openUserJson,
  Problems,
  type UserHeader,
  type UserImage,
} from "../dataset/formats/user_json.ts";
import { type SplitName, SPLITS } from "../dataset/manifest.ts";
import { checkUserJson } from "../dataset/check.ts";
import { userSource } from "../dataset/user_source.ts";
import { exists } from "../files.ts";
import { rangeOf } from "../job_shard.ts";
import { certainProfileLogits } from "../label_predictor/entity_profiles.ts";
import {
  mendedDetails,
  preprocess,
  type PreprocessInput,
  type PreprocessOptions,
} from "./preprocess.ts";

/** Name of a dataset whose file does not name it. */
const UNNAMED = "json";

/** Settings of {@linkcode preprocessJson}. */
export interface PreprocessJsonOptions extends PreprocessOptions {
  /** The file. */
  file: string;
  /** The address that it was fetched from, without secrets; default: `file`. */
  address?: string;
  /** Folder of the dataset. */
  out: string;
  /** Name of the dataset; default: the name in the file, else `"json"`. */
  name?: string;
  /** The command line, which the manifest records. */
  command: string;
}

/**
 * Makes the processed dataset. Relation logits in the file are kept; if it has none, a
 * label predictor is fitted on its annotations.
 *
 * @param options The file, the folder, and how the label predictor is fitted.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If the file does not exist or has errors.
 */
export async function preprocessJson(options: PreprocessJsonOptions): Promise<Dataset> {
  const checked = await check(options);
  return checked.hasLogits
    ? await write(checked, options)
    : await preprocess(...await inputOf(checked, options));
}

/**
 * Reads the images for {@linkcode preprocessJson}, and says how they are made into a
 * dataset; `undefined` if they have relation logits, so that no label predictor is fitted.
 */
export async function prepareJson(
  options: PreprocessJsonOptions,
): Promise<PreprocessInput | undefined> {
  const checked = await check(options);
  return checked.hasLogits ? undefined : await inputOf(checked, options);
}

/** A file without errors. */
interface Checked {
  header: UserHeader;
  /** Number of its images. */
  numImages: number;
  hasLogits: boolean;
  /** SHA-256 of the file. */
  hash: string;
  info: Pick<
    DatasetInfo,
    "name" | "vocabulary" | "source" | "licence" | "command" | "details"
  >;
  /** Reads the images again. */
  open: () => Promise<AsyncIterable<UserImage>>;
}

async function check(options: PreprocessJsonOptions): Promise<Checked> {
  const { file, command, seed = 0, strict, cutBoxes, onWarning } = options;
  if (!await exists(file)) {
    throw new RangeError(
      `Cannot preprocess "${file}": there is no such file; check --raw`,
    );
  }
  const source = await userSource(file);
  const rules = { seed, strict, cutBoxes };
  const { problems, header, statistics, withLogits, detected, mended } =
    await checkUserJson(source, rules);
  if (problems.count.errors > 0 || header === undefined) refuse(file, problems);
  for (const { place, problem } of problems.list) {
    onWarning?.(place ? `${place}: ${problem}` : problem);
  }
  const { sha256: hash } = await hashFile(file);
  const {
    name = UNNAMED,
    licence = "not stated",
    source: from = options.address ?? file,
  } = header;
  const found: DatasetInfo["details"] = {
    ...mendedDetails(header.mended, mended),
    ...detected > 0 && { boxes: "detected" },
  };
  return {
    ...{ header, hash },
    numImages: SPLITS.reduce((sum, split) => sum + statistics!.splits[split].images, 0),
    hasLogits: withLogits.relations > 0,
    info: {
      name: options.name ?? name,
      vocabulary: header.vocabulary.toJSON(),
      source: from,
      licence,
      command,
      ...Object.keys(found).length > 0 && { details: found },
    },
    open: async () => (await openUserJson(source, new Problems(), rules)).images,
  };
}

async function inputOf(
  { info, hash, open }: Checked,
  options: PreprocessJsonOptions,
): Promise<PreprocessInput> {
  const splits: Record<SplitName, UserImage["image"][]> = {
    train: [],
    validation: [],
    test: [],
  };
  for await (const { split, image } of await open()) splits[split].push(image);
  return [options.out, splits, { ...info, imagesHash: hash }, options];
}

function refuse(file: string, problems: Problems): never {
  const { place, problem } = problems.list.find(({ isWarning }) => !isWarning)!;
  const { errors } = problems.count;
  throw new RangeError(
    `Cannot preprocess "${file}" as it has ${errors} errors, the first: ${
      place && `${place} `
    }${problem}; run "deno task validate ${file}" to see all`,
  );
}

/** Writes images that have relation logits; parts follow one another as in the file. */
async function write(
  { info, hash, header, numImages, open }: Checked,
  { out, seed = 0, shard, onWait, onProgress }: PreprocessJsonOptions,
): Promise<Dataset> {
  const { vocabulary, labelPredictor } = header;
  const recipe = {
    onWait,
    info: {
      ...info,
      inputsHash: `${hash} ${seed}`,
      seed,
      labelPredictor: labelPredictor ?? { name: "file", simulated: false },
      logitsType: "float32" as const,
      ...shard && { part: { ...shard, images: numImages } },
    },
  };
  const { first, end } = rangeOf(shard, numImages);
  return await makeDataset(out, recipe, async (aside) => {
    const writer = await DatasetWriter.create(aside, recipe.info);
    let place = -1;
    for await (const { split, image } of await open()) {
      place++;
      if (place < first || place >= end) continue;
      const { entityLabels, entityLogits, relationLogits } = image;
      await writer.add(split, {
        ...image,
        entityLogits: entityLogits ??
          certainProfileLogits(entityLabels, vocabulary.numEntityClasses),
        relationLogits: relationLogits!,
      });
      onProgress?.(place + 1 - first, end - first);
    }
    await writer.close();
  });
}
