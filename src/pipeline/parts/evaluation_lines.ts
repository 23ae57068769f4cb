/**
 * Scores images line by line, as filters do: `eval` examples, `score` predictions. The
 * answer to a line has what was found in its image, and its state, which `merge` joins.
 *
 * @module
 */

import { evaluatorOptions } from "../../eval/evaluation_result.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { readUserLine } from "../../dataset/formats/user_json_line.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { RecallEvaluator } from "../../eval/evaluator.ts";
import { parseImage } from "../../eval/prediction_files/image_prediction.ts";
import { isHeader, parseHeader } from "../../eval/prediction_files/open.ts";
import {
  annotationsById,
  type ImageFinder,
  imageFinder,
} from "../../eval/prediction_files/score.ts";
import {
  type AnnotatedImage,
  annotationOf,
  checkExample,
  type Example,
} from "../../example.ts";
import type { ForeignOptions } from "../../foreign/rules.ts";
import { parseJson } from "../../json_value.ts";
import { certainProfileLogits } from "../../label_predictor/entity_profiles.ts";
import { checkSettings } from "../scoring/evaluation_settings.ts";
import type { StateSettings } from "./evaluation_state.ts";
import { type ImageLine, imageLine } from "../scoring/image_results.ts";
import type { Listener } from "../listener.ts";
import { type ModelEvaluationOptions, openModels } from "../model_systems.ts";
import {
  type CommonOptions,
  commonOptions,
  openEvaluation,
} from "../scoring/open_evaluation.ts";
import { type SavedSettings, type ScoredNames, stateSettings } from "./save_state.ts";
import {
  checkTasks,
  modelDefaults,
  planOf,
  type ScoringPlan,
  systemDefaults,
} from "../scoring/scoring_plan.ts";
import { stateJson } from "./state_lines.ts";
import type { ScoredSystem } from "../systems/systems.ts";

/** The answer to a line. */
export interface LineAnswer {
  /** Id of the image. */
  image: string;
  /** What was found, for each system, task and protocol. */
  results: Omit<ImageLine, "image">[];
  /** For `merge`; see `state_lines.ts`. */
  state: unknown;
}

/** Scores one line; `undefined` for a first line of settings. */
export type LineScorer = (line: Uint8Array) => Promise<LineAnswer | undefined>;

/** The images that are scored, in order. */
class ScoredImages {
  readonly truths: ReadonlyMap<string, AnnotatedImage>;
  readonly find: ImageFinder;
  readonly #places: ReadonlyMap<string, number>;

  private constructor(
    readonly names: ScoredNames,
    readonly settings: SavedSettings,
    truths: ReadonlyMap<string, AnnotatedImage>,
  ) {
    this.truths = truths;
    this.find = imageFinder(truths);
    this.#places = new Map([...truths.keys()].map((id, place) => [id, place]));
  }

  /** Reads the annotations. */
  static async open(names: ScoredNames, settings: SavedSettings): Promise<ScoredImages> {
    const { split, limit } = settings;
    const truths = await annotationsById(names.dataset.examples(split, { limit }));
    return new ScoredImages(names, settings, truths);
  }

  /** What an image's answer is. */
  answer(
    id: string,
    evaluations: readonly SystemEvaluation[],
    settings: StateSettings,
  ): LineAnswer {
    const { vocabulary } = this.names.dataset, truth = this.truths.get(id)!;
    const results = evaluations.map(({ system, task, protocol, evaluator }) => {
      const [result] = evaluator.imageResults();
      const { image: _, ...line } = imageLine(
        result,
        { system, task, protocol },
        truth,
        vocabulary,
      );
      return line;
    });
    const evaluators = evaluations.map(({ evaluator }) => evaluator.state());
    const ofImages = { ...settings, jobs: this.truths.size };
    const block = { job: this.#places.get(id)! + 1, evaluators };
    return { image: id, results, state: stateJson(ofImages, block) };
  }
}

/**
 * Opens models for lines, each of which has an example of the dataset in the form of
 * docs/own_data.md, with logits.
 *
 * @param options The models, and how to evaluate them.
 * @param listener Receives notes and warnings.
 * @returns Scores a line, and frees the models.
 * @throws {RangeError} If a name is unknown or a system does not fit the dataset.
 */
export async function openLineEvaluator(
  options: ModelEvaluationOptions & ForeignOptions,
  listener: Listener,
): Promise<Disposable & { score: LineScorer }> {
  checkSettings(options);
  const opened = await openModels(options, listener);
  const { dataset, names: models, baselines, runs } = opened;
  const systems = opened.systems.map((system) => {
    if (system.kind !== "predictions") return system;
    throw new RangeError(
      `Cannot evaluate "${system.given}" line by line as it must be a model: it is a file of predictions, whose lines "score --lines" takes`,
    );
  });
  const names = { dataset, systems, models, baselines, runs };
  const images = await ScoredImages.open(names, options);
  const plan = planOf(options, modelDefaults(dataset));
  checkTasks(plan, dataset, true);
  const open = await openEvaluation(
    systems,
    dataset,
    { ...options, plan, numBatches: 1 },
    listener,
  );
  let settings: StateSettings | undefined;
  return {
    async score(line) {
      const found = readUserLine(line, dataset.vocabulary, options);
      if (!found) return undefined;
      const example = exampleOf(found.image, images.truths, dataset);
      const evaluations: SystemEvaluation[] = [];
      for (const entry of plan) {
        evaluations.push(...await open.evaluate(entry, () => [example]));
      }
      settings ??= await stateSettings(names, options, evaluations);
      return images.answer(example.id, evaluations, settings);
    },
    [Symbol.dispose]: () => open[Symbol.dispose](),
  };
}

/** The example of a line, which must be an image that is scored. */
function exampleOf(
  image: NonNullable<ReturnType<typeof readUserLine>>["image"],
  truths: ReadonlyMap<string, AnnotatedImage>,
  { vocabulary, folder }: Dataset,
): Example {
  const truth = truths.get(image.id);
  const isSame = truth && JSON.stringify(plain(truth)) === JSON.stringify(plain(image));
  if (!isSame) {
    throw new RangeError(
      `Cannot evaluate "${image.id}" as it must be one of the ${truths.size} images that are scored of "${folder}": ${
        truth ? "its annotations are others" : "there is none of that id"
      }; choose the data by --dataset and --split`,
    );
  }
  const { relationLogits } = image;
  if (!relationLogits) {
    throw new RangeError(
      `Cannot evaluate "${image.id}" as it must have relationLogits: found none; "preprocess json --lines" computes them`,
    );
  }
  const entityLogits = image.entityLogits ??
    certainProfileLogits(image.entityLabels, vocabulary.numEntityClasses);
  const example = { ...image, entityLogits, relationLogits };
  checkExample(example, vocabulary);
  return example;
}

/** What an annotator has said, as lists. */
function plain(image: AnnotatedImage) {
  const { boxes, entityLabels, relations } = annotationOf(image);
  const { width, height, negatives = [] } = image;
  const lists = [boxes, entityLabels, relations, negatives];
  return [width, height, ...lists.map((list) => Array.from(list))];
}

/**
 * Opens the annotations for lines, each a prediction of one image as in a JSONL file. A
 * first line of settings may name the task; `settings.task` goes before.
 *
 * @param name Name of the system that made the predictions.
 * @param dataset The dataset.
 * @param settings Split, task, protocol, metrics.
 * @param listener Is warned if no task is named.
 * @throws {RangeError} If a setting is unknown.
 */
export async function openLineScorer(
  name: string,
  dataset: Dataset,
  settings: SavedSettings,
  listener: Listener,
): Promise<LineScorer> {
  checkSettings(settings);
  const { vocabulary } = dataset;
  const systems: ScoredSystem[] = [{
    kind: "predictions",
    name,
    given: name,
    path: name,
  }];
  const names = { dataset, systems, models: [name], baselines: [] };
  const images = await ScoredImages.open(names, settings);
  const planFor = (task: string | undefined) => {
    const plan = planOf({ ...settings, task }, systemDefaults(dataset, true));
    checkTasks(plan, dataset, false);
    return plan;
  };
  let plan: ScoringPlan[] | undefined = settings.task
    ? planFor(settings.task)
    : undefined;
  let options: CommonOptions | undefined, ofState: StateSettings | undefined;
  return async (line) => {
    const root = parseJson(line, "the line");
    if (isHeader(root)) {
      const task = parseHeader(root, vocabulary);
      plan ??= task && planFor(task);
      return undefined;
    }
    if (!plan) {
      plan = planFor(undefined);
      const tasks = plan.flatMap(({ tasks }) => tasks);
      listener.warn(`The lines do not say which task they are of: scored as ${tasks}`);
    }
    options ??= await commonOptions(dataset, { ...settings, plan });
    const { id: given, prediction } = parseImage(root, vocabulary);
    const { id } = images.find(given), truth = images.truths.get(id)!;
    const evaluations: SystemEvaluation[] = [];
    for (const { tasks, protocols } of plan) {
      for (const task of tasks) {
        for (const protocol of protocols) {
          const evaluator = new RecallEvaluator(protocol, {
            ...evaluatorOptions(options),
            task,
          });
          evaluator.add(truth, prediction);
          evaluations.push({ system: name, task, protocol, evaluator });
        }
      }
    }
    ofState ??= await stateSettings(names, settings, evaluations);
    return images.answer(id, evaluations, ofState);
  };
}
