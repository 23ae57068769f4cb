/**
 * Reads files with a value of JSON on each line.
 *
 * @module
 */

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
  let rest = "", number = 0;
  const decoder = new TextDecoder();
  function* parsed(lines: string[]): Generator<JsonValue> {
    for (const line of lines) {
      number++;
      if (line.trim() === "") continue;
      yield parseJson(line, `line ${number} of "${name}"`);
    }
  }
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* parsed(lines);
  }
  yield* parsed([rest + decoder.decode()]);
}
