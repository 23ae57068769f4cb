/**
 * Scores predictions line by line, each image by itself, as a filter does.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { RecallEvaluator } from "../eval/evaluator.ts";
import { parseKs } from "../eval/metric.ts";
import { parseImage } from "../eval/prediction_files/image_prediction.ts";
import { isHeader, parseHeader } from "../eval/prediction_files/open.ts";
import { annotationsById, imageFinder } from "../eval/prediction_files/score.ts";
import type { Protocol, Task } from "../eval/protocol.ts";
import { parseJson } from "../json_value.ts";
import { checkSettings, type EvaluationSettings } from "./evaluate.ts";
import { type ImageLine, imageLine } from "./image_results.ts";
import type { Listener } from "./listener.ts";
import { planOf, systemDefaults } from "./scoring_plan.ts";
import { openTraining } from "./zero_shot.ts";

/** Scores one line; `undefined` for a first line of settings. */
export type LineScorer = (line: Uint8Array) => ImageLine | undefined;

/**
 * Opens the annotations for scoring lines, each a prediction of one image as in a JSONL
 * file. A first line of settings may name the task; `settings.task` goes before.
 *
 * @param dataset The dataset.
 * @param settings Split, task, protocol, metrics.
 * @param listener Is warned if no task is named.
 * @throws {RangeError} If a setting is unknown, or asks for several results of an image.
 */
export async function openLineScorer(
  dataset: Dataset,
  settings: EvaluationSettings,
  listener: Listener,
): Promise<LineScorer> {
  checkSettings(settings);
  const truths = await annotationsById(dataset.examples(settings.split));
  const findImage = imageFinder(truths);
  const { vocabulary } = dataset;
  const options = {
    ks: parseKs(settings.k),
    metrics: settings.metrics.split(","),
    minScore: settings.threshold,
    numPredicates: vocabulary.predicates.length,
    ...await openTraining(settings.metrics, dataset, settings.zeroShot),
  };
  /** Of the first line. */
  let named: Task | undefined, isWarned = settings.task !== undefined;
  onlyOne(settings, dataset); // refused before the first line
  return (line) => {
    const root = parseJson(line, "the line");
    if (isHeader(root)) {
      named = parseHeader(root, vocabulary);
      onlyOne({ ...settings, task: settings.task ?? named }, dataset);
      return undefined;
    }
    const wanted = { ...settings, task: settings.task ?? named };
    const { task, protocol } = onlyOne(wanted, dataset);
    if (!isWarned && named === undefined) {
      listener.warn(`The lines do not say which task they are of: scored as ${task}`);
    }
    isWarned = true;
    const { id: name, prediction } = parseImage(root, vocabulary);
    const truth = truths.get(findImage(name).id)!;
    const evaluator = new RecallEvaluator(protocol, { ...options, task });
    evaluator.add(truth, prediction);
    const [result] = evaluator.imageResults();
    return imageLine(result, { task, protocol }, truth, vocabulary);
  };
}

/** The only task and the only protocol, as each line has one answer. */
function onlyOne(
  settings: EvaluationSettings,
  dataset: Dataset,
): { task: Task; protocol: Protocol } {
  const plan = planOf(settings, systemDefaults(dataset, true));
  const all = plan.flatMap(({ tasks, protocols }) =>
    tasks.flatMap((task) => protocols.map((protocol) => ({ task, protocol })))
  );
  if (all.length === 1) return all[0];
  throw new RangeError(
    `Cannot score line by line as there must be one task and one protocol: found ${
      all.map(({ task, protocol }) => `${task} ${protocol.name}`).join(", ")
    }; choose by --task and --protocol`,
  );
}
