/**
 * Compares sizes of jobs by simulation.
 *
 * @module
 */

import { type JobModel, simulateJobs } from "./simulate_jobs.ts";
import type { StageRate } from "./stage_costs.ts";

/** What may go wrong, and on how many cores, where nothing else is said. */
export const USUAL_TROUBLE = {
  images: 1e7,
  cores: 1000,
  /** One attempt in twenty is on a machine that is three times slower. */
  slowShare: 0.05,
  slowFactor: 3,
  /** A core fails once in twenty hours. */
  failuresPerHour: 0.05,
} as const;

/** Price of an hour of a core where nothing else is said. */
export const USUAL_PRICE = 0.05;

/** Images of a job where nothing else is said. */
export const USUAL_JOB = 1000;

/** Sizes of jobs that are compared. */
const JOB_SIZES = [30, 100, 300, 1000, 3000, 10_000, 30_000] as const;

/** How jobs of one size went, on average over seeds. */
export interface JobSize {
  images_per_job: number;
  jobs: number;
  /** Hours until the last job ended. */
  hours: number;
  /** Hours of cores, which are paid. */
  core_hours: number;
  /** Share of them that went into starts. */
  starts: number;
  /** Share of them that was lost to failures. */
  lost: number;
  /** Hours that the images alone would take on all cores, divided by `hours`. */
  efficiency: number;
}

/**
 * Simulates jobs of several sizes.
 *
 * @param rate Times of the stage.
 * @param trouble Images, cores and what may go wrong.
 * @param sizes Numbers of images of a job.
 * @param seeds Number of simulations of each size.
 * @throws {RangeError} As {@linkcode simulateJobs}.
 */
export function compareJobSizes(
  rate: Pick<StageRate, "start_s" | "image_s">,
  trouble: Omit<JobModel, "imagesPerJob" | "startSeconds" | "imageSeconds" | "seed">,
  sizes: readonly number[] = JOB_SIZES,
  seeds = 3,
): JobSize[] {
  const { images, cores } = trouble;
  return sizes.map((imagesPerJob) => {
    const runs = Array.from({ length: seeds }, (_, seed) =>
      simulateJobs({
        ...{ ...trouble, imagesPerJob, seed },
        ...{ startSeconds: rate.start_s, imageSeconds: rate.image_s },
      }));
    const mean = (value: (run: typeof runs[number]) => number) =>
      runs.reduce((sum, run) => sum + value(run), 0) / seeds;
    const seconds = mean((run) => run.seconds),
      coreSeconds = mean((run) => run.coreSeconds);
    return {
      ...{ images_per_job: imagesPerJob, jobs: runs[0].jobs },
      ...{ hours: seconds / 3600, core_hours: coreSeconds / 3600 },
      starts: mean((run) => run.attempts) * rate.start_s / coreSeconds,
      lost: mean((run) => run.lostSeconds) / coreSeconds,
      efficiency: images * rate.image_s / cores / seconds,
    };
  });
}

/** The size whose last job ends first. */
export function bestSize(sizes: readonly JobSize[]): JobSize {
  return sizes.reduce((best, size) => size.hours < best.hours ? size : best);
}
