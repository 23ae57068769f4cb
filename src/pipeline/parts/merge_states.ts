/**
 * Joins the states of jobs that scored parts of the images. The result does not depend on
 * the order of the files, or on which of them were joined before.
 *
 * @module
 */

import { evaluatorOptions } from "../../eval/evaluation_result.ts";
import { withoutSecrets } from "../../address.ts";
import { sha256 } from "../../checksum.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { MANIFEST_FILE } from "../../dataset/manifest.ts";
import { type ReportLine, reportRows } from "../../eval/comparison/comparison.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { RecallEvaluator } from "../../eval/evaluator.ts";
import { parseProtocol } from "../../eval/protocol.ts";
import { openFile, readChunks, readFile } from "../../files.ts";
import { showValue } from "../../show_value.ts";
import {
  decodeState,
  type EvaluationState,
  type StateBlock,
  type StateSettings,
} from "./evaluation_state.ts";
import { localFile } from "../remote_files.ts";
import { readStateLines } from "./state_lines.ts";
import { openTraining } from "../scoring/zero_shot.ts";

/** Numbers of jobs that an error lists. */
const SHOWN = 10;

/** Reads the states of a file at a path or an address: one, or that of each line. */
async function* readStates(
  source: string,
): AsyncGenerator<EvaluationState & { isLine: boolean }> {
  const path = await localFile(source), shown = withoutSecrets(source);
  if (!await hasLines(path)) {
    yield { ...decodeState(await readFile(path), shown), isLine: false };
    return;
  }
  for await (const state of readStateLines(shown, readChunks(path))) {
    yield { ...state, isLine: true };
  }
}

/** Whether a file has lines of JSON: a state begins with a length, which has zero bytes. */
async function hasLines(path: string): Promise<boolean> {
  using file = await openFile(path);
  return !(await file.read(0, 8)).includes(0);
}

/**
 * Reads states and joins them.
 *
 * @param paths Their files, in any order, or files of lines of `eval` and `score`.
 * @param onProgress Called after each file.
 * @returns One state with the images of all, and whether all were lines.
 * @throws {RangeError} If a job is there twice, or settings or data differ; the message
 * names both files.
 * @throws {SyntaxError} If a file is damaged or of another version.
 */
export async function mergeStates(
  paths: readonly string[],
  onProgress?: (done: number, total: number) => void,
): Promise<EvaluationState & { areLines: boolean }> {
  let settings: StateSettings | undefined, areLines = true;
  const blocks = new Map<number, { block: StateBlock; path: string }>();
  for (const [i, path] of paths.entries()) {
    for await (const state of readStates(path)) {
      settings ??= state.settings;
      areLines &&= state.isLine;
      checkEqual(settings, paths[0], state.settings, path);
      for (const block of state.blocks) {
        const other = blocks.get(block.job);
        if (other) {
          const { ids } = block.evaluators[0];
          const image = ids.length === 1 ? `, image "${ids[0]}"` : "";
          throw new RangeError(
            `Cannot merge "${other.path}" with "${path}" as each job must be there once: both have job ${block.job} of ${settings.jobs}${image}; leave one of them out`,
          );
        }
        blocks.set(block.job, { block, path });
      }
    }
    onProgress?.(i + 1, paths.length);
  }
  if (!settings) {
    throw new RangeError(
      `Cannot merge "${paths[0]}" as there must be a state: found no line in all files`,
    );
  }
  const sorted = [...blocks.values()].map(({ block }) => block)
    .sort((a, b) => a.job - b.job);
  return { settings, blocks: sorted, areLines };
}

/** Refuses states of different settings, and names the first that differs. */
function checkEqual(
  mine: StateSettings,
  path: string,
  theirs: StateSettings,
  other: string,
): void {
  for (const key of Object.keys(mine) as (keyof StateSettings)[]) {
    const [a, b] = [mine[key], theirs[key]];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    throw new RangeError(
      `Cannot merge "${path}" with "${other}" as "${key}" must be the same: found ${
        showValue(a)
      } and ${showValue(b)}; score the images of one of them again`,
    );
  }
}

/** Jobs that a state lacks. */
export function missingJobs({ settings, blocks }: EvaluationState): number[] {
  const present = new Set(blocks.map(({ job }) => job));
  return Array.from({ length: settings.jobs }, (_, i) => i + 1)
    .filter((job) => !present.has(job));
}

/** A merged evaluation, as the tasks that evaluate print it. */
export interface MergedEvaluation {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  models: readonly string[];
  baselines: readonly string[];
  runs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Computes the values of a merged state, to the last bit those of one process that scored
 * all images.
 *
 * @param state The state of all jobs.
 * @param dataset The dataset that they scored.
 * @param zeroShot Path of their list of zero-shot triplets, if they had one.
 * @throws {RangeError} If jobs are missing (the message lists them), or the dataset or the
 * list is another one.
 */
export async function evaluateState(
  state: EvaluationState,
  dataset: Dataset,
  zeroShot?: string,
): Promise<MergedEvaluation> {
  const { settings } = state;
  const missing = missingJobs(state);
  if (missing.length > 0) {
    const { jobs, images, split } = settings;
    const ids: string[] = [];
    if (jobs === images) {
      for await (const { id } of dataset.examples(split)) ids.push(id);
    }
    const nameOf = (job: number) =>
      `${job}/${jobs}${jobs === images ? ` (image "${ids[job - 1]}")` : ""}`;
    const more = missing.length > SHOWN ? `, and ${missing.length - SHOWN} more` : "";
    throw new RangeError(
      `Cannot evaluate "${settings.dataset}" as all ${settings.jobs} jobs must be there: missing ${
        missing.slice(0, SHOWN).map(nameOf).join(", ")
      }${more}; run these, or write what is there with --out`,
    );
  }
  const found = await hashesOf(dataset, zeroShot);
  checkData("the dataset", dataset.folder, settings.manifest, found.manifest);
  checkData("--zero-shot", zeroShot ?? "none", settings.zeroShot, found.zeroShot);
  const evaluations = await evaluationsOf(state, dataset, zeroShot);
  const { models, baselines, runs, split, seed, resamples } = settings;
  const names = { dataset: settings.dataset, split, baselines, runs, seed, resamples };
  const rows = models.flatMap((model) => reportRows(evaluations, { ...names, model }));
  return { rows, evaluations, dataset, models, baselines, runs };
}

/**
 * The evaluations of a state, as those who scored its images had them.
 *
 * @param state The state.
 * @param dataset The dataset that was scored.
 * @param zeroShot Path of the list of zero-shot triplets, if there was one.
 */
export async function evaluationsOf(
  { settings, blocks }: EvaluationState,
  dataset: Dataset,
  zeroShot?: string,
): Promise<SystemEvaluation[]> {
  const common = {
    metrics: settings.metrics.split(","),
    ks: settings.k,
    minScore: settings.threshold ?? undefined,
    numPredicates: dataset.vocabulary.predicates.length,
    keepScores: blocks[0]?.evaluators[0].columns.candidates !== undefined,
    ...await openTraining(settings.metrics, dataset, zeroShot),
  };
  return settings.evaluations.map(({ system, task, protocol }, i) => {
    const evaluator = new RecallEvaluator(parseProtocol(protocol), {
      ...evaluatorOptions(common),
      task,
    });
    for (const { evaluators } of blocks) evaluator.addState(evaluators[i]);
    return { system, task, protocol: evaluator.protocol, evaluator };
  });
}

/**
 * The state of one process that scored all images: that of a state of many jobs, such as of
 * lines, of which each image is one.
 *
 * @param state The state of all jobs.
 * @param evaluations Its evaluations.
 */
export function joinedState(
  { settings }: EvaluationState,
  evaluations: readonly SystemEvaluation[],
): EvaluationState {
  const evaluators = evaluations.map(({ evaluator }) => evaluator.state());
  return { settings: { ...settings, jobs: 1 }, blocks: [{ job: 1, evaluators }] };
}

function checkData(
  what: string,
  path: string,
  wanted: string | null,
  found: string | null,
): void {
  if (wanted === found) return;
  throw new RangeError(
    `Cannot evaluate with "${path}" as ${what} must be that of the jobs: its SHA-256 is ${found}, theirs ${wanted}`,
  );
}

/** What tells the data of an evaluation from other data. */
export async function hashesOf(
  dataset: Dataset,
  zeroShot: string | undefined,
): Promise<Pick<StateSettings, "manifest" | "zeroShot">> {
  return {
    manifest: sha256(await readFile(`${dataset.folder}/${MANIFEST_FILE}`)),
    zeroShot: zeroShot === undefined
      ? null
      : sha256(await readFile(await localFile(zeroShot))),
  };
}
