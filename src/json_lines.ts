/**
 * Reads files with a value of JSON on each line.
 *
 * @module
 */

import { byteLines } from "./byte_lines.ts";
import { type JsonValue, parseJson } from "./json_value.ts";

/**
 * Parses the lines of a file that are not empty.
 *
 * @param name Name of the file, for messages.
 * @param chunks Its bytes.
 * @throws {RangeError} If a line is no JSON; the message has its number.
 */
export async function* jsonLines(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<JsonValue> {
  let number = 0;
  for await (const line of byteLines(chunks)) {
    number++;
    if (isBlank(line)) continue;
    yield parseJson(line, `line ${number} of "${name}"`);
  }
}

/** Whether a line has nothing but spaces. */
export function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte >= 0x09 && byte <= 0x0d);
}
