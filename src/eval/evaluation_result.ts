/**
 * What an evaluation is asked for, and what it found.
 *
 * @module
 */

import { BOOLEAN, checkOptions, type OptionChecks } from "../check_options.ts";
import type { JsonValue } from "../json_value.ts";
import type { AccuracyCounts } from "./accuracy.ts";
import type { MetricValue, PredicateValue } from "./metric_values.ts";
import { type Protocol, type Task, TASKS } from "./protocol.ts";
import { TrainingTriplets, type ZeroShot } from "./zero_shot.ts";

/** Settings of a `RecallEvaluator`. */
export interface EvaluatorOptions {
  /** What the system is given; default `sgcls`. */
  task?: Task;
  /** Names of metrics, such as `mR`, see `docs/metrics.md`; default `R`. */
  metrics?: string | readonly string[];
  /** Numbers of candidates; default 20, 50 and 100. */
  ks?: readonly number[];
  /** Number of predicates without "no relation"; default: as the first prediction has. */
  numPredicates?: number;
  /** Tells which triplets are unseen in training; default: `training`. */
  zeroShot?: ZeroShot;
  /** Counts of training: `wR`, `mR:tail`, `R:1-5` and their like need it. */
  training?: TrainingTriplets;
  /** Predicted triplets of a lower score are left out; default: none. */
  minScore?: number;
  /**
   * Whether the scores of the candidates are kept, 10 bytes for each; default: no.
   *
   * @internal
   */
  keepScores?: boolean;
}

const CHECKS: OptionChecks<EvaluatorOptions> = {
  task: (option) => option.oneOf(TASKS),
  metrics: (option) => typeof option.value === "string" || eachOf(option, "string"),
  ks: (option) => typeof option.value === "string" || eachOf(option, "number"),
  numPredicates: (option) => option.integer({ min: 1 }),
  zeroShot: (option) =>
    typeof Object(option.value).isUnseen === "function" ||
    option.refuseKind("what zeroShotList() returns, or TrainingTriplets"),
  training: (option) =>
    option.value instanceof TrainingTriplets || option.refuseKind("TrainingTriplets"),
  // One that is not finite is refused in other words below.
  minScore: (option) => typeof option.value === "number" || option.number(),
  keepScores: BOOLEAN,
};

/** Refuses what is no list of texts, or of numbers. */
function eachOf(option: JsonValue, kind: "string" | "number"): void {
  for (const item of option.items()) kind === "string" ? item.string() : item.number();
}

/**
 * Checks the settings of an evaluator.
 *
 * @throws {TypeError | RangeError} If one is unknown, or has a value that is not allowed.
 */
export function checkEvaluatorOptions(options: EvaluatorOptions): void {
  checkOptions(options, "RecallEvaluator", CHECKS);
}

/** The settings of an evaluator among others. */
export function evaluatorOptions(options: EvaluatorOptions): EvaluatorOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(CHECKS, name)),
  );
}

/** What an evaluation found, as plain data. */
export interface EvaluationResult {
  /** What the system was given. */
  task: Task;
  /** Every choice behind the numbers. */
  protocol: Protocol;
  /** Number of images that count. */
  images: number;
  /** One entry for each metric and K, in the order asked for. */
  values: MetricValue[];
  /** One entry for each predicate, list and K, for means over predicates. */
  perPredicate: PredicateValue[];
  /** The counts of the published program's own test. */
  accuracy: AccuracyCounts;
  /** Oddities of the predictions, and how the original programs treat them. */
  warnings: string[];
}
