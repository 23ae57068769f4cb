/**
 * The manifest of a processed dataset, which is read before and written after its shards.
 *
 * @module
 */

import type { JobShard } from "../job_shard.ts";
import { JsonValue } from "../json_value.ts";
import type { VocabularyData } from "../vocabulary.ts";

/** Version of manifest and shards that this program writes, and the only one it reads. */
export const FORMAT_VERSION = 1;

/** Name of the manifest in the folder of a dataset. */
export const MANIFEST_FILE = "manifest.json";

/**
 * Name of the fitted label predictor that preprocessing may leave beside the shards. The
 * manifest does not list it.
 */
export const LABEL_PREDICTOR_FILE = "label_predictor.safetensors";

/** The three splits of every dataset. */
export const SPLITS = ["train", "validation", "test"] as const;

/** Name of a split. */
export type SplitName = typeof SPLITS[number];

/** Type of stored logits; float16 takes half the space and keeps three decimal digits. */
export type LogitsType = "float16" | "float32";

/** Any JSON value. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The label predictor that made the logits. */
export interface LabelPredictorInfo {
  /** Such as `"perceptron"`. */
  name: string;
  /** Whether the logits were drawn from statistics instead of computed from an image. */
  simulated: boolean;
  /** Its settings and measurements, in any form. */
  readonly [setting: string]: Json;
}

/** The description of a dataset that its maker gives. */
export interface DatasetInfo {
  /** Name of the dataset, such as `"vrd"`. */
  name: string;
  /** Names of its entity classes and predicates. */
  vocabulary: VocabularyData;
  /** The label predictor that made the logits. */
  labelPredictor: LabelPredictorInfo;
  /** Publisher of the annotations, with an address if one exists. */
  source: string;
  /** Licence of the annotations. */
  licence: string;
  /** The command that made the dataset. */
  command: string;
  /**
   * SHA-256 over everything that decides the contents (files, settings). If it is
   * unchanged, a second run has nothing to do.
   */
  inputsHash: string;
  /** Type of the stored logits; default `"float16"`. */
  logitsType?: LogitsType;
  /** The seed, if the contents depend on random choices. */
  seed?: number;
  /** Anything else, in any form. */
  details?: { readonly [key: string]: Json };
  /** Which part of the images it has, if one of several jobs made it. */
  part?: DatasetPart;
}

/** The part of the images that a job writes. */
export interface DatasetPart extends JobShard {
  /** Number of images of all jobs. */
  readonly images: number;
}

/** One shard: a file of examples. */
export interface ShardInfo {
  /** Name of the file, in the folder of the manifest. */
  file: string;
  /** Its size in bytes. */
  bytes: number;
  /** Its SHA-256 in hexadecimal. */
  sha256: string;
  /** Number of images in it. */
  images: number;
}

/** One split of a dataset. */
export interface SplitInfo {
  /** Number of images. */
  images: number;
  /** Number of entities of all images. */
  entities: number;
  /** Number of annotated relations of all images. */
  relations: number;
  /** Its shards in order. */
  shards: readonly ShardInfo[];
}

/** The manifest: the full description of a processed dataset. */
export interface Manifest extends DatasetInfo {
  formatVersion: number;
  logitsType: LogitsType;
  splits: Record<SplitName, SplitInfo>;
}

/**
 * Reads a manifest from JSON. No other function does.
 *
 * @param value The value that `JSON.parse` returned.
 * @param name Name of the file, for errors.
 * @returns The manifest, its keys in a fixed order.
 * @throws {TypeError} If a value has the wrong kind.
 * @throws {RangeError} If a value is not allowed, or counts contradict each other.
 */
export function parseManifest(value: unknown, name = MANIFEST_FILE): Manifest {
  const root = new JsonValue(value, `"${name}"`);
  const labelPredictor = root.at("labelPredictor"), vocabulary = root.at("vocabulary");
  const seed = root.at("seed").optional, details = root.at("details").optional;
  const part = root.at("part").optional;
  return {
    formatVersion: root.at("formatVersion").exactly(FORMAT_VERSION),
    name: root.at("name").string(),
    source: root.at("source").string(),
    licence: root.at("licence").string(),
    command: root.at("command").string(),
    inputsHash: root.at("inputsHash").string(),
    ...seed && { seed: seed.integer({ min: 0 }) },
    labelPredictor: {
      ...labelPredictor.object() as LabelPredictorInfo,
      name: labelPredictor.at("name").string(),
      simulated: labelPredictor.at("simulated").boolean(),
    },
    ...details && { details: details.object() as Manifest["details"] },
    ...part && { part: parsePart(part) },
    logitsType: root.at("logitsType").oneOf(["float16", "float32"]),
    splits: {
      train: parseSplit(root.at("splits").at("train")),
      validation: parseSplit(root.at("splits").at("validation")),
      test: parseSplit(root.at("splits").at("test")),
    },
    vocabulary: {
      entities: vocabulary.at("entities").names(),
      predicates: vocabulary.at("predicates").names(),
    },
  };
}

/**
 * The text of a manifest. Equal manifests give equal texts.
 *
 * @param manifest The manifest.
 * @returns JSON with one value per line.
 * @throws {TypeError | RangeError} If {@linkcode parseManifest} would refuse it.
 */
export function serializeManifest(manifest: Manifest): string {
  return `${JSON.stringify(parseManifest(manifest), null, 2)}\n`;
}

function parsePart(part: JsonValue): DatasetPart {
  const count = part.at("count").integer({ min: 1 });
  return {
    index: part.at("index").integer({ min: 1, max: count }),
    count,
    images: part.at("images").integer({ min: 0 }),
  };
}

function parseSplit(split: JsonValue): SplitInfo {
  const shards = split.at("shards").items().map(parseShard);
  const files = shards.map(({ file }) => file);
  const repeated = files.findIndex((file, i) => files.indexOf(file) < i);
  if (repeated >= 0) {
    split.at("shards").at(repeated).at("file").refuse(
      "a file name that no other shard has",
    );
  }
  const images = split.at("images").integer({ min: 0 });
  const stored = shards.reduce((sum, shard) => sum + shard.images, 0);
  if (stored !== images) {
    split.at("images").refuse(`the sum over its shards, ${stored}`);
  }
  return {
    images,
    entities: split.at("entities").integer({ min: 0 }),
    relations: split.at("relations").integer({ min: 0 }),
    shards,
  };
}

function parseShard(shard: JsonValue): ShardInfo {
  const file = shard.at("file").string();
  if (!/^\w[\w-]*\.safetensors$/.test(file)) {
    shard.at("file").refuse("a plain file name with .safetensors");
  }
  const sha256 = shard.at("sha256").string();
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    shard.at("sha256").refuse("64 hexadecimal digits");
  }
  const bytes = shard.at("bytes").integer({ min: 0 });
  return { file, bytes, sha256, images: shard.at("images").integer({ min: 0 }) };
}
