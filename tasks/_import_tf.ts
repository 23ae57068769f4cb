/**
 * Makes a checkpoint of ours of one that the published program has saved.
 *
 * @module
 */

import type { SgpConfig } from "../src/config.ts";
import { exists, openFile, readFile } from "../src/files.ts";
import type { Checkpoint, FloatArray } from "../src/io/checkpoint.ts";
import { NumpyArray, unpickle } from "../src/io/pickle.ts";
import { TensorBundle } from "../src/io/tf_checkpoint.ts";
import {
  compareVariables,
  configOfShapes,
  expectedVariables,
  type VariableProblems,
} from "../src/model/published.ts";
import type { WordVectorData } from "../src/model/sgp.ts";
import { Vocabulary, type VocabularyData } from "../src/vocabulary.ts";

/** Word vectors of the published program: `[C, E]` and `[P - 1, E]`. */
const WORD_FILES = {
  entities: "object_embeddings.p",
  relations: "predicate_embeddings.p",
} as const;

/** What to import. */
export interface ImportOptions {
  /** Path of the checkpoint without `.index`. */
  prefix: string;
  /** T: how often the step is applied. */
  steps: number;
  /** Folders in which the word vectors may lie, the first one first. */
  wordFolders: readonly string[];
  /** Names of the classes; without them they are numbered. */
  vocabulary?: VocabularyData;
  /** The command line. */
  command: string;
}

/** A checkpoint, and variables of the file that are none of the network. */
export interface Imported {
  checkpoint: Checkpoint;
  extra: string[];
}

/**
 * Reads a checkpoint of the published program; what is read is verified.
 *
 * @throws {RangeError} If variables are missing or of another shape, all of them named; if
 * there are no word vectors, or the vocabulary has other sizes.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function importTfCheckpoint(options: ImportOptions): Promise<Imported> {
  const { prefix, steps, command } = options;
  if (!await exists(`${prefix}.index`)) {
    throw new RangeError(
      `Cannot find the checkpoint "${prefix}": there is no "${prefix}.index"`,
    );
  }
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
  const vocabulary = vocabularyOf(config, options.vocabulary);
  const words = config.embeddingSize > 0
    ? await readWords(config, options.wordFolders)
    : undefined;
  const training = {
    command,
    dataset: {
      name: "sgp",
      inputsHash: "not known",
      labelPredictor: { name: "file", simulated: false },
    },
    epoch: 0,
    metrics: {},
  };
  const checkpoint = { config, vocabulary, parameters, words, training };
  return { checkpoint, extra: problems.extra };
}

function refuse(prefix: string, { missing, misshapen }: VariableProblems): void {
  const parts = [
    ...missing.length ? [`missing are ${missing.join(", ")}`] : [],
    ...misshapen.map(({ name, found, expected }) =>
      `"${name}" has shape [${found}], expected [${expected}]`
    ),
  ];
  if (parts.length > 0) {
    throw new RangeError(`Cannot import "${prefix}": ${parts.join("; ")}`);
  }
}

function vocabularyOf(
  { numEntityClasses, numPredicates }: SgpConfig,
  names: VocabularyData | undefined,
): Vocabulary {
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
    `Cannot import the checkpoint: it has ${numEntityClasses} classes and ${numPredicates} predicates, the dataset ${c} and ${p}`,
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
      `Cannot import the checkpoint without word vectors: there is no "${name}" in ${
        folders.join(", ")
      }; give its folder by --words`,
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
