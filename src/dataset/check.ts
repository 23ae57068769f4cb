/**
 * Checks a dataset, either a file of the user's own data or a processed one, and counts
 * its contents.
 *
 * @module
 */

import type { MendedCounts } from "../foreign/mended.ts";
import type { ForeignOptions } from "../foreign/rules.ts";
import type { AnnotatedImage } from "../example.ts";
import type { Dataset } from "./dataset.ts";
import {
  openUserJson,
  Problems,
  type UserHeader,
  type UserSource,
} from "./formats/user_json.ts";
import { type SplitName, SPLITS } from "./manifest.ts";
import { type DatasetStatistics, datasetStatistics } from "./statistics.ts";

/** The outcome of checking a dataset. */
export interface DatasetCheck {
  problems: Problems;
  /** `undefined` if the header cannot be used. */
  header?: UserHeader;
  /** Statistics of the images without errors; `undefined` without a header. */
  statistics?: DatasetStatistics;
  /** Numbers of images that bring logits of their entities and of their pairs. */
  withLogits: { entities: number; relations: number };
  /** Number of images whose boxes are a detector's, beside the annotated ones. */
  detected: number;
  /** What was mended, if anything was. */
  mended?: MendedCounts;
}

/** Options for checking a dataset. */
export interface CheckOptions extends ForeignOptions {
  /** Seed of the splits if the images do not name theirs; default 1. */
  seed?: number;
  /** Called after every image with the number of images so far. */
  onProgress?: (done: number) => void;
}

/**
 * Checks a file of the user's own data, image by image.
 *
 * @param source The file.
 * @param options Seed and progress.
 * @returns All problems, and statistics of the images without errors.
 * @throws {RangeError} If its name ends neither with `.json` nor with `.jsonl`.
 */
export async function checkUserJson(
  source: UserSource,
  options: CheckOptions = {},
): Promise<DatasetCheck> {
  const problems = new Problems();
  const { header, images, rules } = await openUserJson(source, problems, options);
  const withLogits = { entities: 0, relations: 0 };
  if (header === undefined) return { problems, withLogits, detected: 0 };
  let done = 0, detected = 0;
  async function* counted() {
    for await (const entry of images) {
      if (entry.image.entityLogits) withLogits.entities++;
      if (entry.image.relationLogits) withLogits.relations++;
      if (entry.image.annotated) detected++;
      done++;
      options.onProgress?.(done);
      yield entry;
    }
  }
  const statistics = await datasetStatistics(header.vocabulary, counted());
  for (const split of SPLITS) {
    const { images, relations } = statistics.splits[split];
    if (done > 0 && images === 0) {
      problems.warn("", `no image is in the split "${split}"`);
    } else if (images > 0 && relations === 0) {
      problems.warn("", `no image of the split "${split}" has a relation`);
    }
  }
  for (const [kind, count] of Object.entries(withLogits)) {
    if (count > 0 && count < done) {
      problems.error(
        "",
        `${count} of ${done} images have logits of ${kind}`,
        "give them for all images or for none",
      );
    }
  }
  if (detected > 0 && detected < done) {
    problems.error(
      "",
      `${detected} of ${done} images have detected boxes beside "annotated" ones`,
      "give both for all images or for none",
    );
  }
  return { problems, header, statistics, withLogits, detected, mended: rules.counts };
}

/**
 * Counts the contents of a processed dataset. Reading it checks every shard.
 *
 * @param dataset The dataset.
 * @param options Progress.
 */
export async function countDataset(
  dataset: Dataset,
  options: Pick<CheckOptions, "onProgress"> = {},
): Promise<DatasetStatistics> {
  let done = 0;
  async function* all(): AsyncGenerator<{ split: SplitName; image: AnnotatedImage }> {
    for (const split of SPLITS) {
      for await (const image of dataset.examples(split)) {
        options.onProgress?.(++done);
        yield { split, image };
      }
    }
  }
  return await datasetStatistics(dataset.vocabulary, all());
}
