/**
 * Opens systems for scoring: what they and the metrics need is read once, and then examples
 * are scored, those of a dataset or one at a time.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import { evaluate, type System, type SystemEvaluation } from "../../eval/evaluate.ts";
import type { EvaluatorOptions } from "../../eval/evaluator.ts";
import { parseKs, parseMetrics } from "../../eval/metric.ts";
import type { MissingImages } from "../../eval/prediction_files/score.ts";
import { givesLabels, isDetection, type Task } from "../../eval/protocol.ts";
import type { Example } from "../../example.ts";
import { type CountTable, countTable } from "./count_table.ts";
import { folderName } from "../datasets.ts";
import type { EvaluationSettings } from "./evaluation_settings.ts";
import type { Listener } from "../listener.ts";
import { adjustSystems, parseStrength } from "./logit_adjustment.ts";
import { openNetworks } from "../systems/networks.ts";
import { hasGivenLabels, type ScoringPlan } from "./scoring_plan.ts";
import { checkVocabulary, type ScoredSystem } from "../systems/systems.ts";
import { openTraining, trainingTriplets } from "./zero_shot.ts";

/** Number of images in a batch of a network. */
export const BATCH_SIZE = 20;

/** Settings of an evaluation, its tasks and protocols, and the amount of work. */
export interface OpenSettings extends EvaluationSettings {
  plan: readonly ScoringPlan[];
  /** Number of batches; more workers than batches would have nothing to do. */
  numBatches: number;
}

/** Options of evaluators that are the same for all tasks. */
export type CommonOptions = EvaluatorOptions & {
  ks: readonly number[];
  metrics: readonly string[];
  missing?: MissingImages;
};

/** Opened systems; whoever opens them disposes them. */
export interface OpenEvaluation extends Disposable {
  /** What all evaluators have in common. */
  readonly options: CommonOptions;
  /**
   * Scores examples.
   *
   * @param plan Tasks and protocols, of the plan that was opened.
   * @param examples Gives the examples, more than once if there are several systems.
   * @param progress Their number, and who wants to know how many are done.
   */
  evaluate(
    plan: ScoringPlan,
    examples: () => AsyncIterable<Example> | Iterable<Example>,
    progress?: { total: number; onProgress?: (done: number, total: number) => void },
  ): Promise<SystemEvaluation[]>;
}

/**
 * Opens systems. Each must have the vocabulary of the dataset.
 *
 * @param systems All kinds but files of predictions.
 * @param dataset Has the vocabulary, and what metrics and systems know of training.
 * @param settings Metrics, backend, and the plan.
 * @param listener Receives notes and warnings.
 * @throws {RangeError} If a system does not fit the dataset; the message names both.
 */
export async function openEvaluation(
  systems: readonly Exclude<ScoredSystem, { kind: "predictions" }>[],
  dataset: Dataset,
  settings: OpenSettings,
  listener: Listener,
): Promise<OpenEvaluation> {
  const { plan, limit, logitAdjustment } = settings;
  for (const system of systems) checkVocabulary(system, dataset);
  const others = systems.filter((system) => system.kind !== "frequency");
  const counting = systems.find(({ kind }) => kind === "frequency");
  const table = counting && await countTable(dataset);
  if (others.length > 0) warnOfGivenLabels(dataset, plan, listener);
  const options = await commonOptions(dataset, settings);
  const networks = await openNetworks(others, dataset, settings, listener);
  using stack = new DisposableStack();
  stack.use(networks);
  const adjust = async (systems: Readonly<Record<string, System>>, task: Task) => {
    if (logitAdjustment === undefined || Object.keys(systems).length === 0) {
      return systems;
    }
    const [protocol] = plan.find(({ tasks }) => tasks.includes(task))!.protocols;
    const strength = parseStrength(logitAdjustment);
    const adjusted = await adjustSystems(systems, dataset, {
      ...{ strength, task, protocol, ks: options.ks, limit },
      training: options.training ?? await trainingTriplets(dataset),
    }, listener);
    if (adjusted.curve.length > 0) settings.onAdjustment?.(adjusted.curve);
    return adjusted.systems;
  };
  const adjusted = await adjust(networks.systems, plan[0].tasks[0]);
  /** By what the table looks up and the task that decides on its adjustment. */
  const tables = new Map<string, Readonly<Record<string, System>>>();
  const tableOf = async (labels: keyof CountTable, task: Task) => {
    const key = `${labels} ${task}`;
    const found = tables.get(key) ??
      await adjust({ [counting!.name]: table![labels] }, task);
    tables.set(key, found);
    return found;
  };
  const owned = stack.move();
  return {
    options,
    async evaluate({ tasks, protocols }, examples, { total, onProgress } = { total: 0 }) {
      const evaluations: SystemEvaluation[] = [];
      if (others.length > 0) {
        const { batchesAtOnce } = networks;
        evaluations.push(
          ...await evaluate(examples(), adjusted, {
            ...{ ...options, tasks, protocols, batchesAtOnce, total, onProgress },
            batchSize: BATCH_SIZE,
          }),
        );
      }
      for (const labels of ["given", "predicted"] as const) {
        const mine = tasks.filter((task) => givesLabels(task) === (labels === "given"));
        if (!table || mine.length === 0) continue;
        const system = await tableOf(labels, mine[0]);
        evaluations.push(
          ...await evaluate(examples(), system, { ...options, tasks: mine, protocols }),
        );
      }
      return evaluations;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/**
 * Options that the evaluators of all tasks have in common.
 *
 * @param dataset Has the number of predicates, and what metrics know of training.
 * @param settings Metrics, K, and the plan.
 */
export async function commonOptions(
  dataset: Dataset,
  settings: Pick<OpenSettings, "plan"> & EvaluationSettings,
): Promise<CommonOptions> {
  const metrics = parseMetrics(settings.metrics).map(({ name }) => name);
  const isDetected = settings.plan.some(({ tasks }) => tasks.some(isDetection));
  if (isDetected && !metrics.includes("ceiling")) metrics.push("ceiling");
  return {
    ks: parseKs(settings.k),
    numPredicates: dataset.vocabulary.predicates.length,
    missing: settings.missing,
    minScore: settings.threshold,
    keepScores: settings.keepScores,
    metrics,
    ...await openTraining(settings.metrics, dataset, settings.zeroShot),
  };
}

/** Warns of tasks that ask for labels where the logits of the dataset are the true ones. */
function warnOfGivenLabels(
  dataset: Dataset,
  plan: readonly ScoringPlan[],
  listener: Listener,
): void {
  const asking = plan.flatMap(({ tasks }) => tasks).filter((task) => !givesLabels(task));
  if (asking.length === 0 || !hasGivenLabels(dataset)) return;
  listener.warn(
    `"${
      folderName(dataset)
    }" has no predicted labels, its logits are the annotated ones: ${
      asking.join(", ")
    } asks for labels that are given, so its values are of predcls; use --task predcls`,
  );
}
