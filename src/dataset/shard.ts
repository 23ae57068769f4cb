/**
 * Examples in one safetensors file, which holds the arrays of all images end to end.
 *
 * | array | shape | |
 * |---|---|---|
 * | `ids`, `id_offsets` | `[bytes]`, `[M + 1]` | UTF-8 ids of the M images |
 * | `file_names`, `file_name_offsets` | the same | names of their files, if any is known |
 * | `sizes` | `[M, 2]` | width and height in pixels |
 * | `boxes`, `relations`, ... | | the annotations, see `_shard_annotations.ts` |
 * | `annotated_boxes`, ... | | the same of the annotated boxes, if `boxes` are a detector's |
 * | `negatives`, `negative_offsets` | `[sum S, 3]`, `[M + 1]` | like relations, if there are any |
 * | `entity_logits` | `[sum N, C]` | float16 or float32 |
 * | `relation_logits` | `[sum N^2, P]` | float16 or float32 |
 *
 * @module
 */

import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../io/safetensors.ts";
import type { Vocabulary } from "../vocabulary.ts";
import {
  type AnnotatedImage,
  type Annotation,
  checkExample,
  type Example,
} from "../example.ts";
import type { LogitsType } from "./manifest.ts";
import {
  annotationArrays,
  joined,
  offsetsOf,
  readAnnotations,
  readRows,
  rowArrays,
  vectorOf,
} from "./_shard_annotations.ts";
import {
  checkFinite,
  checkOffsets,
  type Constructor,
  decodeText,
  type Refuse,
  type StoredLogits,
  tableOf,
} from "./_shard_checks.ts";

/** The largest float16; a larger logit would be stored as infinity. */
const MAX_FLOAT16 = 65504;

/** The value of `format` in the metadata of every shard. */
const FORMAT = "sgp-shard-1";

/**
 * Writes examples as one shard.
 *
 * @param examples The examples in order; each must pass `checkExample`.
 * @param vocabulary The vocabulary of the dataset.
 * @param logitsType Type of the stored logits; float16 needs logits that pass
 * {@linkcode checkFloat16}.
 * @returns The bytes of the file; equal examples give equal bytes.
 */
export function encodeShard(
  examples: readonly Example[],
  vocabulary: Vocabulary,
  logitsType: LogitsType,
): Uint8Array<ArrayBuffer> {
  const { numEntityClasses: C, numPredicates: P } = vocabulary;
  const encoder = new TextEncoder();
  const ids = examples.map(({ id }) => encoder.encode(id));
  const fileNames = examples.map(({ fileName }) => encoder.encode(fileName ?? ""));
  const sizes = Float64Array.from(
    examples.flatMap(({ width, height }) => [width, height]),
  );
  const numEntities = examples.reduce((sum, e) => sum + e.entityLabels.length, 0);
  const numPairs = examples.reduce((sum, e) => sum + e.entityLabels.length ** 2, 0);
  const Logits = logitsType === "float16" ? Float16Array : Float32Array;
  const entityLogits = joined(
    new Logits(C * numEntities),
    examples.map((example) => example.entityLogits),
  );
  const relationLogits = joined(
    new Logits(P * numPairs),
    examples.map((example) => example.relationLogits),
  );
  const annotated = examples.flatMap(({ annotated }) => annotated ?? []);
  const negatives = examples.map(({ negatives }) => negatives ?? new Int32Array());
  return encodeSafetensors({
    ...textsOf("ids", "id_offsets", ids),
    ...(fileNames.some(({ length }) => length > 0) &&
      textsOf("file_names", "file_name_offsets", fileNames)),
    sizes: { shape: [examples.length, 2], data: sizes },
    ...annotationArrays(examples),
    ...annotated.length > 0 && annotationArrays(annotated, "annotated_"),
    ...negatives.some(({ length }) => length > 0) &&
      rowArrays(negatives, "negatives", "negative_offsets"),
    entity_logits: { shape: [numEntities, C], data: entityLogits },
    relation_logits: { shape: [numPairs, P], data: relationLogits },
  }, { format: FORMAT });
}

/**
 * Checks that the logits of an example can be stored as float16.
 *
 * @param example An example with finite logits.
 * @throws {RangeError} If the absolute value of a logit exceeds the largest float16,
 * 65504.
 */
export function checkFloat16(example: Example): void {
  for (const name of ["entityLogits", "relationLogits"] as const) {
    for (const logit of example[name]) {
      if (Math.abs(logit) > MAX_FLOAT16) {
        throw new RangeError(
          `Cannot store "${example.id}" as float16: ${name} must lie within ` +
            `${MAX_FLOAT16}, found ${logit}; store float32`,
        );
      }
    }
  }
}

/** Size of an example in a shard in bytes, without its id and offsets. */
export function storedBytes(example: Example, logitsType: LogitsType): number {
  const logits = example.entityLogits.length + example.relationLogits.length;
  return logits * (logitsType === "float16" ? 2 : 4) + 20 * example.entityLabels.length +
    4 * example.relations.length;
}

/**
 * The examples of one shard. The constructor checks everything; {@linkcode Shard.example}
 * copies one example.
 */
export class Shard {
  readonly #annotated: AnnotatedImage[];
  readonly #entityLogits: StoredLogits[];
  readonly #relationLogits: StoredLogits[];

  /**
   * Reads and checks a shard.
   *
   * @param bytes The bytes of the file, which must not change while the shard is used.
   * @param name Name of the file, for errors.
   * @param vocabulary The vocabulary of the dataset.
   * @throws {SyntaxError} If it is not a safetensors file.
   * @throws {RangeError} If an array is missing or has another type or shape, offsets do
   * not rise from 0 to the number of rows, or an example fails `checkExample`.
   */
  constructor(bytes: Uint8Array, name: string, vocabulary: Vocabulary) {
    const { arrays, metadata } = decodeSafetensors(bytes, name);
    const refuse: Refuse = (rule, cause) => {
      throw new RangeError(`Cannot use shard "${name}": ${rule}`, { cause });
    };
    if (metadata.format !== FORMAT) {
      refuse(`metadata "format" must be "${FORMAT}", found "${metadata.format}"`);
    }
    const table = <T>(key: string, types: Constructor<T>[], width?: number) =>
      tableOf(arrays, key, types, width, refuse);
    const ids = table("ids", [Uint8Array]);
    const sizes = table("sizes", [Float64Array], 2);
    const entityLogits = table<StoredLogits>(
      "entity_logits",
      [Float16Array, Float32Array],
      vocabulary.numEntityClasses,
    );
    const relationLogits = table<StoredLogits>(
      "relation_logits",
      [Float16Array, Float32Array],
      vocabulary.numPredicates,
    );
    const count = sizes.length / 2;
    const offsets = (key: string, end: number) =>
      checkOffsets(key, table(key, [Int32Array]), count, end, refuse);
    const idAt = offsets("id_offsets", ids.length);
    const hasNames = Object.hasOwn(arrays, "file_names");
    const names = hasNames ? table("file_names", [Uint8Array]) : new Uint8Array();
    const nameAt = hasNames
      ? offsets("file_name_offsets", names.length)
      : new Int32Array(count + 1);
    const annotations = readAnnotations(arrays, count, refuse);
    const annotated = Object.hasOwn(arrays, "annotated_boxes")
      ? readAnnotations(arrays, count, refuse, "annotated_")
      : undefined;
    const negatives = Object.hasOwn(arrays, "negatives")
      ? readRows(arrays, count, refuse, "negatives", "negative_offsets")
      : undefined;
    const counts = annotations.map(({ entityLabels }) => entityLabels.length);
    const entityAt = offsetsOf(counts), pairAt = offsetsOf(counts.map((n) => n ** 2));
    const rows = (key: string, length: number, needed: number) => {
      if (length !== needed) refuse(`"${key}" must have ${needed} rows, found ${length}`);
    };
    const { numEntityClasses: C, numPredicates: P } = vocabulary;
    rows("entity_logits", entityLogits.length / C, entityAt[count]);
    rows("relation_logits", relationLogits.length / P, pairAt[count]);
    checkFinite("entity_logits", entityLogits, refuse);
    checkFinite("relation_logits", relationLogits, refuse);

    const part = <T extends Sliceable>(
      from: T,
      at: ArrayLike<number>,
      i: number,
      w = 1,
    ) => from.subarray(w * at[i], w * at[i + 1]) as T;
    const images = Array.from({ length: count }, (_, i) => i);
    this.#annotated = images.map((i) => ({
      id: decodeText(part(ids, idAt, i), refuse),
      ...(nameAt[i + 1] > nameAt[i] &&
        { fileName: decodeText(part(names, nameAt, i), refuse) }),
      width: sizes[2 * i],
      height: sizes[2 * i + 1],
      ...annotations[i],
      ...annotated && { annotated: annotated[i] },
      ...negatives && { negatives: negatives[i] },
    }));
    this.#entityLogits = images.map((i) => part(entityLogits, entityAt, i, C));
    this.#relationLogits = images.map((i) => part(relationLogits, pairAt, i, P));
    for (const image of this.#annotated) {
      try {
        checkExample(image, vocabulary);
      } catch (error) {
        refuse((error as Error).message, error);
      }
    }
  }

  /** Number of examples. */
  get length(): number {
    return this.#annotated.length;
  }

  /** Number of entities of all examples. */
  get numEntities(): number {
    return this.#annotated.reduce((sum, image) => sum + image.entityLabels.length, 0);
  }

  /** Number of annotated relations of all examples. */
  get numRelations(): number {
    return this.#annotated.reduce((sum, image) => sum + image.relations.length / 3, 0);
  }

  /**
   * Copies one example.
   *
   * @param index Index of the example, from 0 to `length` - 1.
   * @returns The example, with its own arrays, so it does not keep the shard in memory.
   */
  example(index: number): Example {
    const image = this.#annotated[index], { annotated, negatives } = image;
    return {
      ...image,
      ...copyOf(image),
      ...annotated && { annotated: copyOf(annotated) },
      ...negatives && { negatives: negatives.slice() },
      entityLogits: new Float32Array(this.#entityLogits[index]),
      relationLogits: new Float32Array(this.#relationLogits[index]),
    };
  }
}

type Sliceable = Uint8Array | Int32Array | StoredLogits;

function copyOf({ boxes, entityLabels, relations }: Annotation): Annotation {
  return {
    boxes: boxes.slice(),
    entityLabels: entityLabels.slice(),
    relations: relations.slice(),
  };
}

/** Texts end to end, and where each begins. */
function textsOf(
  key: string,
  offsetsKey: string,
  texts: readonly Uint8Array[],
): Record<string, NamedArray> {
  const offsets = offsetsOf(texts.map(({ length }) => length));
  const data = joined(new Uint8Array(offsets.at(-1)!), texts);
  return {
    [key]: { shape: [data.length], data },
    [offsetsKey]: vectorOf(offsets),
  };
}
