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
import type { SplitName } from "../dataset/manifest.ts";
import { checkUserJson } from "../dataset/check.ts";
import { userSource } from "../dataset/user_source.ts";
import { exists } from "../files.ts";
import { certainProfileLogits } from "../label_predictor/entity_profiles.ts";
import { mendedDetails, preprocess, type PreprocessOptions } from "./preprocess.ts";

/** Name of a dataset whose file does not name it. */
const UNNAMED = "json";

/** Settings of {@linkcode preprocessJson}. */
export interface PreprocessJsonOptions extends PreprocessOptions {
  /** The file. */
  file: string;
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
  const { file, out, command, seed = 0, strict, cutBoxes, onWarning } = options;
  if (!await exists(file)) {
    throw new RangeError(
      `Cannot preprocess "${file}": there is no such file; check --raw`,
    );
  }
  const source = await userSource(file);
  const rules = { seed, strict, cutBoxes };
  const { problems, header, withLogits, detected, mended } = await checkUserJson(
    source,
    rules,
  );
  if (problems.count.errors > 0 || header === undefined) refuse(file, problems);
  for (const { place, problem } of problems.list) {
    onWarning?.(place ? `${place}: ${problem}` : problem);
  }
  const { sha256 } = await hashFile(file);
  const { name = UNNAMED, licence = "not stated", source: from = file } = header;
  const found: DatasetInfo["details"] = {
    ...mendedDetails(header.mended, mended),
    ...detected > 0 && { boxes: "detected" },
  };
  const details = Object.keys(found).length > 0 && { details: found };
  const info = {
    name: options.name ?? name,
    vocabulary: header.vocabulary.toJSON(),
    source: from,
    licence,
    command,
    ...details,
  };
  const { images } = await openUserJson(source, new Problems(), rules);
  if (withLogits.relations > 0) {
    const inputsHash = `${sha256} ${seed}`;
    return await write({ ...info, inputsHash, seed }, header, images, options);
  }
  const splits: Record<SplitName, UserImage["image"][]> = {
    train: [],
    validation: [],
    test: [],
  };
  for await (const { split, image } of images) splits[split].push(image);
  return await preprocess(out, splits, { ...info, imagesHash: sha256 }, options);
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

/** Writes images that have relation logits. */
async function write(
  info: Omit<Parameters<typeof DatasetWriter.create>[1], "labelPredictor">,
  { vocabulary, labelPredictor }: UserHeader,
  images: AsyncIterable<UserImage>,
  { out, onWait, onProgress }: PreprocessJsonOptions,
): Promise<Dataset> {
  const recipe = {
    onWait,
    info: {
      ...info,
      labelPredictor: labelPredictor ?? { name: "file", simulated: false },
      logitsType: "float32" as const,
    },
  };
  return await makeDataset(out, recipe, async (aside) => {
    const writer = await DatasetWriter.create(aside, recipe.info);
    let done = 0;
    for await (const { split, image } of images) {
      const { entityLabels, entityLogits, relationLogits } = image;
      await writer.add(split, {
        ...image,
        entityLogits: entityLogits ??
          certainProfileLogits(entityLabels, vocabulary.numEntityClasses),
        relationLogits: relationLogits!,
      });
      onProgress?.(++done, done);
    }
    await writer.close();
  });
}
