/**
 * Divides JSON in a stream into the items of its lists, so that a file of any size can be
 * read item by item.
 *
 * @module
 */

import { joined } from "./byte_lines.ts";
import { looksLike } from "./file_kind.ts";
import { isBlank } from "./json_lines.ts";

/** An item of a list. */
export interface JsonItem {
  /** The key of its list, if the whole is an object. */
  key?: string;
  /** Its index in the list. */
  index: number;
  /** Its text in UTF-8, which is not parsed yet. */
  bytes: Uint8Array;
  /** Offset of its first byte in the stream. */
  start: number;
}

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c;
const LIST = 0x5b, LIST_END = 0x5d, OBJECT = 0x7b, OBJECT_END = 0x7d;
/** Begins some texts in UTF-8, and means nothing. */
const MARK = [0xef, 0xbb, 0xbf];

/**
 * The items of a list, or of lists in an object. Only their ends are looked for: whoever
 * parses an item finds what is wrong in it, and what is passed over is not checked.
 *
 * @param chunks The bytes, in pieces of any length.
 * @param name The file, in the form for messages: `"a.json"` with its quotes.
 * @param keys If the whole is an object: the keys whose lists are wanted.
 * @throws {SyntaxError} If the whole is no list or object, ends too early or goes on after
 * its end, or if an item is empty.
 *
 * @example
 * ```ts
 * import { jsonItems } from "./json_items.ts";
 * const file = new Blob(['{"a": [1], "b": [{}, [2, 3]]}']);
 * const texts: string[] = [];
 * for await (const { bytes } of jsonItems(file.stream(), '"a.json"', ["b"])) {
 *   texts.push(new TextDecoder().decode(bytes).trim());
 * }
 * if (texts.join(" ") !== "{} [2, 3]") throw new Error();
 * ```
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  keys: readonly string[] = [],
): AsyncGenerator<JsonItem> {
  const scanner = new Scanner(name, keys);
  for await (const chunk of chunks) yield* scanner.push(chunk);
  scanner.end();
}

/** Follows brackets and strings from chunk to chunk. */
class Scanner {
  readonly #name: string;
  readonly #keys: readonly string[];
  /** Number of brackets that are open. */
  #depth = 0;
  /** The depth of items in the list that is being read; 0 in none. */
  #itemDepth = 0;
  #isInString = false;
  #isEscaped = false;
  #isObject = false;
  #isDone = false;
  /** The last string of the whole object itself, with its quotes. */
  #text: number[] = [];
  #key?: string;
  #index = 0;
  #start = 0;
  #parts: Uint8Array[] = [];
  /** Offset of the chunk. */
  #offset = 0;

  constructor(name: string, keys: readonly string[]) {
    this.#name = name;
    this.#keys = keys;
  }

  *push(chunk: Uint8Array): Generator<JsonItem> {
    let begin = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isInString = false;
        if (this.#isObject && this.#depth === 1) this.#text.push(byte);
      } else if (this.#depth === 0) {
        if (this.#open(chunk, i)) begin = i + 1;
      } else if (byte === QUOTE) {
        this.#isInString = true;
        if (this.#isObject && this.#depth === 1) this.#text = [byte];
      } else if (byte === COLON) {
        if (this.#isObject && this.#depth === 1) this.#key = this.#readKey();
      } else if (byte === LIST || byte === OBJECT) {
        this.#depth++;
        const isWanted = this.#itemDepth === 0 && byte === LIST && this.#depth === 2 &&
          this.#key !== undefined && this.#keys.includes(this.#key);
        if (isWanted) {
          this.#begin(2, i);
          begin = i + 1;
        }
      } else if (byte === COMMA || byte === LIST_END || byte === OBJECT_END) {
        const isEnd = byte !== COMMA;
        if (this.#itemDepth > 0 && this.#depth === this.#itemDepth) {
          const bytes = joined(this.#parts, chunk.subarray(begin, i));
          yield* this.#item(bytes, isEnd);
          this.#parts = [];
          this.#start = this.#offset + i + 1;
          begin = i + 1;
          if (isEnd) this.#itemDepth = 0;
        }
        if (isEnd) this.#isDone = --this.#depth === 0;
      }
    }
    if (this.#itemDepth > 0 && begin < chunk.length) {
      this.#parts.push(chunk.slice(begin));
    }
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#isDone) return;
    this.#fail(
      this.#depth > 0
        ? `is cut off: ${this.#depth} brackets are open at its end`
        : "must be a list or an object: found nothing",
    );
  }

  /** Takes a byte before or after the whole; whether a list begins. */
  #open(chunk: Uint8Array, i: number): boolean {
    const byte = chunk[i];
    const isSpace = byte === 0x20 || byte >= 0x09 && byte <= 0x0d;
    if (isSpace || this.#offset + i < 3 && MARK[this.#offset + i] === byte) return false;
    if (this.#isDone) {
      this.#fail(
        "goes on after its end; if each line is a value, end its name with .jsonl",
      );
    }
    if (byte !== LIST && byte !== OBJECT) {
      const other = looksLike(chunk.subarray(i));
      this.#fail(`is not JSON: ${other ?? "it must be a list or an object"}`);
    }
    this.#depth = 1;
    this.#isObject = byte === OBJECT;
    if (!this.#isObject) this.#begin(1, i);
    return !this.#isObject;
  }

  #begin(depth: number, i: number): void {
    this.#itemDepth = depth;
    this.#index = 0;
    this.#start = this.#offset + i + 1;
    this.#parts = [];
  }

  *#item(bytes: Uint8Array, isLast: boolean): Generator<JsonItem> {
    if (isBlank(bytes)) {
      if (isLast && this.#index === 0) return;
      const place = `${this.#key ?? ""}[${this.#index}]`;
      this.#fail(`is not JSON: ${place} is empty; JSON has no comma before ] and }`);
    }
    const key = this.#isObject ? this.#key : undefined;
    yield { key, index: this.#index++, bytes, start: this.#start };
  }

  /** The key that a colon follows; one that is no text is that of nothing. */
  #readKey(): string | undefined {
    try {
      return JSON.parse(new TextDecoder().decode(Uint8Array.from(this.#text)));
    } catch {
      return undefined;
    }
  }

  #fail(problem: string): never {
    throw new SyntaxError(`Cannot read ${this.#name}: it ${problem}`);
  }
}
