/**
 * Joins the evaluations of two models, each trained for its own part of the same images.
 *
 * @module
 */

import type { SystemEvaluation } from "../eval/evaluate.ts";

/** The evaluations of a model, the systems beside it, and the runs that names stand for. */
export interface NamedEvaluations {
  evaluations: readonly SystemEvaluation[];
  /** Names of the models. */
  models: readonly string[];
  /** Names of the systems that they are compared with. */
  baselines: readonly string[];
  /** For each name the systems of `evaluations` that it is the mean of. */
  runs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Appends the images of one model's evaluations to those of another, run by run: the first
 * run to the first, the control to the control.
 *
 * @param first Its evaluators get the images of both.
 * @param second Its images must be others than those of `first`.
 * @throws {RangeError} If the two have different runs, tasks or protocols, or an image in
 * common.
 */
export function joinEvaluations(
  first: NamedEvaluations,
  second: NamedEvaluations,
): void {
  const mine = systemsOf(first), theirs = systemsOf(second);
  const describe = (groups: string[][]) =>
    groups.map((group) => `"${group.join('", "')}"`).join(" beside ");
  if (
    mine.map(({ length }) => length).join() !== theirs.map(({ length }) => length).join()
  ) {
    throw new RangeError(
      `Cannot join the results of two models as each must have as many runs and controls as the other: found ${
        describe(mine)
      }, and ${describe(theirs)}; train what is missing, or use --control none`,
    );
  }
  const partnerOf = new Map(mine.flat().map((name, i) => [name, theirs.flat()[i]]));
  for (const { system, task, protocol, evaluator } of first.evaluations) {
    const partner = partnerOf.get(system);
    const other = second.evaluations.find((one) =>
      one.system === partner && one.task === task && one.protocol.name === protocol.name
    );
    if (!other) {
      throw new RangeError(
        `Cannot join "${system}" with "${partner}" as both must be scored by ${task}, ${protocol.name}`,
      );
    }
    const ids = new Set(evaluator.imageIds);
    const shared = other.evaluator.imageIds.find((id) => ids.has(id));
    if (shared !== undefined) {
      throw new RangeError(
        `Cannot join "${system}" with "${partner}" as their datasets must have different images: both have "${shared}"`,
      );
    }
    evaluator.merge(other.evaluator);
  }
}

/** The systems behind each name, models first. */
function systemsOf({ models, baselines, runs }: NamedEvaluations): string[][] {
  return [...models, ...baselines].map((name) => [...runs[name] ?? [name]]);
}
