/**
 * The main job, whole: data, training of the model and its control, evaluation, report.
 *
 * @module
 */

import { parseVariant } from "../src/config.ts";
import { formatTable } from "../src/eval/comparison/table.ts";
import { WORKERS_FLAG } from "./_cli/compute_flags.ts";
import { openDataset } from "./_datasets.ts";
import { commandOf } from "./_cli/help.ts";
import { writeReport } from "./_report.ts";
import { runTask } from "./_cli/run.ts";
import { settingsOf, TRAIN_FLAGS } from "./_cli/train_flags.ts";
import { EVAL_DEFAULTS, evaluateCheckpoint } from "./eval.ts";
import { train } from "./train.ts";

/** The control that every claim about context is made against. */
const CONTROL = "gpi_no_context";

const PIPELINE = {
  name: "pipeline",
  summary:
    `From nothing to recall@100: generates the built-in dataset, trains the model and its
control, evaluates both beside the label predictor, writes a report with a predicted graph.
What is done already is not done again.`,
  positionals: {
    model: {
      default: "gpi_linguistic",
      help: `Variant to train beside ${CONTROL}`,
    },
  },
  flags: {
    dataset: { default: "synthetic", help: "Folder of data/processed to learn from" },
    workers: WORKERS_FLAG,
    ...TRAIN_FLAGS,
  },
  examples: ["pipeline", "pipeline gpi_mean --epochs 4"],
} as const;

await runTask(PIPELINE, async (options) => {
  const { model, dataset: datasetName, seed, json, quiet, workers } = options;
  parseVariant(model); // refuses a wrong one before any work
  settingsOf(options);
  const dataset = await openDataset(datasetName, options);
  const runs = [];
  for (const variant of [model, CONTROL]) {
    const [run] = await train({
      ...options,
      model: variant,
      name: undefined,
      seeds: 1,
      backend: undefined,
      deterministic: false,
      embeddings: undefined,
      resume: "if possible",
    });
    runs.push({ name: variant, epochs: run.epochs });
  }
  const suffix = datasetName === "synthetic" ? "" : `_${datasetName}`;
  const checkpoint = `${model}${suffix}_best`;
  const common = { ...EVAL_DEFAULTS, seed, json, quiet, workers };
  const { rows } = await evaluateCheckpoint({
    ...common,
    protocol: "motifs",
    checkpoint,
    dataset: datasetName,
  });
  const report = await writeReport({
    name: `${model}${suffix}`,
    checkpoint,
    dataset,
    rows,
    runs,
    settings: { ...settingsOf(options) },
    command: commandOf(PIPELINE, options),
  });
  console.log(formatTable(rows, json ? "json" : "text").trimEnd());
  if (json) {
    console.log(JSON.stringify({ report }));
  } else {
    if (dataset.manifest.labelPredictor.simulated) {
      console.log("The label predictor is simulated: see data/README.md.");
    }
    console.log(`Checkpoint: checkpoints/${checkpoint}.safetensors`);
    console.log(`Report: ${report} (open it in a browser)`);
  }
});
