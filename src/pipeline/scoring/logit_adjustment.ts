/**
 * Adjusts the logits of systems by the frequency of predicates, by a strength that is
 * given or chosen on the validation images.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import { evaluate, type System, type SystemOutput } from "../../eval/evaluate.ts";
import { adjustedSystem, logFrequencies } from "../../eval/logit_adjustment.ts";
import type { Protocol, Task } from "../../eval/protocol.ts";
import type { TrainingTriplets } from "../../eval/zero_shot.ts";
import type { Example } from "../../example.ts";
import type { Listener } from "../listener.ts";

/** The strengths to choose from. */
const STRENGTHS: readonly number[] = Array.from({ length: 11 }, (_, i) => i / 10);

/** Recalls of a system on the validation images with its logits adjusted. */
export interface AdjustmentPoint {
  /** Name of the system. */
  system: string;
  task: Task;
  /** Name of the protocol. */
  protocol: string;
  /** After how many candidates. */
  k: number;
  /** Strength of the adjustment. */
  strength: number;
  R: number;
  mR: number;
  F1: number;
  /** True if it has the best F1, the least strength of equals. */
  isChosen: boolean;
}

/**
 * Parses a strength.
 *
 * @param text A number, or `auto`.
 * @returns The number; `undefined` for `auto`.
 * @throws {RangeError} If it is neither, or not in [0, 10].
 */
export function parseStrength(text: string): number | undefined {
  if (text === "auto") return undefined;
  const strength = text.trim() === "" ? NaN : Number(text);
  if (strength >= 0 && strength <= 10) return strength;
  throw new RangeError(
    `Cannot adjust logits as --logit-adjustment must be "auto" or a number in [0, 10]: found "${text}"`,
  );
}

/** Settings of {@linkcode adjustSystems}. */
export interface AdjustmentOptions {
  /** The strength; chosen on the validation images if it is missing. */
  strength?: number;
  /** Counts of training. */
  training: TrainingTriplets;
  /** The task and the protocol that decide. */
  task: Task;
  protocol: Protocol;
  /** Numbers of candidates, ascending; the last decides. */
  ks: readonly number[];
  /** Number of validation images; default: all. */
  limit?: number;
}

/**
 * Adjusts systems; if no strength is given, each by the one with the best F1 on the
 * validation images.
 *
 * @param systems The systems by name.
 * @param dataset The dataset.
 * @param options Strength, training, and what decides.
 * @param listener Receives the progress.
 * @returns The systems, and the recalls of all strengths that were tried.
 */
export async function adjustSystems(
  systems: Readonly<Record<string, System>>,
  dataset: Dataset,
  options: AdjustmentOptions,
  listener: Listener,
): Promise<{ systems: Record<string, System>; curve: AdjustmentPoint[] }> {
  const numPredicates = dataset.vocabulary.predicates.length;
  const frequencies = logFrequencies(options.training, numPredicates);
  const curve = options.strength === undefined
    ? await curveOf(systems, dataset, frequencies, options, listener)
    : [];
  const strengthOf = (name: string) =>
    options.strength ??
      curve.find(({ system, isChosen }) => system === name && isChosen)!.strength;
  const adjusted = Object.entries(systems).map(([name, system]) =>
    [name, adjustedSystem(system, frequencies, strengthOf(name))] as const
  );
  return { systems: Object.fromEntries(adjusted), curve };
}

async function curveOf(
  systems: Readonly<Record<string, System>>,
  dataset: Dataset,
  frequencies: Float64Array,
  { task, protocol, ks, limit }: AdjustmentOptions,
  listener: Listener,
): Promise<AdjustmentPoint[]> {
  const names = Object.keys(systems), k = ks[ks.length - 1];
  const tried: Record<string, System> = {};
  for (const name of names) {
    const once = remembering(systems[name]);
    for (const strength of STRENGTHS) {
      tried[`${name} ${strength}`] = adjustedSystem(once, frequencies, strength);
    }
  }
  const bar = listener.progress("choose adjustment", "images");
  const total = Math.min(limit ?? Infinity, dataset.size("validation"));
  const evaluations = await evaluate(dataset.examples("validation", { limit }), tried, {
    ...{ tasks: [task], protocols: [protocol], metrics: "R,mR,F1", ks: [k] },
    numPredicates: frequencies.length,
    total,
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  return names.flatMap((system, s) => {
    const points = STRENGTHS.map((strength, i) => {
      const { evaluator } = evaluations[s * STRENGTHS.length + i];
      const [R, mR, F1] = evaluator.result().values.map(({ value }) => value);
      return { system, task, protocol: protocol.name, k, strength, R, mR, F1 };
    });
    const best = Math.max(...points.map(({ F1 }) => F1));
    // Without a relation to find no F1 is a number, and nothing is adjusted.
    const chosen = Math.max(0, points.findIndex(({ F1 }) => F1 === best));
    return points.map((point, i) => ({ ...point, isChosen: i === chosen }));
  });
}

/** A system that answers the batch before once more without computing it again. */
function remembering(system: System): System {
  let last: readonly Example[] | undefined;
  let answer: Promise<readonly SystemOutput[]>;
  return (examples) => {
    if (examples !== last) [last, answer] = [examples, system(examples)];
    return answer;
  };
}
