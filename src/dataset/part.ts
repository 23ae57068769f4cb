/**
 * The part of a dataset's images that one of several jobs writes, in a folder of its own.
 * `merge_parts.ts` joins the parts.
 *
 * @module
 */

import { type ImageRange, type JobShard, rangeOf } from "../job_shard.ts";
import { type DatasetPart, type SplitName, SPLITS } from "./manifest.ts";

/** The folder of a part: `vrd.2-of-8` for `vrd`; without a job, that of the dataset. */
export function partFolder(folder: string, shard: JobShard | undefined): string {
  return shard ? `${folder}.${shard.index}-of-${shard.count}` : folder;
}

/** Whether a name is that of a part's folder. */
export function isPartFolder(name: string): boolean {
  return /\.\d+-of-\d+$/.test(name);
}

/** What a job takes of a dataset. */
export interface PartOfDataset {
  /** Its images of each split. */
  ranges: Readonly<Record<SplitName, ImageRange>>;
  /** Their number. */
  numImages: number;
  /** What the manifest says of it; nothing without a job. */
  info: { part?: DatasetPart };
}

/**
 * The images of each split that a job takes. All images are counted, one split after
 * another.
 *
 * @param shard The job; `undefined` takes all images.
 * @param sizes Number of images of each split.
 */
export function partOf(
  shard: JobShard | undefined,
  sizes: Readonly<Record<SplitName, number>>,
): PartOfDataset {
  const images = SPLITS.reduce((sum, split) => sum + sizes[split], 0);
  const { first, end } = rangeOf(shard, images);
  let before = 0;
  const ranges = SPLITS.map((split): [SplitName, ImageRange] => {
    const within = (place: number) => Math.min(Math.max(0, place - before), sizes[split]);
    const found = { first: within(first), end: within(end) };
    before += sizes[split];
    return [split, found];
  });
  return {
    ranges: Object.fromEntries(ranges) as Record<SplitName, ImageRange>,
    numImages: end - first,
    info: shard ? { part: { index: shard.index, count: shard.count, images } } : {},
  };
}
