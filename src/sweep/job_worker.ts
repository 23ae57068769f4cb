/**
 * A thread of `run_jobs.ts`: does one job after another on a backend of its own.
 *
 * @module
 */

import type { Listener } from "../pipeline/listener.ts";
import { trainModel } from "../pipeline/train_model.ts";
import { DivergenceError, type EpochEvent } from "../train/trainer.ts";
import type { Job } from "./job.ts";

/** What a thread is asked: to train until an epoch. */
export interface JobMessage {
  job: Job;
  /** Pauses after this epoch; default: trains to the end. */
  until?: number;
}

/** What a job found. */
export type JobResult =
  & {
    /** Every epoch that has been trained, also by an earlier command. */
    epochs: EpochEvent[];
    /** Whether nothing was left to do. */
    wasDone: boolean;
  }
  & ({ best: string; last: string } | {
    /** Why the loss is not finite. */
    diverged: string;
  });

/** What a thread answers. */
export type JobReply =
  | { progress: { done: number; total: number } }
  | { result: JobResult }
  | { error: Error };

const thread = globalThis as unknown as {
  postMessage(reply: JobReply): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<JobMessage>) => void,
  ): void;
};

thread.addEventListener("message", async ({ data }) => {
  try {
    thread.postMessage({ result: await doJob(data) });
  } catch (error) {
    thread.postMessage({
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
});

async function doJob({ job, until }: JobMessage): Promise<JobResult> {
  const listener: Listener = {
    note() {},
    warn() {},
    progress: () => ({
      update: (done, total) => thread.postMessage({ progress: { done, total } }),
      done() {},
    }),
  };
  const epochs: EpochEvent[] = [];
  const runs = trainModel({
    ...job,
    ...{ seeds: 1, seed: job.settings.train.seed, workers: 1, until },
    resume: "if possible",
    settings: () => job.settings,
    command: () => job.command,
    onEpoch: (event) => epochs.push(event),
  }, listener);
  try {
    for await (const { epochs, best, last, wasDone } of runs) {
      return { epochs, best, last, wasDone };
    }
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    return { epochs, wasDone: false, diverged: error.message };
  }
  throw new Error(`Cannot train "${job.name}" as there must be one run: found none`);
}
