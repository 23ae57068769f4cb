/**
 * Runs jobs on several cores, each in a thread with a backend of its own.
 *
 * @module
 */

import type { Job } from "./job.ts";
import type { JobMessage, JobReply, JobResult } from "./job_worker.ts";

/** Settings of {@linkcode runJobs}. */
export interface RunJobsOptions {
  /** Number of jobs at once, each on one core. */
  atOnce: number;
  /** Epoch after which each job pauses; default: none pauses. */
  until?: (job: Job) => number;
  /** Called with the share of a job that is done, from 0 to 1, as it changes. */
  onProgress?: (index: number, share: number) => void;
  /** Called as soon as a job is done, or has diverged. */
  onResult?: (index: number, result: JobResult) => void;
}

/**
 * Runs jobs, each as far as it has not been done before.
 *
 * A job whose loss becomes infinite is a result. Any other failure ends all jobs; what
 * they have saved stays, and the same call continues from there.
 *
 * @param jobs The jobs, which begin in their order.
 * @param options How many at once.
 * @returns One result for each job, in the order of `jobs`.
 * @throws {Error} The first failure of a job.
 */
export async function runJobs(
  jobs: readonly Job[],
  { atOnce, until, onProgress, onResult }: RunJobsOptions,
): Promise<JobResult[]> {
  const results: JobResult[] = new Array(jobs.length);
  const threads: JobThread[] = [];
  let next = 0;
  const work = async () => {
    const thread = new JobThread();
    threads.push(thread);
    while (next < jobs.length) {
      const index = next++, job = jobs[index];
      const onShare = (share: number) => onProgress?.(index, share);
      results[index] = await thread.run({ job, until: until?.(job) }, onShare);
      onResult?.(index, results[index]);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  } finally {
    for (const thread of threads) thread.end();
  }
  return results;
}

/** A thread that does one job at a time. */
class JobThread {
  readonly #worker = new Worker(new URL("./job_worker.ts", import.meta.url), {
    type: "module",
  });

  run(message: JobMessage, onShare: (share: number) => void): Promise<JobResult> {
    const { promise, resolve, reject } = Promise.withResolvers<JobResult>();
    this.#worker.onmessage = ({ data }: MessageEvent<JobReply>) => {
      if ("error" in data) reject(data.error);
      else if ("result" in data) resolve(data.result);
      else onShare(data.progress.done / data.progress.total);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    this.#worker.postMessage(message);
    return promise;
  }

  end(): void {
    this.#worker.terminate();
  }
}
