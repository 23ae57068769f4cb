/**
 * What an evaluation found, as plain data.
 *
 * @module
 */

import type { AccuracyCounts } from "./accuracy.ts";
import type { Protocol, Task } from "./protocol.ts";

/** One number. */
export interface MetricValue {
  /** Name of the metric. */
  metric: string;
  /** After how many candidates; null for metrics that have no K. */
  k: number | null;
  /** A fraction; NaN if no row counts. */
  value: number;
  /** How many images have rows that count. */
  images: number;
}

/** How one predicate fares. */
export interface PredicateValue {
  /** Index of the predicate. */
  predicate: number;
  /** The list: `R`, `ngR`, `R/10`, ... */
  metric: string;
  /** After how many candidates. */
  k: number;
  /** Images that have the predicate. */
  images: number;
  /** Annotated rows that have it. */
  rows: number;
  /** Rows hit. */
  hits: number;
  /** Recall as the protocol takes it for one predicate; NaN without a row. */
  value: number;
}

/** What an evaluation found. */
export interface EvaluationResult {
  /** What was given. */
  task: Task;
  /** Every choice behind the numbers. */
  protocol: Protocol;
  /** Images that count. */
  images: number;
  /** One number a metric and K, in the order asked for. */
  values: MetricValue[];
  /** One entry a predicate, list and K, for metrics that look at predicates apart. */
  perPredicate: PredicateValue[];
  /** The counts of the published program's own test. */
  accuracy: AccuracyCounts;
  /** What was odd, and what the original programs would have made of it. */
  warnings: string[];
}
