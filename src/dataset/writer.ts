/**
 * Writes a processed dataset, which becomes visible only once it is complete.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import { listFiles, removeFile, writeFileAtomically } from "../files.ts";
import { Vocabulary } from "../vocabulary.ts";
import { checkExample, type Example } from "../example.ts";
import {
  type DatasetInfo,
  FORMAT_VERSION,
  type LogitsType,
  type Manifest,
  MANIFEST_FILE,
  parseManifest,
  serializeManifest,
  type ShardInfo,
  type SplitInfo,
  type SplitName,
  SPLITS,
} from "./manifest.ts";
import { checkFloat16, encodeShard, storedBytes } from "./shard.ts";

/** Number of examples in a full shard. */
const SHARD_EXAMPLES = 1000;

/** Size of a full shard in bytes; shuffled reading holds two shards in memory. */
const SHARD_BYTES = 32 * 2 ** 20;

/** Writes a dataset. `Dataset.open` finds it only after {@linkcode DatasetWriter.close}. */
export class DatasetWriter {
  readonly #vocabulary: Vocabulary;
  readonly #logitsType: LogitsType;
  readonly #ids = new Set<string>();
  readonly #splits = {
    train: new SplitInProgress(),
    validation: new SplitInProgress(),
    test: new SplitInProgress(),
  };
  #isOpen = true;

  private constructor(readonly folder: string, readonly info: DatasetInfo) {
    this.#vocabulary = new Vocabulary(info.vocabulary);
    this.#logitsType = info.logitsType ?? "float16";
  }

  /**
   * Begins a dataset. An existing dataset in the folder is removed, its manifest first;
   * other files in the folder stay.
   *
   * @param folder Path of its folder, which is created if it does not exist.
   * @param info Its description for the manifest.
   * @returns The writer.
   * @throws {TypeError | RangeError} If `parseManifest` refuses the description.
   */
  static async create(folder: string, info: DatasetInfo): Promise<DatasetWriter> {
    const writer = new DatasetWriter(folder, info);
    writer.#manifest(); // what it would refuse at the end, it refuses now
    await removeDataset(folder);
    return writer;
  }

  /**
   * Adds an example. Do not change its arrays afterwards, as they are written only when
   * the shard is full.
   *
   * @param split The split that it belongs to.
   * @param example The example.
   * @throws {RangeError} If `checkExample` refuses it, its id was added before, it
   * alone has detected boxes, or a logit
   * does not fit in float16. The example is left out, and others can still be added.
   * @throws {Error} If a file cannot be written; the dataset is then discarded.
   */
  async add(split: SplitName, example: Example): Promise<void> {
    this.#checkOpen();
    checkExample(example, this.#vocabulary);
    if (this.#logitsType === "float16") checkFloat16(example);
    if (this.#ids.has(example.id)) {
      throw new RangeError(
        `Cannot add image "${example.id}" to the dataset as ids must differ: it has this one`,
      );
    }
    const part = this.#splits[split];
    const first = part.waiting[0] ?? example;
    if ((first.annotated === undefined) !== (example.annotated === undefined)) {
      throw new RangeError(
        `Cannot add image "${example.id}" to the dataset as all images of a split must have detected boxes, or none: "${first.id}" differs`,
      );
    }
    this.#ids.add(example.id);
    const bytes = storedBytes(example, this.#logitsType);
    const isFull = part.waiting.length === SHARD_EXAMPLES ||
      part.waitingBytes + bytes > SHARD_BYTES;
    if (isFull && part.waiting.length > 0) await this.#flush(split);
    part.add(example, bytes);
  }

  /**
   * Writes the remaining examples, then the manifest.
   *
   * @returns The manifest.
   * @throws {Error} If a file cannot be written; the dataset is then discarded.
   */
  async close(): Promise<Manifest> {
    this.#checkOpen();
    for (const split of SPLITS) {
      if (this.#splits[split].waiting.length > 0) await this.#flush(split);
    }
    const manifest = this.#manifest();
    await this.#write(MANIFEST_FILE, serializeManifest(manifest));
    this.#isOpen = false;
    return manifest;
  }

  /** Removes everything that was written, if the dataset cannot be completed. */
  async discard(): Promise<void> {
    this.#checkOpen();
    this.#isOpen = false;
    await removeDataset(this.folder);
  }

  #manifest(): Manifest {
    const { train, validation, test } = this.#splits;
    return parseManifest({
      ...this.info,
      formatVersion: FORMAT_VERSION,
      vocabulary: this.#vocabulary.toJSON(),
      logitsType: this.#logitsType,
      splits: {
        train: train.summary(),
        validation: validation.summary(),
        test: test.summary(),
      },
    });
  }

  async #flush(split: SplitName): Promise<void> {
    const part = this.#splits[split];
    const number = String(part.shards.length).padStart(5, "0");
    const file = `${split}-${number}.safetensors`;
    const bytes = encodeShard(part.waiting, this.#vocabulary, this.#logitsType);
    await this.#write(file, bytes);
    part.written({
      file,
      bytes: bytes.length,
      sha256: sha256(bytes),
      images: part.waiting.length,
    });
  }

  async #write(file: string, data: Uint8Array | string): Promise<void> {
    try {
      await writeFileAtomically(`${this.folder}/${file}`, data);
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  #checkOpen(): void {
    if (!this.#isOpen) {
      throw new Error(
        `Cannot write the dataset "${this.folder}": its writer is closed; open another`,
      );
    }
  }
}

const OURS = new RegExp(
  `^(${MANIFEST_FILE}|(${SPLITS.join("|")})-\\d+\\.safetensors)(\\.partial)?$`,
);

/** Whether a file of a dataset's folder has a name that the writer gives. */
export function isDatasetFile(name: string): boolean {
  return OURS.test(name);
}

/** Removes the dataset of a folder, manifest first; other files stay. */
export async function removeDataset(folder: string): Promise<void> {
  await removeFile(`${folder}/${MANIFEST_FILE}`);
  for (const file of await listFiles(folder)) {
    if (isDatasetFile(file)) await removeFile(`${folder}/${file}`);
  }
}

/** What a writer knows of one split. */
class SplitInProgress {
  readonly shards: ShardInfo[] = [];
  waiting: Example[] = [];
  waitingBytes = 0;
  #images = 0;
  #entities = 0;
  #relations = 0;

  add(example: Example, bytes: number): void {
    this.waiting.push(example);
    this.waitingBytes += bytes;
    this.#images++;
    this.#entities += example.entityLabels.length;
    this.#relations += example.relations.length / 3;
  }

  written(shard: ShardInfo): void {
    this.shards.push(shard);
    this.waiting = [];
    this.waitingBytes = 0;
  }

  summary(): SplitInfo {
    return {
      images: this.#images,
      entities: this.#entities,
      relations: this.#relations,
      shards: this.shards,
    };
  }
}
