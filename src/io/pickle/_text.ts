/**
 * Parses numbers and text as Python's pickles write them.
 *
 * @module
 */

import { latin1 } from "../numpy/array.ts";

type Fail = (problem: string) => never;

/** Limit on the digits of an integer, far above any useful one. */
const MOST_DIGITS = 2048;

function simplest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Parses a decimal integer; a bigint if a number cannot hold it. */
export function parseInt10(text: string, fail: Fail): number | bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text) || text.length > MOST_DIGITS) {
    return fail("a malformed integer");
  }
  return simplest(BigInt(text.trim().replace(/^\+/, "")));
}

/** Parses a floating-point number as Python writes it. */
export function parseFloat(text: string, fail: Fail): number {
  const word = /^([-+]?)(inf|nan)$/.exec(text);
  if (word) return word[2] === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
  const value = /^[-+\d.eE]+$/.test(text) ? Number(text) : NaN;
  return Number.isNaN(value) ? fail("a malformed number") : value;
}

/** Decodes an integer in two's complement, lowest byte first. */
export function decodeLong(bytes: Uint8Array, fail: Fail): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length > MOST_DIGITS / 2) return fail(`an integer of ${bytes.length} bytes`);
  const value = BigInt(`0x${bytes.toReversed().toHex()}`);
  return simplest(BigInt.asIntN(8 * bytes.length, value));
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 and refuses malformed text. */
export function utf8(bytes: Uint8Array, fail: Fail): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return fail("text that is not UTF-8");
  }
}

/** Decodes latin1 with `\uXXXX` and `\UXXXXXXXX` for other characters. */
export function parseText(bytes: Uint8Array): string {
  return latin1(bytes).replace(
    /\\u([0-9a-fA-F]{4})|\\U00([01][0-9a-fA-F]{5})/g,
    (escape, short, long) => {
      const code = parseInt(short ?? long, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
    },
  );
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};
const BACKSLASH = 92;

/** Decodes a quoted Python 2 string literal to bytes. */
export function readQuoted(text: Uint8Array, fail: Fail): Uint8Array {
  const quote = text[0];
  const isQuoted = text.length >= 2 && (quote === 39 || quote === 34) &&
    text.at(-1) === quote;
  if (!isQuoted) return fail("a string without quotes");
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length - 1; at++) {
    if (text[at] !== BACKSLASH) {
      bytes[length++] = text[at];
      continue;
    }
    const letter = String.fromCharCode(text[++at]);
    const simple = ESCAPES[letter];
    if (simple !== undefined && at < text.length - 1) {
      bytes[length++] = simple;
      continue;
    }
    const [pattern, radix, start] = letter === "x"
      ? [/^[0-9a-fA-F]{2}/, 16, at + 1] as const
      : [/^[0-7]{1,3}/, 8, at] as const;
    const digits = pattern.exec(latin1(text.subarray(start, start + 3)));
    if (digits === null || start + digits[0].length > text.length - 1) {
      return fail("a string with an unknown escape");
    }
    bytes[length++] = parseInt(digits[0], radix);
    at = start + digits[0].length - 1;
  }
  return bytes.subarray(0, length);
}
