/**
 * Decides which tasks are scored under which protocols.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { parseProtocol, type Protocol, type Task, TASKS } from "../eval/protocol.ts";
import { nearestName } from "../nearest.ts";

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

/** Defaults for evaluating a model: two tasks, which depend on the dataset, and two protocols. */
export function modelDefaults(dataset: Dataset): PlanDefaults {
  const tasks: readonly Task[] = hasGivenLabels(dataset)
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
    tasks: hasGivenLabels(dataset) && !hasFiles ? ["predcls"] : SYSTEM_DEFAULTS.tasks,
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
