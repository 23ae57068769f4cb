/**
 * Prints the result of a training run.
 *
 * @module
 */

import type { TrainedRun } from "../../../src/pipeline/train_model.ts";
import type { EpochEvent } from "../../../src/train/trainer.ts";

/** Prints an epoch as one line of JSON, for programs that follow a training. */
export function printEpoch(
  { epoch, loss, validation, learningRate, isBest }: EpochEvent,
  { name, seed }: { name: string; seed: number },
): void {
  console.log(
    JSON.stringify({
      event: "epoch",
      name,
      seed,
      epoch,
      loss,
      validation_loss: validation.loss,
      validation_recall: validation.recall,
      learning_rate: learningRate,
      is_best: isBest,
    }),
  );
}

/** Prints one line: a sentence, or with `json` an object. */
export function printRun(run: TrainedRun, json: boolean): void {
  const { name, seed, backend, wasDone, epochs } = run;
  const best = epochs.findLast(({ isBest }) => isBest);
  if (json) {
    console.log(
      JSON.stringify({
        name,
        seed,
        backend,
        was_done: wasDone,
        epochs: epochs.length,
        best_epoch: best?.epoch,
        ...best?.validation,
        best: run.best,
        last: run.last,
      }),
    );
    return;
  }
  const done = wasDone ? "was trained already (delete it to train again)" : "trained";
  const recall = (100 * (best?.validation.recall ?? NaN)).toFixed(2);
  console.log(
    `${name} ${done}: epoch ${best?.epoch} of ${epochs.length} was best, validation recall ${recall} %; ${run.best}`,
  );
}
