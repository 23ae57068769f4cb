/**
 * A processed dataset on disk, read as a stream of examples. At most two of its shards are
 * in memory.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import { fileSize, readFileInto } from "../files.ts";
import { shardText } from "../job_shard.ts";
import { Random } from "../random.ts";
import { Vocabulary } from "../vocabulary.ts";
import type { Example } from "../example.ts";
import {
  type Manifest,
  MANIFEST_FILE,
  type ShardInfo,
  type SplitName,
  SPLITS,
} from "./manifest.ts";
import { readManifest, remedyOf, unlessDamaged } from "./read_manifest.ts";
import { Shard } from "./shard.ts";

export { DatasetWriter } from "./writer.ts";
export type { DatasetInfo } from "./manifest.ts";

/** The folder in which the tasks keep processed datasets. */
export const PROCESSED = "data/processed";

/** Number and order of the examples to read. */
export interface ReadOptions {
  /** Seed for shuffling; by default examples come in the stored order. */
  shuffleSeed?: number;
  /** Reads (and shuffles) only the first `limit` examples of the split; default: all. */
  limit?: number;
  /** How many of these to leave out at the beginning; default 0. */
  skip?: number;
}

/** A processed dataset, open for reading. */
export class Dataset {
  /** Names of its classes and predicates. */
  readonly vocabulary: Vocabulary;
  /**
   * Buffers that shards are read into again and again. New ones for each shard would pile
   * up to some hundred megabytes before the garbage collector runs.
   */
  readonly #freeBuffers: Uint8Array<ArrayBuffer>[] = [];

  private constructor(
    /** Path of its folder. */
    readonly folder: string,
    /** Its description. */
    readonly manifest: Manifest,
  ) {
    this.vocabulary = new Vocabulary(manifest.vocabulary);
  }

  /**
   * Opens a dataset and checks that every shard exists and has its full size.
   *
   * @param folder Path of its folder.
   * @param mayBePart Whether it may be what one of several jobs has written; default false.
   * @returns The dataset; no file stays open.
   * @throws {RangeError | SyntaxError | TypeError} If the folder has no complete dataset;
   * the message names the file.
   */
  static async open(folder: string, mayBePart = false): Promise<Dataset> {
    const dataset = new Dataset(folder, await readManifest(folder));
    const { part } = dataset.manifest;
    if (part && !mayBePart) {
      throw new RangeError(
        `Cannot open the dataset "${folder}" as it must have all images: found part ${
          shardText(part)
        }; join the parts with "deno task merge"`,
      );
    }
    for (const split of SPLITS) {
      for (const { file, bytes } of dataset.manifest.splits[split].shards) {
        const found = await fileSize(`${folder}/${file}`);
        if (found !== bytes) {
          dataset.#refuse(`${folder}/${file}`, "size", found, bytes);
        }
      }
    }
    return dataset;
  }

  /**
   * Opens a dataset if it is there, whole to the last bit, and was made from these inputs,
   * so that a second preprocessing has nothing to do. Reads all its files.
   *
   * @param folder Where it would lie.
   * @param inputsHash What its manifest must say.
   * @returns The dataset, or `undefined` if none is there, a damaged one, or one of other
   * inputs.
   */
  static async openIfMadeFrom(
    folder: string,
    inputsHash: string,
  ): Promise<Dataset | undefined> {
    return await unlessDamaged(async () => {
      const dataset = await Dataset.open(folder, true);
      if (dataset.manifest.inputsHash !== inputsHash) return undefined;
      await dataset.checkFiles();
      return dataset;
    });
  }

  /**
   * Reads all files.
   *
   * @throws {RangeError | SyntaxError} If one is not as the manifest says.
   */
  async checkFiles(): Promise<void> {
    for (const split of SPLITS) await this.#check(split);
  }

  async #check(split: SplitName): Promise<void> {
    const { entities, relations, shards } = this.manifest.splits[split];
    const found = { entities: 0, relations: 0 }, buffer = this.#newBuffer();
    for (const info of shards) {
      const shard = await this.#read(info, buffer);
      found.entities += shard.numEntities;
      found.relations += shard.numRelations;
    }
    const path = `${this.folder}/${MANIFEST_FILE}`;
    if (found.entities !== entities) {
      this.#refuse(path, `entities of "${split}"`, entities, found.entities);
    }
    if (found.relations !== relations) {
      this.#refuse(path, `relations of "${split}"`, relations, found.relations);
    }
  }

  #refuse(path: string, what: string, found: unknown, expected: unknown): never {
    const { command, part } = this.manifest;
    const remedy = remedyOf(command, this.folder, part);
    throw new RangeError(
      `Cannot use "${path}": ${what} is ${found}, expected ${expected}; ${remedy}`,
    );
  }

  /** Number of images of a split. */
  size(split: SplitName): number {
    return this.manifest.splits[split].images;
  }

  /**
   * Reads the examples of a split one after another. With a seed they are shuffled: the
   * shards come in random order, and the examples of two shards are shuffled together, so
   * memory does not grow with the dataset.
   *
   * @param split The split to read.
   * @param options Order and number; the same options give the same examples.
   * @returns The examples, each with its own arrays.
   * @throws {RangeError} If a shard differs from the manifest, or the limit is not an
   * integer >= 0.
   */
  async *examples(split: SplitName, options: ReadOptions = {}): AsyncGenerator<Example> {
    const { shuffleSeed, limit = Infinity, skip = 0 } = options;
    if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 0)) {
      throw new RangeError(
        `Cannot read examples as limit must be an integer >= 0: current value is ${limit}`,
      );
    }
    const shards = placesOf(this.manifest.splits[split].shards, skip, limit);
    const random = shuffleSeed === undefined
      ? undefined
      : new Random(shuffleSeed, "examples", split);
    random?.shuffle(shards);
    const atOnce = random ? 2 : 1;
    for (let i = 0; i < shards.length; i += atOnce) {
      yield* this.#window(shards.slice(i, i + atOnce), random);
    }
  }

  async *#window(
    infos: readonly ShardPart[],
    random: Random | undefined,
  ): AsyncGenerator<Example> {
    const buffers = infos.map(() => this.#freeBuffers.pop() ?? this.#newBuffer());
    try {
      const places: [shard: Shard, index: number][] = [];
      for (const [i, { info, first, end }] of infos.entries()) {
        const shard = await this.#read(info, buffers[i]);
        for (let index = first; index < end; index++) places.push([shard, index]);
      }
      random?.shuffle(places);
      for (const [shard, index] of places) yield shard.example(index);
    } finally {
      this.#freeBuffers.push(...buffers);
    }
  }

  /** A buffer that holds the largest shard. */
  #newBuffer(): Uint8Array<ArrayBuffer> {
    const shards = SPLITS.flatMap((split) => this.manifest.splits[split].shards);
    return new Uint8Array(Math.max(0, ...shards.map(({ bytes }) => bytes)));
  }

  async #read(info: ShardInfo, buffer: Uint8Array<ArrayBuffer>): Promise<Shard> {
    const path = `${this.folder}/${info.file}`;
    const size = await fileSize(path);
    if (size !== info.bytes) this.#refuse(path, "size", size, info.bytes);
    const bytes = buffer.subarray(0, await readFileInto(path, buffer));
    const hash = sha256(bytes);
    if (hash !== info.sha256) this.#refuse(path, "SHA-256", hash, info.sha256);
    const shard = new Shard(bytes, path, this.vocabulary);
    if (shard.length !== info.images) {
      this.#refuse(path, "number of images", shard.length, info.images);
    }
    return shard;
  }
}

/** Images `[first, end)` of a shard. */
interface ShardPart {
  info: ShardInfo;
  first: number;
  end: number;
}

/** The shards that hold images `[skip, limit)` of a split, and which of each. */
function placesOf(
  shards: readonly ShardInfo[],
  skip: number,
  limit: number,
): ShardPart[] {
  const places: ShardPart[] = [];
  let before = 0;
  for (const info of shards) {
    const first = Math.max(0, skip - before);
    const end = Math.min(info.images, limit - before);
    if (first < end) places.push({ info, first, end });
    before += info.images;
  }
  return places;
}
