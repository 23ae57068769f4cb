/**
 * A job: one training run that depends on no other, with a name of its own.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import type { Preset, VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { BackendName } from "../kernels/backend.ts";

/** A training run as plain data, which can be sent to another thread. */
export interface Job {
  /** Its name, a hash of what decides its result. */
  name: string;
  /** The folder of its files. */
  folder: string;
  variant: VariantName;
  /** Path of the processed dataset. */
  dataset: string;
  settings: Preset;
  /** The command that does the same, which the checkpoint records. */
  command: string;
  backend?: BackendName;
  deterministic?: boolean;
}

/**
 * Names a job by a hash of everything that decides its result, so that a finished one is
 * found again wherever it stands in a list of jobs.
 *
 * @param job The job.
 * @param dataset Its dataset.
 */
export function nameJob(job: Omit<Job, "name">, { manifest }: Dataset): Job {
  const { variant, settings, deterministic = false } = job;
  const { inputsHash, seed, labelPredictor, splits } = manifest;
  const data = [inputsHash, seed, labelPredictor, splits.train, splits.validation];
  const text = JSON.stringify([variant, settings, deterministic, data]);
  return { ...job, name: sha256(text).slice(0, 12) };
}
