/**
 * Decides which tasks are scored under which protocols.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import {
  isDetection,
  parseProtocol,
  type Protocol,
  type Task,
  TASKS,
} from "../../eval/protocol.ts";
import { nearestName } from "../../nearest.ts";

/** Tasks, and the protocols to score them under. */
export interface ScoringPlan {
  tasks: Task[];
  protocols: Protocol[];
}

/** Defaults for a command line that leaves tasks or protocols open. */
export interface PlanDefaults {
  /** The default tasks. */
  tasks: readonly Task[];
  /** Comma-separated protocols of all tasks except `preddet`, whose default is `vrd`. */
  protocols: string;
}

/** Whether the entity logits of a dataset are those of the annotated labels. */
export function hasGivenLabels({ manifest }: Dataset): boolean {
  return manifest.details?.entityLabels === "given";
}

/** Whether the boxes of a dataset are a detector's, beside which it has annotated ones. */
function hasDetectedBoxes({ manifest }: Dataset): boolean {
  return manifest.details?.boxes === "detected";
}

/**
 * Checks that tasks which give boxes are not asked of a dataset of detected boxes, whose
 * labels and relations are not the annotated ones; and that a system which takes its boxes
 * from the dataset is not asked to detect where they are the annotated ones.
 *
 * @param plan The tasks.
 * @param dataset The dataset.
 * @param takesBoxes Whether a system has no boxes of its own.
 * @throws {RangeError} If one is; the message names the dataset.
 */
export function checkTasks(
  plan: readonly ScoringPlan[],
  dataset: Dataset,
  takesBoxes: boolean,
): void {
  const tasks = plan.flatMap(({ tasks }) => tasks), { name } = dataset.manifest;
  const isDetected = hasDetectedBoxes(dataset);
  const wrong = tasks.find((task) =>
    isDetected ? !isDetection(task) : takesBoxes && isDetection(task)
  );
  if (wrong === undefined) return;
  throw new RangeError(
    isDetected
      ? `Cannot score ${wrong} on "${name}" as its boxes must be the annotated ones: they are a detector's; use --task sgdet,phrdet`
      : `Cannot score ${wrong} on "${name}" as its boxes must be a detector's: they are the annotated ones; use a file of predictions with boxes, or a dataset of detections`,
  );
}

/** The tasks of a dataset of detected boxes. */
const DETECTION_TASKS: readonly Task[] = ["sgdet", "phrdet"];

/** Defaults for evaluating a model: two tasks, which depend on the dataset, and two protocols. */
export function modelDefaults(dataset: Dataset): PlanDefaults {
  const tasks: readonly Task[] = hasDetectedBoxes(dataset)
    ? DETECTION_TASKS
    : hasGivenLabels(dataset)
    ? ["predcls", "preddet"]
    : ["sgcls", "predcls"];
  return { tasks, protocols: "motifs,sgp" };
}

/** Defaults for scoring and comparing systems. */
export const SYSTEM_DEFAULTS: PlanDefaults = { tasks: ["sgcls"], protocols: "motifs" };

/**
 * The same on a dataset: VRD has a protocol of its own, and given labels are not asked for.
 *
 * @param dataset The dataset.
 * @param hasFiles Whether a system is a file of predictions, which has labels of its own.
 */
export function systemDefaults(dataset: Dataset, hasFiles: boolean): PlanDefaults {
  const isVrd = dataset.manifest.source.startsWith("Visual Relationship Detection");
  return {
    tasks: hasDetectedBoxes(dataset)
      ? DETECTION_TASKS
      : hasGivenLabels(dataset) && !hasFiles
      ? ["predcls"]
      : SYSTEM_DEFAULTS.tasks,
    protocols: isVrd ? "vrd" : SYSTEM_DEFAULTS.protocols,
  };
}

/**
 * Reads lists of tasks and protocols.
 *
 * If predicate detection is the only task, it is scored under all given protocols. Among
 * other tasks it takes only the forms of `vrd` in the list, or `vrd` itself if the list
 * has none.
 *
 * @param given Comma-separated names, as on a command line.
 * @param defaults Tasks and protocols that replace missing ones.
 * @returns At most two entries, which together hold each task once.
 * @throws {RangeError} If a name is unknown; the message suggests the nearest.
 */
export function planOf(
  given: { task?: string; protocol?: string },
  defaults: PlanDefaults,
): ScoringPlan[] {
  const tasks = given.task?.split(",").map(parseTask) ?? [...defaults.tasks];
  const list = (given.protocol ?? defaults.protocols).split(",").map(parseProtocol);
  const ranked = tasks.filter((task) => task !== "preddet");
  const plan: ScoringPlan[] = [];
  if (ranked.length > 0) plan.push({ tasks: ranked, protocols: list });
  if (tasks.includes("preddet")) {
    const ofVrd = list.filter(({ name }) => name.startsWith("vrd"));
    const isAlone = ranked.length === 0 && given.protocol !== undefined;
    const protocols = isAlone ? list : ofVrd.length > 0 ? ofVrd : [parseProtocol("vrd")];
    plan.push({ tasks: ["preddet"], protocols });
  }
  return plan;
}

function parseTask(name: string): Task {
  if (TASKS.includes(name as Task)) return name as Task;
  throw new RangeError(
    `Cannot find the task "${name}": the nearest is "${nearestName(name, TASKS)}"`,
  );
}
