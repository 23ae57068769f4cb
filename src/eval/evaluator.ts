/**
 * Scores predictions of any system, image by image.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { accuracyOf, noCounts } from "./accuracy.ts";
import { ImageTable } from "./image_table.ts";
import { listKey, type ListSpec, type Metric, parseKs, parseMetrics } from "./metric.ts";
import { outcomeOf } from "./matching/image_ranks.ts";
import { entitiesOf, type Prediction } from "./prediction.ts";
import {
  checkProtocol,
  parseProtocol,
  type Protocol,
  type ProtocolName,
  type Task,
} from "./protocol.ts";
import type { EvaluationResult } from "./result.ts";
import { Sums } from "./sums.ts";
import { Warnings } from "./warnings.ts";
import type { ZeroShot } from "./zero_shot.ts";

export type { EvaluationResult, MetricValue, PredicateValue } from "./result.ts";

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

/**
 * Recall of scene graphs under one protocol.
 *
 * Memory does not grow with the number of images (unless `keepImages`), sums are exact,
 * so {@linkcode RecallEvaluator.merge} is associative to the last bit.
 *
 * @example
 * ```ts
 * import { RecallEvaluator } from "./evaluator.ts";
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
  /**
   * The metrics, in the order asked for.
   *
   * @internal
   */
  readonly metrics: readonly Metric[];
  /** Numbers of candidates, ascending. */
  readonly ks: readonly number[];
  /**
   * What is kept of each image, if it is.
   *
   * @internal
   */
  readonly table?: ImageTable;
  readonly #options: EvaluatorOptions;
  readonly #lists: ListSpec[] = [];
  readonly #sums: Sums;
  readonly #warnings = new Warnings();
  #numPredicates?: number;

  /**
   * Begins with no image.
   *
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
    this.#sums = new Sums(
      this.protocol,
      this.metrics,
      this.ks,
      (metric) => this.listOf(metric),
    );
  }

  /** Number of predicates, "no relation" left out, as far as it is known. */
  get numPredicates(): number | undefined {
    return this.#numPredicates;
  }

  /**
   * Index of the ranked list that a metric looks at.
   *
   * @internal
   */
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
    const hasRows = outcome.predicates.length > 0;
    const hasPairs = outcome.hasPredictions && hasRows && task !== "preddet";
    this.#warnings.add(truth.id, outcome.flaws, hasPairs);
    const isSkipped = hasRows
      ? !outcome.hasPredictions && protocol.withoutPredictions === "skip"
      : protocol.withoutRelations === "skip";
    if (isSkipped) {
      this.skip(truth.id);
      return this;
    }
    const counts = task === "sgdet"
      ? noCounts()
      : accuracyOf(truth, entitiesOf(truth, prediction, task).labels, prediction);
    this.#sums.add(outcome, counts);
    this.table?.add(truth.id, outcome, counts);
    return this;
  }

  /** Notes an image that is not scored, so that comparisons know of it. */
  skip(id: string): void {
    this.table?.add(id);
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
    this.#sums.merge(other.#sums);
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
    const sums = this.#sums;
    return {
      task: this.task,
      protocol: this.protocol,
      images: sums.images,
      values: this.metrics.flatMap((metric) =>
        sums.valuesOf(metric, this.#numPredicates)
      ),
      perPredicate: this.metrics.filter(({ kind }) => kind === "mean")
        .flatMap((metric) => sums.predicateValues(metric, this.#numPredicates)),
      accuracy: { ...sums.accuracy },
      warnings: this.#warnings.texts(),
    };
  }
}
