/**
 * What a processed dataset says of itself: the first file that is read and the last
 * that is written.
 *
 * @module
 */

import { showValue } from "../show_value.ts";
import { Vocabulary, type VocabularyData } from "../vocabulary.ts";

/** The form of manifest and shards that this program writes, and the only one it reads. */
export const FORMAT_VERSION = 1;

/** Name of the manifest in the folder of its dataset. */
export const MANIFEST_FILE = "manifest.json";

/**
 * Name of a fitted label predictor beside the shards, where preprocessing left one; it is
 * not in the manifest.
 */
export const LABEL_PREDICTOR_FILE = "label_predictor.safetensors";

/** The three parts of every dataset. */
export const SPLITS = ["train", "validation", "test"] as const;

/** Name of a part. */
export type SplitName = typeof SPLITS[number];

/** How logits are stored: float16 halves the disk and keeps three decimal digits. */
export type LogitsType = "float16" | "float32";

/** Any value of JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Where the logits came from. */
export interface LabelPredictorInfo {
  /** Such as `"perceptron"`. */
  name: string;
  /** True if the logits were drawn from statistics, not computed from anything seen. */
  simulated: boolean;
  /** Its settings and measures, free. */
  readonly [setting: string]: JsonValue;
}

/** What whoever makes a dataset says of it. */
export interface DatasetInfo {
  /** Name of the dataset, such as `"vrd"`. */
  name: string;
  /** Its entity classes and predicates. */
  vocabulary: VocabularyData;
  /** Where the logits came from. */
  labelPredictor: LabelPredictorInfo;
  /** Who published the annotations, with an address if there is one. */
  source: string;
  /** Under which terms. */
  licence: string;
  /** The command that made the dataset. */
  command: string;
  /**
   * SHA-256 over all that decides the content (files, settings): if it is still the
   * same, a second run has nothing to do.
   */
  inputsHash: string;
  /** How logits are stored; default `"float16"`. */
  logitsType?: LogitsType;
  /** The seed, if chance took part. */
  seed?: number;
  /** Whatever else there is to say, free. */
  details?: { readonly [key: string]: JsonValue };
}

/** One file of examples. */
export interface ShardInfo {
  /** Name of the file, in the folder of the manifest. */
  file: string;
  /** Its size in bytes. */
  bytes: number;
  /** Its SHA-256 in hexadecimal. */
  sha256: string;
  /** How many images it holds. */
  images: number;
}

/** One part of a dataset. */
export interface SplitInfo {
  /** Number of images. */
  images: number;
  /** Number of entities of all images. */
  entities: number;
  /** Number of annotated relations of all images. */
  relations: number;
  /** Its files in order. */
  shards: readonly ShardInfo[];
}

/** All that a processed dataset says of itself. */
export interface Manifest extends DatasetInfo {
  formatVersion: number;
  logitsType: LogitsType;
  splits: Record<SplitName, SplitInfo>;
}

/**
 * The only door from JSON to a manifest.
 *
 * @param value What `JSON.parse` gave.
 * @param name Name of the file, for errors.
 * @returns The manifest, its keys in a fixed order.
 * @throws {TypeError} If a value has the wrong kind.
 * @throws {RangeError} If a value is not allowed, or counts contradict each other.
 */
export function parseManifest(value: unknown, name = MANIFEST_FILE): Manifest {
  const read = new Reader(name);
  const root = read.record("the manifest", value);
  const version = read.count("formatVersion", root.formatVersion);
  if (version !== FORMAT_VERSION) {
    read.refuse(`formatVersion must be ${FORMAT_VERSION}`, version);
  }
  const logitsType = read.text("logitsType", root.logitsType);
  if (logitsType !== "float16" && logitsType !== "float32") {
    return read.refuse(`"logitsType" must be "float16" or "float32"`, logitsType);
  }
  const predictor = read.record("labelPredictor", root.labelPredictor);
  const splits = read.record("splits", root.splits);
  return {
    formatVersion: version,
    name: read.text("name", root.name),
    source: read.text("source", root.source),
    licence: read.text("licence", root.licence),
    command: read.text("command", root.command),
    inputsHash: read.text("inputsHash", root.inputsHash),
    ...(root.seed === undefined ? {} : { seed: read.count("seed", root.seed) }),
    labelPredictor: {
      ...predictor as LabelPredictorInfo,
      name: read.text("labelPredictor.name", predictor.name),
      simulated: read.flag("labelPredictor.simulated", predictor.simulated),
    },
    ...(root.details === undefined ? {} : {
      details: read.record("details", root.details) as Manifest["details"],
    }),
    logitsType,
    splits: {
      train: parseSplit("train", splits.train, read),
      validation: parseSplit("validation", splits.validation, read),
      test: parseSplit("test", splits.test, read),
    },
    vocabulary: read.vocabulary(root.vocabulary),
  };
}

/**
 * Text of a manifest: the same manifest gives the same text.
 *
 * @param manifest The manifest.
 * @returns JSON, one value a line.
 * @throws {TypeError | RangeError} If {@linkcode parseManifest} would refuse it.
 */
export function serializeManifest(manifest: Manifest): string {
  return `${JSON.stringify(parseManifest(manifest), null, 2)}\n`;
}

function parseSplit(split: SplitName, value: unknown, read: Reader): SplitInfo {
  const key = `splits.${split}`;
  const record = read.record(key, value);
  const shards = read.list(`${key}.shards`, record.shards).map((item, i) => {
    const at = `${key}.shards[${i}]`;
    const shard = read.record(at, item);
    const file = read.text(`${at}.file`, shard.file);
    if (!/^\w[\w-]*\.safetensors$/.test(file)) {
      read.refuse(`"${at}.file" must be a plain file name with .safetensors`, file);
    }
    const sha256 = read.text(`${at}.sha256`, shard.sha256);
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      read.refuse(`"${at}.sha256" must have 64 hexadecimal digits`, sha256);
    }
    const bytes = read.count(`${at}.bytes`, shard.bytes);
    return { file, bytes, sha256, images: read.count(`${at}.images`, shard.images) };
  });
  const repeated = shards.find(({ file }, i) =>
    shards.findIndex((shard) => shard.file === file) < i
  );
  if (repeated) read.refuse(`"${key}.shards" must not repeat a file`, repeated.file);
  const images = read.count(`${key}.images`, record.images);
  const stored = shards.reduce((sum, shard) => sum + shard.images, 0);
  if (stored !== images) {
    read.refuse(`"${key}.images" must be the sum over its shards, ${stored}`, images);
  }
  return {
    images,
    entities: read.count(`${key}.entities`, record.entities),
    relations: read.count(`${key}.relations`, record.relations),
    shards,
  };
}

/** Reads values of one kind each and says which one was wrong. */
class Reader {
  constructor(readonly file: string) {}

  refuse(rule: string, found: unknown): never {
    throw new RangeError(
      `Cannot read "${this.file}": ${rule}, found ${showValue(found)}`,
    );
  }

  record(key: string, value: unknown): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.#mismatch(key, "an object", value);
    }
    return value as Record<string, unknown>;
  }

  list(key: string, value: unknown): unknown[] {
    return Array.isArray(value) ? value : this.#mismatch(key, "a list", value);
  }

  text(key: string, value: unknown): string {
    return typeof value === "string" ? value : this.#mismatch(key, "a string", value);
  }

  flag(key: string, value: unknown): boolean {
    return typeof value === "boolean"
      ? value
      : this.#mismatch(key, "true or false", value);
  }

  count(key: string, value: unknown): number {
    if (typeof value !== "number") return this.#mismatch(key, "a whole number", value);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    return this.refuse(`"${key}" must be a whole number >= 0`, value);
  }

  vocabulary(value: unknown): VocabularyData {
    const data = this.record("vocabulary", value) as unknown as VocabularyData;
    try {
      return new Vocabulary(data).toJSON();
    } catch (error) {
      const { message } = error as Error;
      const Class = error instanceof TypeError ? TypeError : RangeError;
      throw new Class(`Cannot read "${this.file}": ${message}`, { cause: error });
    }
  }

  #mismatch(key: string, kind: string, value: unknown): never {
    throw new TypeError(
      `Cannot read "${this.file}": "${key}" must be ${kind}, found ${showValue(value)}`,
    );
  }
}
