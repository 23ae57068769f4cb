/**
 * The whole main job: data, training of a model and its control, evaluation, report.
 *
 * @module
 */

import { parseVariant } from "../src/config.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import { CONTROL } from "../src/pipeline/model_systems.ts";
import { runPipeline } from "../src/pipeline/run_pipeline.ts";
import { writeReport } from "../src/report/report.ts";
import { settingsOf } from "../src/settings.ts";
import {
  checkPhotographs,
  evaluationFlags,
  formatOf,
  metricsOf,
  PHOTOGRAPHS_FLAG,
} from "./_cli/flags/evaluation_flags.ts";
import { commandOf } from "./_cli/flags/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printRows } from "./_cli/print/evaluation.ts";
import { printEpoch, printRun } from "./_cli/print/run.ts";
import { runTask } from "./_cli/run.ts";
import {
  FORCE_HELP,
  TRAIN_DATASET_FLAG,
  TRAIN_FLAGS,
  trainCommand,
} from "./_cli/flags/train_flags.ts";

const PIPELINE = {
  name: "pipeline",
  summary:
    `Generate the built-in dataset, train a model and its control, evaluate both against the
label predictor, and write a report with predicted graphs. Finished parts are kept, and an
interrupted training is resumed.`,
  positionals: {
    model: {
      default: "gpi_linguistic",
      help: `Variant to train, besides its control ${CONTROL}`,
    },
  },
  flags: {
    dataset: TRAIN_DATASET_FLAG,
    name: {
      type: "string",
      unset: `<model>, or <model>_<dataset> if the dataset is not ${BUILT_IN}`,
      help: "Name of the checkpoints and the report; the control is <name>_no_context",
    },
    force: { default: false, help: FORCE_HELP },
    control: {
      type: "string",
      path: "path or name",
      unset: `${CONTROL}, trained the same way`,
      help: 'System to compare with instead; "none" for no control',
    },
    photographs: PHOTOGRAPHS_FLAG,
    ...evaluationFlags(
      "R",
      "sgcls,predcls; predcls,preddet if the dataset has given labels",
      "motifs; vrd for preddet",
    ),
    ...TRAIN_FLAGS,
  },
  examples: [
    "pipeline",
    "pipeline gpi_mean --epochs 4",
    "pipeline --dataset vrd --photographs images",
  ],
} as const;

await runTask(PIPELINE, async (options) => {
  const { json, photographs } = options, listener = listenerOf(options);
  await checkPhotographs(photographs);
  const evaluation = {
    ...options,
    protocol: options.protocol ?? "motifs",
    metrics: metricsOf({ ...options, perPredicate: true }),
    seeds: 1,
    command: commandOf(PIPELINE, options),
  };
  const found = await runPipeline(
    {
      ...evaluation,
      variant: parseVariant(options.model),
      onEpoch: json ? printEpoch : undefined,
      settings: (seed) => settingsOf({ ...options, seed }),
      trainCommand: (model, seed, name) => {
        const { dataset, backend, deterministic } = options;
        const flags = Object.keys(TRAIN_FLAGS) as (keyof typeof TRAIN_FLAGS)[];
        const given = Object.fromEntries(flags.map((name) => [name, options[name]]));
        return trainCommand(
          { ...given, model, name, dataset, backend, deterministic },
          seed,
        );
      },
    },
    listener,
    (run) => printRun(run, json),
  );
  const { name, logs, settings } = found;
  const report = await writeReport(
    { name, found, options: evaluation, logs, settings, photographs },
    listener,
  );
  printRows(found, options);
  if (json) console.log(JSON.stringify({ report }));
  if (formatOf(options) !== "text") return;
  if (found.dataset.manifest.labelPredictor.simulated) {
    console.log("The label predictor is simulated: see docs/built_in_world.md.");
  }
  console.log(`Checkpoint: ${found.checkpoint}`);
  console.log(`Report: ${report} (open it in a browser)`);
});
