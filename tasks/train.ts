/**
 * Trains a model and saves its best and last checkpoint.
 *
 * @module
 */

import { parseVariant } from "../src/config.ts";
import { trainModel } from "../src/pipeline/train_model.ts";
import { settingsOf } from "../src/settings.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printEpoch, printRun } from "./_cli/print/run.ts";
import { runTask } from "./_cli/run.ts";
import { TRAIN, trainCommand } from "./_cli/flags/train_flags.ts";

await runTask(TRAIN, async (options) => {
  const runs = trainModel({
    ...options,
    variant: parseVariant(options.model),
    settings: (seed) => settingsOf({ ...options, seed }),
    command: (seed) => trainCommand(options, seed),
    onEpoch: options.json ? printEpoch : undefined,
  }, listenerOf(options));
  for await (const run of runs) printRun(run, options.json);
});
