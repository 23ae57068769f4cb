/**
 * A trained network as one safetensors file that has everything needed to run it:
 * parameters under the published names, word vectors, label predictor, vocabulary,
 * configuration, and a record of the training.
 *
 * @module
 */

import { type SgpConfig, VARIANTS } from "../config.ts";
import { parseSgpConfig } from "../parse_config.ts";
import type { ActivationRanges } from "../model/int8.ts";
import { type NetName, NETS, netWidths } from "../model/parameters.ts";
import type { WordVectorData } from "../model/sgp.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Confidence } from "../confidence/confidence.ts";
import { checkFinite, floatArray, withPrefix } from "./_arrays.ts";
import { confidenceText, readConfidence, writeConfidence } from "./_confidence.ts";
import { halved, withWideNumbers } from "./_half_numbers.ts";
import {
  CheckpointMetadata,
  type FloatArray,
  type ResumeState,
  type Training,
} from "./_metadata.ts";
import { readRanges, writeRanges } from "./_ranges.ts";
import { verifyChecksum, withChecksum } from "../io/file_checksum.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  type Safetensors,
} from "../io/safetensors.ts";

export type { FloatArray, Training };

/** Version of the format; only this one is written and read. */
const FORMAT_VERSION = "1";

/** Prefixes of arrays that are not parameters. */
const WORDS = "word_vectors/", PREDICTOR = "label_predictor/", STATE = "training_state/";

/** Name of the array of entity profiles. */
const PROFILES = "entity_profiles";

/** Name of the array of the classes' frequencies. */
const CLASS_COUNTS = "class_counts";

/** A checkpoint as plain data. */
export interface Checkpoint {
  config: SgpConfig;
  vocabulary: Vocabulary;
  /** Parameters by published name. */
  parameters: ReadonlyMap<string, FloatArray>;
  /** Word vectors, in variants with words. */
  words?: WordVectorData;
  /** A fitted label predictor, for callers without relation logits of their own. */
  labelPredictor?: {
    name: string;
    arrays: Readonly<Record<string, NamedArray>>;
    /** `[C, C]`: see `entity_profiles.ts`. */
    entityProfiles: Float32Array;
    /** `[C]`: training entities of each class; absent in older files. */
    classCounts?: Float32Array;
  };
  /** What the network's probabilities are worth; absent in older files. */
  confidence?: Confidence;
  /** Ranges for prediction in 8 bits, in networks that have layers for it. */
  activationRanges?: ActivationRanges;
  training: Training;
  /** State for resuming: in the last checkpoint of a training, not in the best. */
  state?: ResumeState;
}

/** How numbers are stored. */
export type NumberForm = "float32" | "float16";

/**
 * Encodes a checkpoint. The same checkpoint always gives the same bytes.
 *
 * @param checkpoint The checkpoint.
 * @param numbers `"float16"` stores parameters, word vectors and label predictor in half the
 * space, rounded to 11 bits; a decoded checkpoint has float32 again.
 * @throws {RangeError} If a parameter or another number is not finite, or too large.
 */
export function encodeCheckpoint(
  checkpoint: Checkpoint,
  numbers: NumberForm = "float32",
): Uint8Array {
  const { config, vocabulary, parameters, words, labelPredictor, training, state } =
    checkpoint;
  const arrays: Record<string, NamedArray> = {};
  for (const [name, array] of parameters) arrays[name] = array;
  if (words) {
    const { size, entities, relations } = words;
    arrays[`${WORDS}entities`] = {
      shape: [entities.length / size, size],
      data: entities,
    };
    arrays[`${WORDS}relations`] = {
      shape: [relations.length / size, size],
      data: relations,
    };
  }
  for (const [name, array] of Object.entries(labelPredictor?.arrays ?? {})) {
    arrays[PREDICTOR + name] = array;
  }
  for (const [name, array] of state?.moments ?? []) arrays[STATE + name] = array;
  if (checkpoint.activationRanges) writeRanges(checkpoint.activationRanges, arrays);
  if (checkpoint.confidence) writeConfidence(checkpoint.confidence, arrays);
  checkFinite(arrays, "Cannot save a checkpoint");
  const metadata: Record<string, string> = {
    format: "scene graph predictor",
    format_version: FORMAT_VERSION,
    config: JSON.stringify(config),
    vocabulary: JSON.stringify(vocabulary),
    training: JSON.stringify(training),
  };
  if (labelPredictor) {
    const c = config.numEntityClasses;
    arrays[PROFILES] = { shape: [c, c], data: labelPredictor.entityProfiles };
    if (labelPredictor.classCounts) {
      arrays[CLASS_COUNTS] = { shape: [c], data: labelPredictor.classCounts };
    }
    metadata.label_predictor = labelPredictor.name;
  }
  if (checkpoint.confidence) {
    metadata.confidence = confidenceText(checkpoint.confidence);
  }
  if (state) {
    const { epoch, updates, best } = state;
    metadata.training_state = JSON.stringify({ epoch, updates, best });
  }
  const stored = numbers === "float16" ? halved(arrays) : arrays;
  return encodeSafetensors(stored, withChecksum({ arrays: stored, metadata }));
}

/**
 * Decodes a checkpoint and checks that it is complete: it must have exactly the parameters
 * of its configuration, in their shapes, and all numbers must be finite.
 *
 * @param bytes The bytes of the file.
 * @param name Name of the file, for error messages.
 * @returns The checkpoint.
 * @throws {SyntaxError | RangeError | TypeError} If the file is damaged or incomplete; names
 * the file and the problem.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const stored = decodeSafetensors(bytes, name);
  const { metadata } = stored;
  if (metadata.format_version === undefined) {
    const names = Object.keys(stored.arrays);
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as it has no "format_version": it looks like a safetensors file of another program, with ${names.length} arrays (${
        names.slice(0, 3).join(", ")
      }); use a file of "deno task train" or "deno task import-tf"`,
    );
  }
  verifyChecksum(stored, name);
  const file = withWideNumbers(stored);
  checkFinite(file.arrays, `Cannot read the checkpoint "${name}"`);
  if (metadata.format_version !== FORMAT_VERSION) {
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as its format_version must be ${FORMAT_VERSION}: found ${metadata.format_version}`,
    );
  }
  const read = new CheckpointMetadata(metadata, name);
  const config = parseSgpConfig(
    read.json("config").value,
    `the configuration in "${name}"`,
  );
  const vocabulary = read.vocabulary();
  const { numEntityClasses, numPredicates } = vocabulary;
  if (
    config.numEntityClasses !== numEntityClasses || config.numPredicates !== numPredicates
  ) {
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as its vocabulary must have ${config.numEntityClasses} classes and ${config.numPredicates} predicates like its configuration: found ${numEntityClasses} and ${numPredicates}`,
    );
  }
  const predictor = metadata.label_predictor;
  const state = read.state();
  return {
    config,
    vocabulary,
    parameters: readParameters(file, config, name),
    words: VARIANTS[config.variant].words ? readWords(file, config, name) : undefined,
    labelPredictor: predictor === undefined ? undefined : {
      name: predictor,
      arrays: withPrefix(file, PREDICTOR),
      entityProfiles: floatArray(
        file,
        PROFILES,
        [numEntityClasses, numEntityClasses],
        name,
      ).data,
      ...CLASS_COUNTS in file.arrays && {
        classCounts: floatArray(file, CLASS_COUNTS, [numEntityClasses], name).data,
      },
    },
    ...metadata.confidence !== undefined && {
      confidence: readConfidence(file, read.json("confidence"), config, name),
    },
    activationRanges: readRanges(file, config, name),
    training: read.training(),
    state: state && { ...state, moments: readMoments(file, name) },
  };
}

function readParameters(
  file: Safetensors,
  config: SgpConfig,
  name: string,
): Map<string, FloatArray> {
  const parameters = new Map<string, FloatArray>();
  for (const [net, widths] of Object.entries(netWidths(config))) {
    for (let i = 0; i + 1 < widths.length; i++) {
      const layer = `deep_graph/${NETS[net as NetName]}/${i}`;
      const expect = (part: string, shape: number[]) =>
        parameters.set(
          `${layer}/${part}`,
          floatArray(file, `${layer}/${part}`, shape, name),
        );
      expect("weights", [widths[i], widths[i + 1]]);
      expect("biases", [widths[i + 1]]);
    }
  }
  for (const key of Object.keys(file.arrays)) {
    if (key.startsWith("deep_graph/") && !parameters.has(key)) {
      throw new RangeError(
        `Cannot read the checkpoint "${name}" as all its arrays must belong to its configuration: found the parameter "${key}"`,
      );
    }
  }
  return parameters;
}

function readWords(file: Safetensors, config: SgpConfig, name: string): WordVectorData {
  const { embeddingSize: size, numEntityClasses, numPredicates } = config;
  return {
    size,
    entities: floatArray(file, `${WORDS}entities`, [numEntityClasses, size], name).data,
    relations: floatArray(file, `${WORDS}relations`, [numPredicates, size], name).data,
  };
}

function readMoments(file: Safetensors, name: string): Map<string, FloatArray> {
  const moments = Object.entries(withPrefix(file, STATE));
  return new Map(
    moments.map(([key, { shape }]) =>
      [key, floatArray(file, STATE + key, [...shape], name)] as const
    ),
  );
}
