/**
 * Opens a file of predictions with the annotations of its images, and scores it.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { SplitName } from "../../dataset/manifest.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import {
  openPredictions,
  type PredictionFile,
  type PredictionSource,
} from "../../eval/prediction_files/open.ts";
import type { RecordContext } from "../../eval/prediction_files/records.ts";
import {
  annotationsById,
  describeMissing,
  type ImageFinder,
  imageFinder,
  type Score,
  type ScoreOptions,
  scorePredictions,
} from "../../eval/prediction_files/score.ts";
import type { Task } from "../../eval/protocol.ts";
import type { AnnotatedImage } from "../../example.ts";
import { exists, readChunks, readFile } from "../../files.ts";
import { type JobShard, rangeOf } from "../../job_shard.ts";
import { folderName } from "../datasets.ts";
import { openForeign } from "../foreign_predictions/open.ts";
import type { Listener } from "../listener.ts";
import { fileBeside } from "../remote_files.ts";
import type { PredictionsSystem } from "./systems.ts";

/** A file of predictions with the annotations of its images. */
export interface OpenedPredictions {
  /** Name of the system. */
  name: string;
  /** Its path or address, for messages. */
  given: string;
  dataset: Dataset;
  /** Its task, if the file names one: it says what the system was given. */
  task?: Task;
  file: PredictionFile;
  /** The images to score, by id. */
  truths: ReadonlyMap<string, AnnotatedImage>;
  /** Ids of the other images of the split. */
  others: ReadonlySet<string>;
  /** Finds the images of the split by id or file name. */
  findImage: ImageFinder;
}

/** What a file is scored on, and how its boxes are scaled. */
export interface FileSettings {
  split: SplitName;
  limit?: number;
  /** Scores only the part of these images that one of several jobs takes. */
  shard?: JobShard;
  /** KaihuaTang's files: shorter side and limit of the longer one of resized images. */
  testSize?: readonly number[];
  /** neural-motifs' files: longer side of the image that boxes are of; 0: as it is. */
  boxScale?: number;
}

/**
 * Opens a file of predictions.
 *
 * @param system The file, and the name of its system.
 * @param dataset Gives the annotations.
 * @param settings Which of them: `split`, `limit` for the first images alone, and `shard`
 * for a part of these; and how the boxes of others' files are scaled.
 * @throws {RangeError | SyntaxError | TypeError} As {@linkcode openPredictions}, with the
 * names of the file and of the dataset.
 */
export async function openPredictionFile(
  { name, given, path, address }: Omit<PredictionsSystem, "kind">,
  dataset: Dataset,
  { split, limit, shard, testSize, boxScale }: FileSettings,
): Promise<OpenedPredictions> {
  const all = await annotationsById(dataset.examples(split));
  const ids = [...all.keys()];
  const { first, end } = rangeOf(shard, Math.min(limit ?? Infinity, all.size));
  const truths = new Map([...all].slice(first, end));
  const others = new Set(ids.filter((id) => !truths.has(id)));
  const related = [...all.values()].filter(({ relations }) => relations.length > 0);
  const context: RecordContext = {
    vocabulary: dataset.vocabulary,
    findImage: imageFinder(all),
    imageIds: ids,
    relatedIds: related.map(({ id }) => id),
    resized: testSize && { shorter: testSize[0], longest: testSize[1] },
    boxScale,
  };
  const source = sourceOf(path, address);
  const file = await naming(
    given,
    dataset,
    async () =>
      await openForeign(path, source, context) ?? await openPredictions(source, context),
  );
  const { findImage } = context;
  return { name, given, dataset, task: file.task, file, truths, others, findImage };
}

/**
 * Scores an opened file under several protocols.
 *
 * @param opened The file, which can be scored only once, as this reads its predictions.
 * @param options Task, protocols, metrics, and how to treat missing images.
 * @param listener Receives warnings and progress.
 * @returns One evaluation per protocol.
 * @throws {RangeError | SyntaxError | TypeError} If a prediction is damaged, does not fit
 * its image or is missing; the message names the file and the dataset.
 */
export async function scoreOpened(
  opened: OpenedPredictions,
  options: ScoreOptions & { task: Task },
  listener: Listener,
): Promise<SystemEvaluation[]> {
  const { name, given, dataset, file, truths, others, findImage } = opened;
  if (file.warning) listener.warn(file.warning);
  const bar = listener.progress(`score ${name}`, "images");
  const { scores, missing } = await naming(
    given,
    dataset,
    () =>
      scorePredictions(truths, file.images, {
        ...options,
        others,
        findImage,
        onProgress: (done, total) => bar.update(done, total),
      }),
  );
  bar.done();
  if (missing > 0) {
    const how = options.missing === "skip" ? "skip" : "empty";
    const what = options.protocols.map((protocol) => describeMissing(protocol, how));
    listener.warn(
      `${missing} of ${truths.size} images have no prediction: ${what.join("; ")}`,
    );
  }
  new Set(scores.flatMap(warningsOf)).forEach((text) => listener.warn(text));
  return scores.map(({ protocol, evaluator }) => {
    return { system: name, task: options.task, protocol, evaluator };
  });
}

/** Adds the names of the file and the dataset to the message of an error. */
async function naming<T>(
  path: string,
  dataset: Dataset,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) {
      error.message += ` (the predictions "${path}" on the dataset "${
        folderName(dataset)
      }")`;
    }
    throw error;
  }
}

function sourceOf(path: string, address?: string): PredictionSource {
  return {
    name: path.replace(/^.*\//, ""),
    chunks: () => readChunks(path),
    beside: async (name) => {
      const other = address === undefined
        ? path.replace(/[^/]*$/, name)
        : await fileBeside(address, name);
      return other && await exists(other) ? await readFile(other) : undefined;
    },
  };
}

function warningsOf({ protocol, evaluator, original }: Score): string[] {
  const { warnings, values } = evaluator.result();
  if (!original) return warnings;
  const theirs = original.result().values.flatMap(({ metric, k, value }, i) =>
    value === values[i].value || k === null
      ? []
      : [`${metric}@${k} ${(100 * value).toFixed(2)}`]
  );
  return [
    ...warnings,
    `The original program of ${protocol.name} would have printed ${
      theirs.join(", ")
    } for these lists`,
  ];
}
