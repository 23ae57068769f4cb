/**
 * Converts a checkpoint of the published TensorFlow program to this project's format.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { encodeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { checkpointPath, refuseTrained } from "../src/pipeline/checkpoints.ts";
import { commandOf } from "./_cli/flags/help.ts";
import {
  importTfCheckpoint,
  PUBLISHED_DATASET,
  PUBLISHED_STEPS,
} from "../src/checkpoint/import_published.ts";
import { runTask } from "./_cli/run.ts";

const spec = {
  name: "import-tf",
  summary:
    `Convert a TensorFlow checkpoint of the published program to this project's format. The
task fails if variables are missing or misshapen; those of an optimizer are left out.`,
  positionals: {
    prefix: {
      path: "path",
      help: "TensorFlow checkpoint: its path without .index, or its folder",
    },
  },
  flags: {
    name: {
      default: "gpi_linguistic_published",
      path: "path or name",
      help: "Name of the checkpoint to write",
    },
    steps: {
      default: PUBLISHED_STEPS,
      min: 1,
      help: "Number of steps, T, which the TensorFlow checkpoint does not record",
    },
    words: {
      type: "string",
      path: "path",
      unset: "the folder of the checkpoint, else data/raw/sgp",
      help: "Folder with object_embeddings.p and predicate_embeddings.p",
    },
    force: {
      default: false,
      help: "Replace a trained model of the same name, which is otherwise refused",
    },
    dataset: {
      default: PUBLISHED_DATASET,
      help:
        "Processed dataset that gives the class names; if it is missing, classes are numbered",
    },
  },
  examples: ["import-tf data/raw/sgp/data/data/gpi_linguistic_pretrained_module.ckpt"],
} as const;

await runTask(spec, async (options) => {
  const { prefix, name, steps, words, dataset, force, json } = options;
  const path = checkpointPath(name);
  if (!force) await refuseTrained(path, "--name");
  const { checkpoint, extra } = await importTfCheckpoint({
    ...{ from: prefix, steps, words, dataset },
    command: commandOf(spec, options),
  });
  await writeFileAtomically(path, encodeCheckpoint(checkpoint));
  const { config, parameters } = checkpoint;
  if (json) {
    console.log(JSON.stringify({ path, variables: parameters.size, config, extra }));
    return;
  }
  console.log(`${path}: ${config.variant}, ${parameters.size} variables`);
  if (extra.length > 0) console.log(`left out: ${extra.join(", ")}`);
});
