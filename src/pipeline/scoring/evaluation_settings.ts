/**
 * The settings of an evaluation.
 *
 * @module
 */

import type { SplitName } from "../../dataset/manifest.ts";
import { parseKs, parseMetrics } from "../../eval/metric.ts";
import type { MissingImages } from "../../eval/prediction_files/score.ts";
import type { JobShard } from "../../job_shard.ts";
import {
  type BackendName,
  type BackendOptions,
  checkBackend,
} from "../../kernels/backend.ts";
import type { Precision } from "../../model/int8.ts";
import { chooseWorkers } from "../../train/worker_pool.ts";
import { type AdjustmentPoint, parseStrength } from "./logit_adjustment.ts";
import { planOf, SYSTEM_DEFAULTS } from "./scoring_plan.ts";

/** Settings of an evaluation, named like the flags of the tasks. */
export interface EvaluationSettings extends BackendOptions {
  /** The split to score. */
  split: SplitName;
  /** Comma-separated tasks; default: that of a file of predictions, else those of the plan. */
  task?: string;
  /** Comma-separated protocols; default: those of the plan. */
  protocol?: string;
  /** Comma-separated metrics. */
  metrics: string;
  /** The values of K: numbers of top candidates. */
  k: readonly number[];
  /** Path of a list of zero-shot triplets; default: all triplets absent from training. */
  zeroShot?: string;
  /** How to treat images that a file of predictions lacks; default `refuse`. */
  missing?: MissingImages;
  /** Predicted triplets of a lower score are left out; default: none. */
  threshold?: number;
  /** Whether the scores of the candidates are kept for the viewer; default: no. */
  keepScores?: boolean;
  /** A file to which the hits and ranks of each image are written. */
  perImage?: string;
  /** KaihuaTang's files: shorter side and limit of the longer one of resized images. */
  testSize?: readonly number[];
  /** neural-motifs' files: longer side of the image that boxes are of; 0: as it is. */
  boxScale?: number;
  /**
   * Strength of an adjustment of predicate logits by frequency, or `auto`: that with the
   * best F1 on the validation images; default: none.
   */
  logitAdjustment?: string;
  /** Receives the recalls of the strengths that `auto` tries. */
  onAdjustment?: (curve: readonly AdjustmentPoint[]) => unknown;
  /** Number of images to score, from the first on; default: all. */
  limit?: number;
  /** Scores only the part of these images that one of several jobs takes. */
  shard?: JobShard;
  /** A file to which the state of the evaluation is written, to be merged with others. */
  state?: string;
  /** The backend of networks; default: the backend's own choice. */
  backend?: BackendName;
  /** Precision of the hidden layers of networks; default `float32`. */
  precision?: Precision;
  /** Number of cores for networks; default: as many as the backend can use. */
  workers?: number;
}

/**
 * Checks settings before any file is read or written.
 *
 * @throws {RangeError} If a task, protocol, metric or backend is unknown, or the backend
 * does not support the number of workers.
 */
export function checkSettings(settings: EvaluationSettings): void {
  checkBackend(settings.backend, settings);
  chooseWorkers(settings.workers, settings.backend ?? "wasm");
  planOf(settings, SYSTEM_DEFAULTS);
  checkTestSize(settings.testSize);
  if (settings.logitAdjustment !== undefined) parseStrength(settings.logitAdjustment);
  parseMetrics(settings.metrics);
  parseKs(settings.k);
}

function checkTestSize(size: readonly number[] = [1, 1]): void {
  if (size.length === 2 && size[0] <= size[1]) return;
  throw new RangeError(
    `Cannot use --test-size: it must be the shorter side and the limit of the longer one, such as 600,1000: found "${size}"`,
  );
}
