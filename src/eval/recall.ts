/**
 * Scores predictions of any system, image by image.
 *
 * @module
 */

import type { AnnotatedImage } from "../dataset/example.ts";
import {
  ACCURACIES,
  ACCURACY_COUNTS,
  type AccuracyCounts,
  accuracyOf,
} from "./accuracy.ts";
import { ImageTable, isInSubset } from "./image_table.ts";
import {
  listKey,
  type ListSpec,
  type Metric,
  parseKs,
  parseMetric,
  parseMetrics,
} from "./metric.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { entitiesOf, type Prediction } from "./prediction.ts";
import {
  checkProtocol,
  parseProtocol,
  type Protocol,
  type ProtocolName,
  type Task,
} from "./protocol.ts";
import { PredicateTallies, Tally } from "./tally.ts";
import { Warnings } from "./warnings.ts";
import type { ZeroShot } from "./zero_shot.ts";

/** Settings of a {@linkcode RecallEvaluator}. */
export interface EvaluatorOptions {
  /** What is given; default `sgcls`. */
  task?: Task;
  /** Names of metrics, see `metric.ts`; default `R`. */
  metrics?: string | readonly string[];
  /** Numbers of candidates; default 20, 50 and 100. */
  ks?: readonly number[];
  /** Predicates without "no relation"; default: as many as the first prediction has. */
  numPredicates?: number;
  /** Which triplets are unseen in training; needed by `zR` and `sR`. */
  zeroShot?: ZeroShot;
  /** If true, keeps a few bytes an annotated row, for bootstrap and comparison. */
  keepImages?: boolean;
}

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
  task: Task;
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

/**
 * Recall of scene graphs under one protocol.
 *
 * Memory does not grow with the number of images (unless `keepImages`), sums are exact,
 * so {@linkcode RecallEvaluator.merge} is associative to the last bit.
 *
 * @example
 * ```ts
 * import { RecallEvaluator } from "./recall.ts";
 * const truth = {
 *   id: "1",
 *   width: 100,
 *   height: 100,
 *   boxes: Float32Array.of(0, 0, 50, 90, 10, 0, 40, 20),
 *   entityLabels: Int32Array.of(0, 1),
 *   relations: Int32Array.of(0, 1, 1),
 * };
 * const evaluator = new RecallEvaluator("motifs", { task: "predcls", ks: [1, 2] });
 * evaluator.add(truth, {
 *   pairs: [0, 1, 1, 0],
 *   predicateScores: [0.1, 0.7, 0.8, 0.1],
 * });
 * const { values } = evaluator.result();
 * if (values[0].value !== 0 || values[1].value !== 1) throw new Error();
 * ```
 */
export class RecallEvaluator {
  /** The choices it follows. */
  readonly protocol: Protocol;
  /** What is given. */
  readonly task: Task;
  /** The metrics, in the order asked for. */
  readonly metrics: readonly Metric[];
  /** Numbers of candidates, ascending. */
  readonly ks: readonly number[];
  /** What is kept of each image, if it is. */
  readonly table?: ImageTable;
  readonly #options: EvaluatorOptions;
  readonly #lists: ListSpec[] = [];
  readonly #tallies = new Map<string, Tally>();
  readonly #perPredicate = new Map<string, PredicateTallies>();
  readonly #accuracy: AccuracyCounts;
  readonly #warnings = new Warnings();
  #numPredicates?: number;
  #images = 0;

  /**
   * @param protocol One of the named protocols, or any record of choices.
   * @param options Task, metrics, K.
   * @throws {RangeError} If a name is unknown, or `zR` is asked for without `zeroShot`.
   */
  constructor(protocol: Protocol | ProtocolName, options: EvaluatorOptions = {}) {
    this.protocol = typeof protocol === "string"
      ? parseProtocol(protocol)
      : checkProtocol(protocol);
    this.task = options.task ?? "sgcls";
    this.metrics = parseMetrics(options.metrics ?? "R");
    this.ks = parseKs(options.ks ?? [20, 50, 100]);
    this.#options = options;
    this.#numPredicates = options.numPredicates;
    for (const { name, rows } of this.metrics) {
      if (!options.zeroShot && (rows === "unseen" || rows === "seen")) {
        throw new RangeError(
          `Cannot compute ${name} without the triplets of training: give "zeroShot"`,
        );
      }
    }
    for (const metric of this.metrics) {
      if (metric.kind !== "accuracy") this.listOf(metric);
    }
    if (options.keepImages) this.table = new ImageTable(this.#lists.length);
    this.#accuracy = emptyCounts();
  }

  /** Number of predicates, "no relation" left out, as far as it is known. */
  get numPredicates(): number | undefined {
    return this.#numPredicates;
  }

  /** Index of the ranked list that a metric looks at. */
  listOf({ list }: Metric): number {
    const key = listKey(list);
    const found = this.#lists.findIndex((other) => listKey(other) === key);
    return found >= 0 ? found : this.#lists.push(list) - 1;
  }

  /**
   * Scores one image.
   *
   * @param truth What annotators said of it.
   * @param prediction What the system says.
   * @returns This evaluator.
   * @throws {RangeError} Names the image if the prediction does not fit it.
   */
  add(truth: AnnotatedImage, prediction: Prediction): this {
    const { protocol, task } = this;
    const outcome = outcomeOf(truth, prediction, {
      task,
      protocol,
      lists: this.#lists,
      depth: this.ks[this.ks.length - 1],
      numPredicates: this.#numPredicates,
      zeroShot: this.#options.zeroShot,
    });
    this.#numPredicates ??= outcome.numPredicates;
    this.#warnings.add(truth.id, outcome.flaws);
    const hasRows = outcome.predicates.length > 0;
    const isSkipped = hasRows
      ? !outcome.hasPredictions && protocol.withoutPredictions === "skip"
      : protocol.withoutRelations === "skip";
    if (isSkipped) {
      this.table?.add(truth.id);
      return this;
    }
    this.#images++;
    const counts = task === "sgdet"
      ? emptyCounts()
      : accuracyOf(truth, entitiesOf(truth, prediction, task).labels, prediction);
    for (const name of ACCURACY_COUNTS) this.#accuracy[name] += counts[name];
    this.#tally(outcome);
    this.table?.add(truth.id, outcome, counts);
    return this;
  }

  #tally(outcome: Outcome): void {
    const numRows = outcome.predicates.length;
    const done = new Set<Tally | PredicateTallies>();
    for (const metric of this.metrics) {
      if (metric.kind === "accuracy") continue;
      const ranks = outcome.ranks[this.listOf(metric)];
      const tally = this.#tallyOf(metric);
      if (!done.has(tally)) {
        done.add(tally);
        const chosen: number[] = [];
        for (let r = 0; r < numRows; r++) {
          if (isInSubset(outcome.flags[r], metric.rows)) chosen.push(ranks[r]);
        }
        tally.add(chosen.length, this.#hits(chosen));
      }
      if (metric.kind === "recall") continue;
      const tallies = this.#talliesOf(metric);
      if (done.has(tallies)) continue;
      done.add(tallies);
      const byPredicate = new Map<number, number[]>();
      for (let r = 0; r < numRows; r++) {
        const predicate = outcome.predicates[r], chosen = byPredicate.get(predicate);
        if (chosen) chosen.push(ranks[r]);
        else byPredicate.set(predicate, [ranks[r]]);
      }
      for (const [predicate, chosen] of byPredicate) {
        tallies.of(predicate).add(chosen.length, this.#hits(chosen));
      }
    }
  }

  /** How many ranks are below each K. */
  #hits(ranks: number[]): number[] {
    return this.ks.map((k) =>
      ranks.reduce((hits, rank) => rank < k ? hits + 1 : hits, 0)
    );
  }

  #tallyOf({ list, rows }: Metric): Tally {
    const key = `${listKey(list)} ${rows}`;
    let tally = this.#tallies.get(key);
    if (!tally) this.#tallies.set(key, tally = new Tally(this.ks.length));
    return tally;
  }

  #talliesOf({ list }: Metric): PredicateTallies {
    const key = listKey(list);
    let tallies = this.#perPredicate.get(key);
    if (!tallies) {
      this.#perPredicate.set(key, tallies = new PredicateTallies(this.ks.length));
    }
    return tallies;
  }

  /**
   * Takes all that another evaluator of equal settings has seen; both must have seen
   * different images.
   *
   * @param other The other one, which stays as it is.
   * @returns This evaluator.
   * @throws {RangeError} If the settings differ.
   */
  merge(other: RecallEvaluator): this {
    const [mine, theirs] = [this, other].map((evaluator) =>
      JSON.stringify([
        evaluator.task,
        evaluator.protocol,
        evaluator.metrics.map(({ name }) => name),
        evaluator.ks,
        evaluator.table !== undefined,
        (evaluator.numPredicates && this.numPredicates && other.numPredicates) &&
        evaluator.numPredicates,
      ])
    );
    if (mine !== theirs) {
      throw new RangeError(
        `Cannot merge evaluators as their settings must be equal: found ${mine} and ${theirs}`,
      );
    }
    this.#numPredicates ??= other.#numPredicates;
    this.#images += other.#images;
    for (const name of ACCURACY_COUNTS) this.#accuracy[name] += other.#accuracy[name];
    for (const metric of this.metrics) {
      // Several metrics may share a tally: each key is joined once, below.
      if (metric.kind === "accuracy") continue;
      this.#tallyOf(metric);
      if (metric.kind !== "recall") this.#talliesOf(metric);
    }
    for (const [key, tally] of other.#tallies) this.#tallies.get(key)!.merge(tally);
    for (const [key, all] of other.#perPredicate) this.#perPredicate.get(key)!.merge(all);
    this.#warnings.merge(other.#warnings);
    if (other.table) this.table?.merge(other.table);
    return this;
  }

  /**
   * The numbers so far.
   *
   * @throws {RangeError} If a mean over predicates is asked for and their number is not
   * known.
   */
  result(): EvaluationResult {
    return {
      task: this.task,
      protocol: this.protocol,
      images: this.#images,
      values: this.metrics.flatMap((metric) => this.#valuesOf(metric)),
      perPredicate: this.metrics.filter(({ kind }) => kind === "mean")
        .flatMap((metric) => this.#predicateValues(metric)),
      accuracy: { ...this.#accuracy },
      warnings: this.#warnings.texts(),
    };
  }

  #valuesOf(metric: Metric): MetricValue[] {
    if (metric.kind === "accuracy") {
      return Object.entries(ACCURACIES).flatMap(([name, [right, all]]) => {
        if (this.#accuracy[all] === 0) return [];
        const value = this.#accuracy[right] / this.#accuracy[all];
        return [{ metric: name, k: null, value, images: this.#images }];
      });
    }
    const { images } = this.#tallyOf(metric);
    return this.ks.map((k, i) => {
      return { metric: metric.name, k, value: this.#valueOf(metric, i), images };
    });
  }

  #valueOf(metric: Metric, i: number): number {
    const { aggregate, perPredicate, absentPredicates } = this.protocol;
    const recall = this.#tallyOf(metric).recall(
      i,
      metric.isPooled ? "pooled" : aggregate,
    );
    if (metric.kind === "recall") return recall;
    if (this.#numPredicates === undefined) {
      throw new RangeError(
        `Cannot compute ${metric.name} as no prediction tells how many predicates there are: give "numPredicates"`,
      );
    }
    const mean = this.#talliesOf(metric)
      .mean(i, this.#numPredicates, perPredicate, absentPredicates);
    return metric.kind === "mean" ? mean : harmonicMean(recall, mean);
  }

  #predicateValues(metric: Metric): PredicateValue[] {
    const tallies = this.#talliesOf(metric);
    const name = parseMetric(metric.name.replace("mR", "R")).name;
    return Array.from({ length: this.#numPredicates ?? 0 }, (_, predicate) => {
      const tally = tallies.of(predicate), { images, rows } = tally;
      return this.ks.map((k, i) => {
        const value = tally.recall(i, this.protocol.perPredicate);
        return { predicate, metric: name, k, images, rows, hits: tally.hits(i), value };
      });
    }).flat();
  }
}

/** F1 of two recalls, 0 if both are. */
export function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : 2 * a * b / (a + b);
}

function emptyCounts(): AccuracyCounts {
  return Object.fromEntries(ACCURACY_COUNTS.map((name) => [name, 0])) as AccuracyCounts;
}
