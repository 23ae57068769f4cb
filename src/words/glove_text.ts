/**
 * Reads word vectors in GloVe's text format: on each line a word and its numbers.
 *
 * @module
 */

import { KIND_BYTES, looksLike } from "../file_kind.ts";
import type { WordTable } from "./word_vectors.ts";

const [NEWLINE, SPACE] = [10, 32];
/** Longest line in bytes; 300 numbers take about 3,000. */
const MAX_LINE = 2 ** 20;

/**
 * Reads the vectors of some words. Other lines are skipped, so the memory needed does not
 * depend on the size of the file.
 *
 * Words are compared in lower case, but an exact match comes first: "polish" is "polish"
 * even after "Polish", and "tv" is "TV" if the file has no "tv".
 *
 * @param chunks The bytes of the file.
 * @param words The words to keep, in lower case.
 * @param name Name of the file, for errors.
 * @returns The vectors of the words that the file has, in the order of `words`.
 * @throws {SyntaxError} If the file has another format; the message has the line.
 *
 * @example
 * ```ts
 * import { readGloveText } from "./glove_text.ts";
 * const text = new TextEncoder().encode("the 0.5 1\nman -1 2\n");
 * const table = await readGloveText([text], new Set(["man"]), "glove.txt");
 * if (table.get("man")?.[1] !== 2) throw new Error();
 * ```
 */
export async function readGloveText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  words: ReadonlySet<string>,
  name: string,
): Promise<WordTable> {
  const found = new Map<string, Float32Array>();
  const exact = new Set<string>();
  let size: number | undefined;
  let number = 0;
  let head = new Uint8Array();
  async function* remembered() {
    for await (const chunk of chunks) {
      if (head.length === 0) head = chunk.slice(0, KIND_BYTES);
      yield chunk;
    }
  }
  const fail = (problem: string): never => {
    const other = looksLike(head);
    const end = other ? `; ${other}` : "";
    throw new SyntaxError(`Cannot read "${name}" as word vectors: ${problem}${end}`);
  };
  for await (const line of linesOf(remembered(), fail)) {
    number++;
    if (number === 1 && isHeader(line)) continue;
    size ??= sizeOf(line, number, fail);
    const space = line.indexOf(SPACE);
    const written = decoder.decode(line.subarray(0, space));
    const word = written.toLowerCase();
    if (!words.has(word) || exact.has(word)) continue;
    if (written !== word && found.has(word)) continue;
    const vector = parseVector(line, space, size, `"${name}": line ${number}`);
    if (!vector) continue;
    found.set(word, vector);
    if (written === word) exact.add(word);
  }
  if (number === 0) {
    throw new SyntaxError(
      `Cannot read "${name}": it must have lines of a word and its numbers: found none`,
    );
  }
  return new Map([...words].flatMap((word) => {
    const vector = found.get(word);
    return vector ? [[word, vector]] : [];
  }));
}

const decoder = new TextDecoder();

type Fail = (problem: string) => never;

async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  fail: Fail,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const line = chunk.subarray(start, end);
      const whole = rest.length > 0 ? joined(rest, line) : line;
      rest = new Uint8Array(0);
      if (whole.length > 0) yield whole;
      start = end + 1;
    }
    rest = joined(rest, chunk.subarray(start));
    if (rest.length > MAX_LINE) fail(`a line has more than ${MAX_LINE} bytes`);
  }
  if (rest.length > 0) yield rest;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Whether the first line is that of fastText's and word2vec's text: count and size. */
function isHeader(line: Uint8Array): boolean {
  return /^\d+\s+\d+\s*$/.test(decoder.decode(line.subarray(0, 64)));
}

/** E, from the first line with a word, whose word has no space (in the published files a comma). */
function sizeOf(line: Uint8Array, number: number, fail: Fail): number {
  const [word, ...numbers] = decoder.decode(line).trim().split(" ");
  if (word !== "" && numbers.length > 1 && numbers.every(isNumber)) return numbers.length;
  const shown = JSON.stringify(decoder.decode(line.subarray(0, 40)));
  return fail(`line ${number} must be a word and its numbers: found ${shown}`);
}

function isNumber(text: string): boolean {
  return text !== "" && Number.isFinite(Number(text));
}

/** The numbers of a line, or `undefined` if its word contains a space. */
function parseVector(
  line: Uint8Array,
  space: number,
  size: number,
  where: string,
): Float32Array | undefined {
  const texts = decoder.decode(line.subarray(space + 1)).trim().split(" ");
  if (texts.length > size) return undefined; // such as "at name@domain.com"
  if (texts.length < size || !texts.every(isNumber)) {
    throw new SyntaxError(
      `Cannot read ${where} must have a word and ${size} numbers, found ${texts.length} after the word${
        texts.length < size ? "" : `, not all of them numbers`
      }`,
    );
  }
  return Float32Array.from(texts, Number);
}
