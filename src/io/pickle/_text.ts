/**
 * Numbers and text as Python's pickles write them.
 *
 * @module
 */

import { latin1 } from "../numpy/array.ts";

type Fail = (problem: string) => never;

/** Digits of the longest whole number, far above any that means something. */
const MOST_DIGITS = 2048;

function simplest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A whole number in decimal digits; a bigint if a number cannot hold it. */
export function parseInt10(text: string, fail: Fail): number | bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text) || text.length > MOST_DIGITS) {
    return fail("a whole number that is none");
  }
  return simplest(BigInt(text.trim().replace(/^\+/, "")));
}

/** A number as Python writes it. */
export function parseFloat(text: string, fail: Fail): number {
  const word = /^([-+]?)(inf|nan)$/.exec(text);
  if (word) return word[2] === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
  const value = /^[-+\d.eE]+$/.test(text) ? Number(text) : NaN;
  return Number.isNaN(value) ? fail("a number that is none") : value;
}

/** Two's complement, the lowest byte first. */
export function decodeLong(bytes: Uint8Array, fail: Fail): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length > MOST_DIGITS / 2) return fail(`a number of ${bytes.length} bytes`);
  const value = BigInt(`0x${bytes.toReversed().toHex()}`);
  return simplest(BigInt.asIntN(8 * bytes.length, value));
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, refused if it is not sound. */
export function utf8(bytes: Uint8Array, fail: Fail): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return fail("text that is not UTF-8");
  }
}

/** Text with `\uXXXX` and `\UXXXXXXXX` for what latin1 lacks. */
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

/** The bytes of a string that is written as in a Python 2 program, in quotes. */
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
