/**
 * The settings of a prediction.
 *
 * @module
 */

import { BOOLEAN, checkOptions, type OptionChecks } from "../check_options.ts";
import { calibrated } from "../confidence/platt.ts";
import type { Confidence } from "../confidence/confidence.ts";
import { setThresholds } from "../confidence/label_sets.ts";
import type { DecodeOptions } from "../decode_graph.ts";
import type { AttentionMeasure } from "../model/pool.ts";
import type { ForeignOptions } from "../foreign/rules.ts";
import { showValue } from "../show_value.ts";
import type { DetectionOptions } from "./detections.ts";
import type { LabelMode } from "./input.ts";

/** Settings of `SceneGraphPredictor.predict`. */
export interface PredictOptions extends ForeignOptions, DetectionOptions {
  /** Greatest number of relations to return, best first; default 100. */
  k?: number;
  /**
   * Relations with a lower score are left out; default 0. Half of the relations whose score
   * is about 0.5 were right on validation images, if the checkpoint is calibrated.
   * `"best-f1"` takes the limit of each predicate that had the best F1 there.
   */
  threshold?: number | "best-f1";
  /**
   * `"revise"` lets context change labels, the less the surer they are; one that is certain
   * stays. `"keep"` takes all labels as certain, as in PredCls. Default `"revise"`.
   */
  labels?: LabelMode;
  /**
   * Returns for each entity the labels that hold the true one with this probability, in
   * (0, 1), such as 0.9; default: none.
   */
  coverage?: number;
  /**
   * Returns the attention of the network in each step. Its weights of the features of a
   * neighbour become one share: `"mean"`, or `true`, takes their mean; `"size"` weighs each by
   * the size of the number that it multiplies. Default false.
   */
  attention?: boolean | AttentionMeasure;
  /** Whether to return what the network believed after each step; default false. */
  steps?: boolean;
  /**
   * `false` leaves the network out: the graph that the detector and the label predictor
   * give on their own, to see what context changes. Default true.
   */
  context?: boolean;
}

/** The options; those without a check are checked by {@linkcode decodeOptions} and others. */
const CHECKS: OptionChecks<PredictOptions> = {
  ...{ k: undefined, threshold: undefined, labels: undefined, coverage: undefined },
  ...{ attention: undefined, maxEntities: undefined, minBelief: undefined },
  ...{ mergeOverlap: undefined, detector: undefined },
  ...{ steps: BOOLEAN, context: BOOLEAN, strict: BOOLEAN, cutBoxes: BOOLEAN },
};

/**
 * Checks the names of settings, and those that are true or false.
 *
 * @throws {TypeError} If a setting is unknown, or neither true nor false.
 */
export function checkPredictOptions(options: PredictOptions | undefined): void {
  checkOptions(options, "predict()", CHECKS);
}

/** The values of `attention`. */
const ATTENTION: readonly unknown[] = [true, false, "mean", "size"];

/**
 * Checks the settings, and finds out how to decode logits.
 *
 * @param options The settings.
 * @param confidence What the checkpoint's probabilities are worth, if it says so.
 * @returns How to decode logits.
 * @throws {RangeError} If a setting is out of its range, or needs what the checkpoint lacks.
 */
export function decodeOptions(
  options: PredictOptions,
  confidence: Confidence | undefined,
): DecodeOptions {
  const { k = 100, threshold = 0, labels = "revise", coverage, context = true } = options;
  const { attention = false } = options;
  if (labels !== "keep" && labels !== "revise") {
    refuse('labels must be "keep" or "revise"', labels);
  }
  if (!(Number.isInteger(k) && k >= 0)) refuse("k must be an integer >= 0", k);
  const isLimit = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
  if (threshold !== "best-f1" && !isLimit) {
    refuse('threshold must be a number in [0, 1] or "best-f1"', threshold);
  }
  if (!ATTENTION.includes(attention)) {
    refuse('attention must be true, false, "mean" or "size"', attention);
  }
  const isShare = typeof coverage === "number" && coverage > 0 && coverage < 1;
  if (coverage !== undefined && !isShare) {
    refuse("coverage must be a number between 0 and 1", coverage);
  }
  const measured = context ? confidence : undefined;
  const needed = threshold === "best-f1"
    ? 'threshold "best-f1"'
    : coverage !== undefined && "coverage";
  if (needed && !measured) {
    const lacks = context
      ? "the checkpoint has no calibration: train it again"
      : "it needs the network: leave out context: false";
    throw new RangeError(`Cannot predict with ${needed} as ${lacks}`);
  }
  return {
    k,
    threshold: threshold === "best-f1" ? measured!.thresholds : threshold,
    ...measured && {
      calibration: {
        entity: (score) => calibrated(measured.entities, score),
        relation: (score) => calibrated(measured.relations, score),
      },
    },
    ...coverage !== undefined && {
      coverage: setThresholds(measured!.labelSets, coverage),
    },
  };
}

function refuse(must: string, found: unknown): never {
  throw new RangeError(`Cannot predict as ${must}: found ${showValue(found)}`);
}
