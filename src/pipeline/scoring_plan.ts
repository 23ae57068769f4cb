/**
 * Which tasks are scored under which protocols.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { parseProtocol, type Protocol, type Task, TASKS } from "../eval/protocol.ts";
import { nearestName } from "../nearest.ts";

/** Tasks that share their protocols. */
export interface ScoringPlan {
  tasks: Task[];
  protocols: Protocol[];
}

/** What holds where a command line leaves something open. */
export interface PlanDefaults {
  /** Tasks. */
  tasks: readonly Task[];
  /** Protocols of all tasks but predicate detection, which has `vrd`. */
  protocols: string;
}

/** Defaults for whoever asks what a model is worth: both tasks and both protocols. */
export function modelDefaults({ manifest }: Dataset): PlanDefaults {
  const areGiven = manifest.details?.entityLabels === "given";
  const tasks: readonly Task[] = areGiven ? ["predcls", "preddet"] : ["sgcls", "predcls"];
  return { tasks, protocols: "motifs,sgp" };
}

/** Defaults for scoring and comparing systems. */
export const SYSTEM_DEFAULTS: PlanDefaults = { tasks: ["sgcls"], protocols: "motifs" };

/** The same on a dataset: VRD has a protocol of its own. */
export function systemDefaults({ manifest }: Dataset): PlanDefaults {
  const isVrd = manifest.source.startsWith("Visual Relationship Detection");
  return isVrd ? { ...SYSTEM_DEFAULTS, protocols: "vrd" } : SYSTEM_DEFAULTS;
}

/**
 * Reads lists of tasks and protocols.
 *
 * Predicate detection among other tasks takes those protocols of the list that are forms
 * of `vrd`, or else `vrd` itself; alone it takes the whole list.
 *
 * @param given Names with commas between, as on a command line.
 * @param defaults What holds for what is not given.
 * @returns At most two entries, which together hold every task once.
 * @throws {RangeError} If a name is unknown; the message has the nearest.
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
