/**
 * The flags of tasks that may do a part of the images, as one of several jobs.
 *
 * @module
 */

import { type JobShard, parseShard } from "../../../src/job_shard.ts";
import { type Flags, UsageError } from "./flags.ts";

/** The part of the images. */
export const SHARD_FLAG = {
  type: "string",
  unset: "all images",
  help:
    "Part of the images, such as 2/8 for the second of eight; job: by the number of the job in an array of Slurm or AWS Batch; job/8 in Kubernetes (docs/shards.md)",
} as const;

/** The flags of tasks that evaluate. */
export const STATE_FLAGS = {
  shard: SHARD_FLAG,
  state: {
    type: "string",
    path: "path",
    unset: "none",
    help: 'File to write for "merge": what was found in each image',
  },
} as const satisfies Flags;

/** The part of the images that the flag names. */
export function shardOf({ shard }: { shard?: string }): JobShard | undefined {
  return shard === undefined
    ? undefined
    : parseShard(shard, (name) => Deno.env.get(name));
}

/** As {@linkcode shardOf}, for tasks whose result of a part is a file. */
export function shardOfState(
  options: { shard?: string; state?: string },
): JobShard | undefined {
  if (options.shard !== undefined && options.state === undefined) {
    throw new UsageError(
      `Cannot evaluate --shard ${options.shard} without --state: name a file for the part, which "deno task merge" joins`,
    );
  }
  return shardOf(options);
}
