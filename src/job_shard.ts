/**
 * The part of the images that one of several jobs takes.
 *
 * @module
 */

/** One of `count` jobs, numbered from 1. */
export interface JobShard {
  readonly index: number;
  readonly count: number;
}

/** Images `[first, end)` of a list. */
export interface ImageRange {
  readonly first: number;
  readonly end: number;
}

/** Takes the value of a variable of the environment. */
export type Environment = (name: string) => string | undefined;

/** Variables that number the jobs of an array; the permissions of tasks name them, too. */
export const JOB_VARIABLES = {
  SLURM_ARRAY_TASK_ID: "Slurm",
  AWS_BATCH_JOB_ARRAY_INDEX: "AWS Batch",
  JOB_COMPLETION_INDEX: "Kubernetes",
} as const;

/**
 * Parses the value of `--shard`.
 *
 * @param text `2/8`: the second of eight jobs. `job`: the job of the array of Slurm, AWS
 * Batch or Kubernetes that this process runs in; `job/8` says how many there are, as
 * Kubernetes does not.
 * @param environment Gives the number of the job.
 * @throws {RangeError} If the text is neither, no array is there, or the number is beyond
 * the count.
 */
export function parseShard(text: string, environment: Environment): JobShard {
  const [, ofArray, given, total] = /^(?:(job)|(\d+))(?:\/(\d+))?$/.exec(text) ?? [];
  const shard = ofArray
    ? shardOfArray(environment, total)
    : { index: Number(given), count: Number(total) };
  const { index, count } = shard;
  if (Number.isSafeInteger(count) && index >= 1 && index <= count) return shard;
  throw new RangeError(
    `Cannot use --shard "${text}": it must be i/n with i from 1 to n, such as 2/8, or "job" in an array of jobs: found ${index} of ${count}`,
  );
}

/** The number of the job, and of all jobs, in the array that this process runs in. */
function shardOfArray(environment: Environment, total: string | undefined): JobShard {
  const number = (name: string) => {
    const text = environment(name);
    return text === undefined ? undefined : Number(text);
  };
  const given = total === undefined ? undefined : Number(total);
  const slurm = number("SLURM_ARRAY_TASK_ID");
  if (slurm !== undefined) {
    const first = number("SLURM_ARRAY_TASK_MIN") ?? 0;
    const step = number("SLURM_ARRAY_TASK_STEP") ?? 1;
    const count = given ?? number("SLURM_ARRAY_TASK_COUNT") ?? NaN;
    return { index: Math.floor((slurm - first) / step) + 1, count };
  }
  const aws = number("AWS_BATCH_JOB_ARRAY_INDEX");
  if (aws !== undefined) {
    return { index: aws + 1, count: given ?? number("AWS_BATCH_JOB_ARRAY_SIZE") ?? NaN };
  }
  const kubernetes = number("JOB_COMPLETION_INDEX");
  if (kubernetes !== undefined) return { index: kubernetes + 1, count: given ?? NaN };
  throw new RangeError(
    `Cannot use --shard "job" as one of the variables ${
      Object.keys(JOB_VARIABLES).join(", ")
    } must number the job: found none; give --shard i/n`,
  );
}

/**
 * The images of a job. The jobs' ranges follow one another, and their lengths differ by one
 * at most.
 *
 * @param shard The job; `undefined` takes all images.
 * @param total Number of all images.
 */
export function rangeOf(shard: JobShard | undefined, total: number): ImageRange {
  const { index, count } = shard ?? { index: 1, count: 1 };
  const edge = (jobs: number) => Math.floor(jobs * total / count);
  return { first: edge(index - 1), end: edge(index) };
}

/** The shard as text, such as `2/8`. */
export function shardText({ index, count }: JobShard): string {
  return `${index}/${count}`;
}
