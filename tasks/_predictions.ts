/**
 * Predictions of other systems, as the tasks `score` and `compare` take them.
 *
 * @module
 */

import { Dataset, type SplitName } from "../src/dataset/dataset.ts";
import type { SystemEvaluation } from "../src/eval/evaluate.ts";
import { parseKs, parseMetrics } from "../src/eval/metric.ts";
import {
  openPredictions,
  type PredictionSource,
} from "../src/eval/prediction_files/open.ts";
import { parseProtocol, type Task, TASKS } from "../src/eval/protocol.ts";
import type { TableFormat } from "../src/eval/comparison/table.ts";
import {
  annotationsById,
  imageFinder,
  type MissingImages,
  type Score,
  scorePredictions,
} from "../src/eval/prediction_files/score.ts";
import { exists, readChunks, readFile } from "../src/files.ts";
import { openDataset } from "./_datasets.ts";
import type { Options } from "./_cli/flags.ts";
import { progressBar } from "./_cli/progress.ts";
import { openZeroShot, ZERO_SHOT_FLAG } from "./_zero_shot.ts";

/** Flags of both tasks. */
export const SCORE_FLAGS = {
  split: { default: "test", values: ["train", "validation", "test"], help: "Part of it" },
  task: {
    values: TASKS,
    unset: "as a file says, else sgcls",
    help: "What the system was given",
  },
  protocol: {
    default: "motifs",
    help: "Of sgp, motifs, sgg-benchmark, vrd; changes after +, see README",
  },
  metrics: {
    default: "R,ngR,mR",
    help: "Of R, ngR, mR, ngmR, zR, ngzR, sR, R/10, A, F1, ngF1, pR, accuracy",
  },
  k: { default: [20, 50, 100], min: 1, help: "Numbers of candidates" },
  zeroShot: ZERO_SHOT_FLAG,
  missing: {
    default: "refuse",
    values: ["refuse", "skip", "empty"],
    help:
      "Images without prediction: refuse, skip as the originals do, or score as empty",
  },
  resamples: { default: 1000, min: 10, help: "Resamples of the bootstrap" },
  csv: { default: false, help: "Print CSV" },
  latex: { default: false, help: "Print LaTeX" },
} as const;

/** Values of the flags of both tasks. */
export type ScoreOptions = Options<Record<never, never>, typeof SCORE_FLAGS>;

/** A file of predictions, scored. */
export interface ScoredFile {
  /** Name of the file without its ending. */
  system: string;
  evaluations: SystemEvaluation[];
  scores: Score[];
}

/** Opens a dataset by name, or the folder of one. */
export async function openAnyDataset(
  name: string,
  options: ScoreOptions,
): Promise<Dataset> {
  const isFolder = await exists(`${name}/manifest.json`);
  return isFolder ? await Dataset.open(name) : await openDataset(name, options);
}

/** Scores one file of predictions and prints its warnings. */
export async function scoreFile(
  path: string,
  dataset: Dataset,
  options: ScoreOptions,
): Promise<ScoredFile> {
  if (!await exists(path)) throw new RangeError(`Cannot find the predictions "${path}"`);
  const system = path.replace(/^.*\//, "").replace(/\.\w+$/, "");
  const truths = await annotationsById(dataset.examples(options.split as SplitName));
  const { vocabulary } = dataset;
  const findImage = imageFinder(truths);
  const file = await openPredictions(sourceOf(path), { vocabulary, findImage });
  const task: Task = options.task ?? file.task ?? "sgcls";
  const bar = progressBar(`score ${system}`, "images", options);
  const { scores, missing } = await scorePredictions(truths, file.images, {
    task,
    protocols: options.protocol.split(",").map(parseProtocol),
    metrics: parseMetrics(options.metrics).map(({ name }) => name),
    ks: parseKs(options.k),
    zeroShot: await openZeroShot(options.metrics, dataset, options.zeroShot),
    numPredicates: vocabulary.predicates.length,
    missing: options.missing as MissingImages,
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  if (missing > 0) {
    const what = options.missing === "skip"
      ? "left out, as in the originals"
      : "scored as empty; the originals leave them out";
    console.error(
      `Warning: ${missing} of ${truths.size} images have no prediction: ${what}`,
    );
  }
  for (const text of new Set(scores.flatMap(warningsOf))) {
    console.error(`Warning: ${text}`);
  }
  const evaluations = scores.map(({ protocol, evaluator }) => {
    return { system, task, protocol, evaluator };
  });
  return { system, evaluations, scores };
}

function sourceOf(path: string): PredictionSource {
  return {
    name: path.replace(/^.*\//, ""),
    chunks: () => readChunks(path),
    beside: async (name) => {
      const other = path.replace(/[^/]*$/, name);
      return await exists(other) ? await readFile(other) : undefined;
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

/** The format that the flags ask for. */
export function formatOf({ json, csv, latex }: ScoreOptions): TableFormat {
  return json ? "json" : csv ? "csv" : latex ? "latex" : "text";
}
