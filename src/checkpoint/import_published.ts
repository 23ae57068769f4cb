/**
 * Converts a checkpoint of the published program to our format.
 *
 * @module
 */

import type { SgpConfig } from "../config.ts";
import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import { exists, listFiles, openFile, readFile } from "../files.ts";
import type { Checkpoint, FloatArray } from "./checkpoint.ts";
import { NumpyArray, unpickle } from "../io/pickle/pickle.ts";
import { TensorBundle } from "../io/tensorflow/tensor_bundle.ts";
import {
  compareVariables,
  configOfShapes,
  expectedVariables,
  type VariableProblems,
} from "./_published_variables.ts";
import type { WordVectorData } from "../model/sgp.ts";
import { Vocabulary } from "../vocabulary.ts";

/** Number of steps of the published program, which its checkpoints do not contain. */
export const PUBLISHED_STEPS = 2;

/** Name of the processed dataset of the published program. */
export const PUBLISHED_DATASET = "sgp";

/** Files with the word vectors of the published program: `[C, E]` and `[P - 1, E]`. */
const WORD_FILES = {
  entities: "object_embeddings.p",
  relations: "predicate_embeddings.p",
} as const;

/** Folder of the authors' archive, which has the word vectors. */
const RAW = "data/raw/sgp";

/** Folder of the word vectors in the authors' repository. */
const LANGUAGE = "LanguageModule";

/** File in which TensorFlow records the last checkpoint of a folder. */
const STATE_FILE = "checkpoint";

/** Settings of {@linkcode importTfCheckpoint}. */
export interface ImportOptions {
  /** The checkpoint: its path without `.index`, one of its files, or its folder. */
  from: string;
  /** T: number of steps; default {@linkcode PUBLISHED_STEPS}. */
  steps?: number;
  /** Folder of the word vectors; default: beside the checkpoint, then `data/raw/sgp`. */
  words?: string;
  /**
   * Processed dataset that has the names of classes and predicates; if it does not exist,
   * they are numbered. Default {@linkcode PUBLISHED_DATASET}.
   */
  dataset?: string;
  /** The command line. */
  command: string;
}

/** Result of {@linkcode importTfCheckpoint}. */
export interface Imported {
  checkpoint: Checkpoint;
  /** Names of variables of the file that the network lacks. */
  extra: string[];
}

/**
 * Reads and verifies a checkpoint of the published program.
 *
 * @throws {RangeError} If the checkpoint does not exist; if variables are missing or have
 * another shape (the message names all); if word vectors are missing; if the vocabulary has
 * other sizes.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function importTfCheckpoint(options: ImportOptions): Promise<Imported> {
  const { steps = PUBLISHED_STEPS, dataset = PUBLISHED_DATASET, command } = options;
  const prefix = await findPrefix(options.from);
  using files = new DisposableStack();
  const bundle = await TensorBundle.open(
    prefix,
    async (path) => files.use(await openFile(path)),
  );
  const shapes = new Map(
    Array.from(bundle.entries, ([name, { shape }]) => [name, shape]),
  );
  const config = configOfShapes(shapes, steps);
  const problems = compareVariables(config, shapes);
  refuse(prefix, problems);
  const parameters = new Map<string, FloatArray>();
  for (const { name, shape } of expectedVariables(config)) {
    const { data } = await bundle.read(name);
    parameters.set(name, {
      shape,
      data: Float32Array.from(data as ArrayLike<number | bigint>, Number),
    });
  }
  const vocabulary = await vocabularyOf(config, dataset);
  const words = config.embeddingSize > 0
    ? await readWords(config, wordFolders(prefix, options.words))
    : undefined;
  const training = {
    command,
    dataset: {
      name: dataset,
      inputsHash: "not known",
      labelPredictor: { name: "file", simulated: false },
    },
    epoch: 0,
    metrics: {},
  };
  const checkpoint = { config, vocabulary, parameters, words, training };
  return { checkpoint, extra: problems.extra };
}

/** Finds the path of a checkpoint without `.index`. */
async function findPrefix(from: string): Promise<string> {
  const given = from.replace(/(\.index|\.data-\d+-of-\d+|\/+)$/, "");
  if (await exists(`${given}.index`)) return given;
  const names = await listFiles(given);
  const prefixes = names.filter((name) => name.endsWith(".index"))
    .map((name) => name.slice(0, -".index".length));
  const last = names.includes(STATE_FILE)
    ? lastPrefix(new TextDecoder().decode(await readFile(`${given}/${STATE_FILE}`)))
    : undefined;
  if (last !== undefined && prefixes.includes(last)) return `${given}/${last}`;
  if (prefixes.length === 1) return `${given}/${prefixes[0]}`;
  throw new RangeError(
    `Cannot find the checkpoint "${from}": ${
      prefixes.length > 1
        ? `the folder has ${prefixes.join(", ")}; name one of them`
        : `"${given}.index" does not exist`
    }`,
  );
}

/** Name of the last checkpoint, without the folder, which is of another machine. */
function lastPrefix(state: string): string | undefined {
  return /^model_checkpoint_path: "(?:.*[\/\\])?([^"\/\\]+)"/m.exec(state)?.[1];
}

function wordFolders(prefix: string, given: string | undefined): string[] {
  if (given !== undefined) return [given];
  const beside = /[/\\]/.test(prefix) ? prefix.replace(/[/\\][^/\\]*$/, "") : ".";
  const places = [beside, RAW, `${RAW}/data`, `${RAW}/data/data`];
  return places.flatMap((place) => [place, `${place}/${LANGUAGE}`]);
}

function refuse(prefix: string, { missing, misshapen }: VariableProblems): void {
  const parts = [
    ...missing.length ? [`it lacks ${missing.join(", ")}`] : [],
    ...misshapen.map(({ name, found, expected }) =>
      `"${name}" has shape [${found}], expected [${expected}]`
    ),
  ];
  if (parts.length > 0) {
    throw new RangeError(`Cannot import "${prefix}": ${parts.join("; ")}`);
  }
}

async function vocabularyOf(
  { numEntityClasses, numPredicates }: SgpConfig,
  dataset: string,
): Promise<Vocabulary> {
  const folder = `${PROCESSED}/${dataset}`;
  const names = await exists(`${folder}/manifest.json`)
    ? (await Dataset.open(folder)).vocabulary
    : undefined;
  const numbered = (kind: string, length: number) =>
    Array.from({ length }, (_, i) => `${kind} ${i}`);
  const vocabulary = new Vocabulary(
    names ?? {
      entities: numbered("class", numEntityClasses),
      predicates: numbered("predicate", numPredicates - 1),
    },
  );
  const { numEntityClasses: c, numPredicates: p } = vocabulary;
  if (c === numEntityClasses && p === numPredicates) return vocabulary;
  throw new RangeError(
    `Cannot import the checkpoint as the dataset must have ${numEntityClasses} classes and ${numPredicates} predicates: found ${c} and ${p}`,
  );
}

async function readWords(
  { embeddingSize: size, numEntityClasses, numPredicates }: SgpConfig,
  folders: readonly string[],
): Promise<WordVectorData> {
  const read = async (name: string, rows: number) => {
    for (const folder of folders) {
      const path = `${folder}/${name}`;
      if (!await exists(path)) continue;
      const array = unpickle(await readFile(path), path);
      const isSound = array instanceof NumpyArray && ArrayBuffer.isView(array.data) &&
        `${array.shape}` === `${[rows, size]}`;
      if (isSound) return Float32Array.from(array.data as ArrayLike<number>);
      throw new RangeError(
        `Cannot use "${path}": it must hold an array of shape [${rows},${size}]`,
      );
    }
    throw new RangeError(
      `Cannot import the checkpoint without word vectors: found no "${name}" in ${
        folders.join(", ")
      }; put it beside the checkpoint, or give its folder to import-tf by --words`,
    );
  };
  const relations = new Float32Array(numPredicates * size);
  relations.set(await read(WORD_FILES.relations, numPredicates - 1));
  return {
    size,
    entities: await read(WORD_FILES.entities, numEntityClasses),
    relations,
  };
}
