/**
 * The values that a single opcode holds.
 *
 * @module
 */

import { OP, type OpReader } from "./_opcodes.ts";
import {
  decodeLong,
  parseFloat,
  parseInt10,
  parseText,
  readQuoted,
  utf8,
} from "./_text.ts";
import { RawString } from "./_values.ts";
import { latin1 } from "../numpy/array.ts";

/** Longest Python 2 string that becomes text at once, in bytes. */
const LONGEST_NAME = 1024;

/**
 * Decodes the value of the current opcode.
 *
 * @param reader Holds the opcode and its operand.
 * @param fail Throws a `SyntaxError` with the file, the problem and its place.
 * @returns The value; `undefined` if the opcode has none.
 */
export function readLiteral(
  { code, number, bytes }: OpReader,
  fail: (problem: string) => never,
): unknown {
  switch (code) {
    case OP.NONE:
      return null;
    case OP.NEWTRUE:
      return true;
    case OP.NEWFALSE:
      return false;
    case OP.BININT:
    case OP.BININT1:
    case OP.BININT2:
    case OP.BINFLOAT:
      return number;
    case OP.INT:
      // Protocol 0 writes booleans as 00 and 01.
      return bytes.length === 2 && bytes[0] === 48
        ? bytes[1] === 49
        : parseInt10(latin1(bytes), fail);
    case OP.LONG:
      return parseInt10(latin1(bytes).replace(/L$/, ""), fail);
    case OP.LONG1:
    case OP.LONG4:
      return decodeLong(bytes, fail);
    case OP.FLOAT:
      return parseFloat(latin1(bytes), fail);
    case OP.STRING:
      return stringOf(readQuoted(bytes, fail));
    case OP.BINSTRING:
    case OP.SHORT_BINSTRING:
      return stringOf(bytes);
    case OP.UNICODE:
      return parseText(bytes);
    case OP.BINUNICODE:
    case OP.SHORT_BINUNICODE:
    case OP.BINUNICODE8:
      return utf8(bytes, fail);
    case OP.BINBYTES:
    case OP.SHORT_BINBYTES:
    case OP.BINBYTES8:
    case OP.BYTEARRAY8:
      return bytes.slice();
    case OP.EMPTY_LIST:
    case OP.EMPTY_TUPLE:
      return [];
    case OP.EMPTY_DICT:
      return new Map();
    case OP.EMPTY_SET:
      return new Set();
    default:
      return undefined;
  }
}

function stringOf(bytes: Uint8Array): string | RawString {
  return bytes.length <= LONGEST_NAME ? latin1(bytes) : new RawString(bytes);
}
