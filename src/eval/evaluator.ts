/**
 * Scores predictions of any system, image by image.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { JsonValue } from "../json_value.ts";
import { ACCURACY_COUNTS, noCounts } from "./accuracy.ts";
import type { ImageCandidates } from "./candidate_scores.ts";
import { checkPrediction, readAnnotatedImage } from "./check_input.ts";
import {
  checkEvaluatorOptions,
  type EvaluationResult,
  type EvaluatorOptions,
} from "./evaluation_result.ts";
import { type ImageResult, imageResults } from "./image_results.ts";
import type { EvaluatorState } from "./evaluator_state.ts";
import { ImageRecords } from "./image_records.ts";
import { checkKnown, listsOf, type Metric, parseKs, parseMetrics } from "./metric.ts";
import {
  type MetricSettings,
  type MetricStatistic,
  metricStatistics,
  predicateValues,
} from "./metric_values.ts";
import type { Prediction } from "./prediction.ts";
import {
  checkProtocol,
  parseProtocol,
  type Protocol,
  type ProtocolName,
  type Task,
} from "./protocol.ts";
import { scoreImage } from "./score_image.ts";
import { Warnings } from "./warnings.ts";
import type { TrainingTriplets, ZeroShot } from "./zero_shot.ts";

export type { EvaluationResult, EvaluatorOptions } from "./evaluation_result.ts";
export type { ImageHits, ImageResult, ImageTriplet } from "./image_results.ts";
export type { MetricValue, PredicateValue } from "./metric_values.ts";

/**
 * Recall of scene graphs under one protocol.
 *
 * It keeps the rank of every annotated row: values, intervals and comparisons are
 * computed from these records. Memory grows by about 130 bytes an image: its id, 37
 * bytes, and for each annotated row 7 bytes and 2 for each ranked list.
 *
 * Evaluators that saw parts of the images and are joined in any order by
 * {@linkcode RecallEvaluator.merge} give the same values, to the last bit, as one that
 * saw all of them.
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
  /** The protocol it follows. */
  readonly protocol: Protocol;
  /** What the system is given. */
  readonly task: Task;
  /** Numbers of candidates, ascending. */
  readonly ks: readonly number[];
  readonly #metrics: readonly Metric[];
  readonly #zeroShot?: ZeroShot;
  readonly #training?: TrainingTriplets;
  readonly #minScore?: number;
  readonly #warnings = new Warnings();
  #numPredicates?: number;
  #records: ImageRecords;

  /**
   * Begins without images.
   *
   * @param protocol One of the named protocols, or any record of choices.
   * @param options Task, metrics, K.
   * @throws {RangeError} If a name is unknown, `zR` is asked for without `zeroShot`, or
   * the least score is not finite.
   */
  constructor(protocol: Protocol | ProtocolName, options: EvaluatorOptions = {}) {
    checkEvaluatorOptions(options);
    this.protocol = typeof protocol === "string"
      ? parseProtocol(protocol)
      : checkProtocol(protocol);
    this.task = options.task ?? "sgcls";
    this.ks = parseKs(options.ks ?? [20, 50, 100]);
    this.#metrics = parseMetrics(options.metrics ?? "R");
    this.#training = options.training;
    this.#zeroShot = options.zeroShot ?? options.training;
    this.#numPredicates = options.numPredicates;
    this.#minScore = options.minScore;
    if (!Number.isFinite(options.minScore ?? 0)) {
      throw new RangeError(
        `Cannot leave out triplets as the least score must be finite: current value is ${options.minScore}`,
      );
    }
    checkKnown(this.#metrics, { zeroShot: this.#zeroShot, training: this.#training });
    this.#records = new ImageRecords(listsOf(this.#metrics), options.keepScores);
  }

  /** Number of predicates without "no relation", if it is known yet. */
  get numPredicates(): number | undefined {
    return this.#numPredicates;
  }

  /**
   * Ids of all images in order, including those that are not scored.
   *
   * @internal
   */
  get imageIds(): readonly string[] {
    return this.#records.ids;
  }

  /**
   * Scores one image.
   *
   * @param image The annotated image, whose arrays may be plain lists; detections are
   * compared with its `annotated` boxes.
   * @param predicted What the system says about it. Boxes, and in PredCls and predicate
   * detection labels, must be the annotated ones; boxes may be in another order.
   * @returns This evaluator.
   * @throws {TypeError} If the image or the prediction has another form.
   * @throws {RangeError} Names the image if the prediction does not fit it.
   */
  add(image: AnnotatedImage, predicted: Prediction): this {
    image = readAnnotatedImage(image);
    checkPrediction(predicted);
    const { ranks, accuracy, isSkipped } = scoreImage(image, predicted, {
      task: this.task,
      protocol: this.protocol,
      lists: this.#records.lists,
      depth: this.ks[this.ks.length - 1],
      numPredicates: this.#numPredicates,
      zeroShot: this.#zeroShot,
      training: this.#training,
      minScore: this.#minScore,
      keepRankings: this.#records.candidates !== undefined,
      judged: this.#metrics.some(({ kind }) => kind === "judged"),
    }, this.#warnings);
    this.#numPredicates ??= ranks.numPredicates;
    if (isSkipped) this.#records.skip(image.id, ranks);
    else this.#records.add(image.id, ranks, accuracy);
    return this;
  }

  /** Notes an image that is not scored, so that comparisons know of it. */
  skip(id: string): void {
    new JsonValue(id, "the id of an image").id();
    this.#records.skip(id);
  }

  /**
   * Appends the images of another evaluator with equal settings. The two must have seen
   * different images.
   *
   * @param other The other one, which stays as it is.
   * @returns This evaluator.
   * @throws {TypeError} If it is no evaluator.
   * @throws {RangeError} If the settings differ.
   */
  merge(other: RecallEvaluator): this {
    if (!(other instanceof RecallEvaluator)) {
      new JsonValue(other, "the other evaluator").refuseKind("a RecallEvaluator");
    }
    const [mine, theirs] = [this, other].map((evaluator) =>
      JSON.stringify([
        evaluator.task,
        evaluator.protocol,
        evaluator.#metrics.map(({ name }) => name),
        evaluator.ks,
        evaluator.#minScore,
        evaluator.#records.candidates !== undefined,
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
    this.#records.append(other.#records);
    this.#warnings.merge(other.#warnings);
    return this;
  }

  /**
   * Everything that it has seen.
   *
   * @internal
   */
  state(): EvaluatorState {
    return {
      ids: this.#records.ids,
      columns: this.#records.columns(),
      warnings: this.#warnings.counts(),
      numPredicates: this.#numPredicates,
    };
  }

  /**
   * The candidates of an image by its place, if they are kept.
   *
   * @internal
   */
  candidatesOf(image: number): ImageCandidates | undefined {
    return this.#records.candidates?.of(image);
  }

  /**
   * Appends the images that an evaluator with equal settings has seen.
   *
   * @internal
   */
  addState({ ids, columns, warnings, numPredicates }: EvaluatorState): void {
    this.#numPredicates ??= numPredicates;
    this.#records.appendColumns(ids, columns);
    this.#warnings.addCounts(warnings);
  }

  /**
   * Puts the images into another order, as comparisons need the same one.
   *
   * @param ids Ids of all images in that order.
   * @internal
   */
  reorder(ids: readonly string[]): void {
    this.#records = this.#records.inOrder(ids);
  }

  /**
   * Every metric at every K as a function of the sample of images.
   *
   * @throws {RangeError} If a mean over predicates needs their number and it is unknown.
   * @internal
   */
  statistics(): MetricStatistic[] {
    return [...metricStatistics(this.#records, this.#settings())];
  }

  /**
   * The numbers so far, computed from all images that were added.
   *
   * @throws {RangeError} If a mean over predicates needs their number and it is unknown.
   */
  result(): EvaluationResult {
    const records = this.#records, settings = this.#settings();
    const accuracy = noCounts();
    for (const name of ACCURACY_COUNTS) {
      for (const count of records.accuracyCounts(name)) accuracy[name] += count;
    }
    return {
      task: this.task,
      protocol: this.protocol,
      images: records.numScored,
      values: Array.from(
        metricStatistics(records, settings),
        ({ metric, k, value, images }) => ({ metric, k, value, images }),
      ),
      perPredicate: predicateValues(records, settings),
      accuracy,
      warnings: this.#warnings.texts(),
    };
  }

  /**
   * What was found in each image: hits, and the rank of every annotated triplet.
   *
   * @returns One entry an image, in the order in which they were added.
   *
   * @example
   * ```ts
   * import { RecallEvaluator } from "./evaluator.ts";
   * const evaluator = new RecallEvaluator("motifs", { task: "predcls", ks: [20] });
   * evaluator.add({
   *   id: "1",
   *   width: 100,
   *   height: 100,
   *   boxes: Float32Array.of(0, 0, 50, 90, 10, 0, 40, 20),
   *   entityLabels: Int32Array.of(0, 1),
   *   relations: Int32Array.of(0, 1, 1),
   * }, { pairs: [0, 1, 1, 0], predicateScores: [0.1, 0.7, 0.8, 0.1] });
   * const [{ triplets }] = evaluator.imageResults();
   * if (triplets[0].ranks.R !== 2) throw new Error();
   * ```
   */
  imageResults(): Generator<ImageResult> {
    return imageResults(this.#records, this.#metrics, this.ks);
  }

  #settings(): MetricSettings {
    const { ks, protocol } = this;
    return {
      ...{ metrics: this.#metrics, ks, protocol },
      numPredicates: this.#numPredicates,
      training: this.#training,
    };
  }
}
