/**
 * Makes a checkpoint of one that the published TensorFlow program has saved.
 *
 * @module
 */

import { Dataset } from "../src/dataset/dataset.ts";
import { exists, writeFileAtomically } from "../src/files.ts";
import { encodeCheckpoint } from "../src/io/checkpoint.ts";
import { checkpointPath } from "./_checkpoints.ts";
import { PROCESSED } from "./_datasets.ts";
import { commandOf } from "./_help.ts";
import { importTfCheckpoint } from "./_import_tf.ts";
import { runTask } from "./_run.ts";

const spec = {
  name: "import-tf",
  summary: `Make a checkpoint of one of the published program, in TensorFlow's format.
Missing and misshapen variables are named; those of an optimizer are left out.`,
  positionals: {
    prefix: { help: "Path of the checkpoint without .index" },
  },
  flags: {
    name: {
      default: "gpi_linguistic_published",
      help: "Name of the checkpoint to write",
    },
    steps: {
      default: 2,
      min: 1,
      help: "How often the step is applied; no variable tells",
    },
    words: {
      type: "string",
      unset: "beside the checkpoint, then data/raw/sgp",
      help: "Folder of object_embeddings.p and predicate_embeddings.p",
    },
    dataset: {
      default: "sgp",
      help: "Processed dataset that has the names of the classes, if it is there",
    },
  },
  examples: ["import-tf data/raw/sgp/data/gpi_linguistic_pretrained_module.ckpt"],
} as const;

/** Where the authors' archive and repository have the word vectors. */
const RAW = "data/raw/sgp";
const LANGUAGE = "LanguageModule";

await runTask(spec, async (options) => {
  const { prefix, name, steps, words, dataset, json } = options;
  const beside = prefix.includes("/") ? prefix.replace(/\/[^/]*$/, "") : ".";
  const places = [beside, RAW, `${RAW}/data`, `${RAW}/data/data`];
  const folder = `${PROCESSED}/${dataset}`;
  const { checkpoint, extra } = await importTfCheckpoint({
    prefix,
    steps,
    wordFolders: words
      ? [words]
      : places.flatMap((place) => [place, `${place}/${LANGUAGE}`]),
    vocabulary: await exists(`${folder}/manifest.json`)
      ? (await Dataset.open(folder)).vocabulary
      : undefined,
    command: commandOf(spec, options),
  });
  const path = checkpointPath(name);
  await writeFileAtomically(path, encodeCheckpoint(checkpoint));
  const { config, parameters } = checkpoint;
  if (json) {
    console.log(JSON.stringify({ path, variables: parameters.size, config, extra }));
    return;
  }
  console.log(`${path}: ${config.variant}, ${parameters.size} variables`);
  if (extra.length > 0) console.log(`left out: ${extra.join(", ")}`);
});
