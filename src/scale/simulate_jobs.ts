/**
 * What the size of jobs costs: a simulation of many jobs on many cores, some of which are
 * slow and some of which fail.
 *
 * @module
 */

import { Random } from "../random.ts";

/** Images, the cores that work on them, and what may go wrong. */
export interface JobModel {
  /** Number of images. */
  images: number;
  /** Number of images of a job; the last one may have fewer. */
  imagesPerJob: number;
  /** Number of cores; each does one job at a time. */
  cores: number;
  /** Seconds from the start of a job to its first image. */
  startSeconds: number;
  /** Seconds of an image. */
  imageSeconds: number;
  /** Share of attempts that are on a slow machine; default 0. */
  slowShare?: number;
  /** How many times as long an attempt takes there; default 1. */
  slowFactor?: number;
  /**
   * Failures in an hour of a core, such as machines that are taken back; default 0. A job
   * that fails loses its work and is done again, after all others that wait.
   */
  failuresPerHour?: number;
  /** Seed of slowness and failures; default 0. */
  seed?: number;
}

/** How it went. */
export interface JobOutcome {
  jobs: number;
  /** Starts of jobs, with those that failed. */
  attempts: number;
  /** Seconds until the last job ended. */
  seconds: number;
  /** Seconds of all attempts together, which are paid. */
  coreSeconds: number;
  /** Seconds of the attempts that failed. */
  lostSeconds: number;
}

/** An attempt that runs: when it ends, and how. */
interface Attempt {
  end: number;
  job: number;
  hasFailed: boolean;
}

/** Jobs that fail so often never end; the limit is far above what is worth simulating. */
const MAX_ATTEMPTS_PER_JOB = 1000;

/**
 * Simulates jobs in the order of their images, each on the next core that is free.
 *
 * @param model Images, cores and what may go wrong.
 * @returns Times and attempts; the same seed gives the same.
 * @throws {RangeError} If a number of the model is out of range, or if jobs are so long that
 * almost every attempt fails.
 */
export function simulateJobs(model: JobModel): JobOutcome {
  checkModel(model);
  const { images, imagesPerJob, cores, startSeconds, imageSeconds } = model;
  const { slowShare = 0, slowFactor = 1, failuresPerHour = 0, seed = 0 } = model;
  const jobs = Math.ceil(images / imagesPerJob);
  const random = new Random(seed, "jobs", imagesPerJob);
  const again: number[] = [], running = new AttemptHeap();
  let attempts = 0, next = 0, nextAgain = 0, coreSeconds = 0, lostSeconds = 0;
  /** Starts the job that has waited longest. */
  const start = (now: number) => {
    const job = next < jobs ? next++ : again[nextAgain++];
    const size = Math.min(imagesPerJob, images - job * imagesPerJob);
    const factor = random.chance(slowShare) ? slowFactor : 1;
    const duration = (startSeconds + size * imageSeconds) * factor;
    // Failures come at one rate at any time, so the time to the next one is exponential.
    const untilFailure = failuresPerHour === 0
      ? Infinity
      : -Math.log(1 - random.uniform()) * 3600 / failuresPerHour;
    const hasFailed = untilFailure < duration, length = Math.min(untilFailure, duration);
    attempts++;
    coreSeconds += length;
    if (hasFailed) lostSeconds += length;
    running.add({ end: now + length, job, hasFailed });
  };
  for (let core = 0; core < cores && next < jobs; core++) start(0);
  let seconds = 0;
  while (running.size > 0) {
    const { end, job, hasFailed } = running.takeFirst();
    seconds = end;
    if (hasFailed) again.push(job);
    if (attempts > MAX_ATTEMPTS_PER_JOB * jobs) {
      throw new RangeError(
        `Cannot simulate jobs of ${imagesPerJob} images as they must end more often than they fail: found ${attempts} attempts at ${jobs} jobs; make them smaller`,
      );
    }
    if (next < jobs || nextAgain < again.length) start(end);
  }
  return { jobs, attempts, seconds, coreSeconds, lostSeconds };
}

function checkModel(model: JobModel): void {
  const check = (
    key: keyof JobModel,
    must: string,
    isRight: (value: number) => boolean,
  ) => {
    const value = model[key];
    if (value === undefined || isRight(value)) return;
    throw new RangeError(
      `Cannot simulate jobs as ${key} must be ${must}: found ${value}`,
    );
  };
  for (const key of ["images", "imagesPerJob", "cores"] as const) {
    check(key, "an integer >= 1", (value) => Number.isSafeInteger(value) && value >= 1);
  }
  for (const key of ["startSeconds", "imageSeconds", "failuresPerHour"] as const) {
    check(key, "a finite number >= 0", (value) => value >= 0 && value < Infinity);
  }
  check("slowShare", "from 0 to 1", (value) => value >= 0 && value <= 1);
  check("slowFactor", "a finite number >= 1", (value) => value >= 1 && value < Infinity);
}

/** The attempts that run, with the one that ends first in front: a binary heap. */
class AttemptHeap {
  readonly #items: Attempt[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(attempt: Attempt): void {
    const items = this.#items;
    let at = items.push(attempt) - 1;
    for (;;) {
      const parent = (at - 1) >> 1;
      if (parent < 0 || items[parent].end <= attempt.end) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = attempt;
  }

  takeFirst(): Attempt {
    const items = this.#items, first = items[0], last = items.pop()!;
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1].end < items[child].end) child++;
      if (items[child].end >= last.end) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
}
