/**
 * What a stage costs for very many images: core-hours, bytes and money.
 *
 * @module
 */

/** What one stage was measured to take, by `deno task bench:stages`. */
export interface StageRate {
  /** Such as `detect`. */
  stage: string;
  /** Seconds of a core from the start of a process to its first image. */
  start_s: number;
  /** Seconds of a core for each further image. */
  image_s: number;
  /** Bytes that it reads of an image. */
  bytes_in: number;
  /** Bytes that it writes of an image. */
  bytes_out: number;
  /** Whether each job does this for all images, not for its own alone; default false. */
  every_job?: boolean;
}

/** How much there is to do, and in which pieces. */
export interface StagePlan {
  /** Number of images. */
  images: number;
  /** Number of images of a job. */
  imagesPerJob: number;
  /** Price of an hour of a core, in any currency. */
  price: number;
}

/** What a stage costs. */
export interface StageCost {
  stage: string;
  images: number;
  jobs: number;
  core_hours: number;
  bytes_in: number;
  bytes_out: number;
  /** In the currency of the price. */
  money: number;
  money_per_million_images: number;
}

/**
 * Computes what a stage costs: the time of all images and of the starts of all jobs.
 *
 * @param rate What was measured.
 * @param plan Number of images, of images of a job, and the price.
 * @throws {RangeError} If a number of the plan is out of range.
 */
export function stageCost(rate: StageRate, plan: StagePlan): StageCost {
  const { images, imagesPerJob, price } = plan;
  for (const [name, value] of Object.entries({ images, imagesPerJob })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(
      `Cannot compute costs as ${name} must be an integer >= 1: found ${value}`,
    );
  }
  if (!(price >= 0 && price < Infinity)) {
    throw new RangeError(
      `Cannot compute costs as price must be a finite number >= 0: found ${price}`,
    );
  }
  const jobs = Math.ceil(images / imagesPerJob);
  const done = rate.every_job ? jobs * images : images;
  const core_hours = (jobs * rate.start_s + done * rate.image_s) / 3600;
  const money = core_hours * price;
  return {
    ...{ stage: rate.stage, images, jobs, core_hours },
    ...{ bytes_in: done * rate.bytes_in, bytes_out: done * rate.bytes_out },
    ...{ money, money_per_million_images: money * 1e6 / images },
  };
}
