/**
 * Names and sizes of JSON files.
 *
 * @module
 */

/** V8's limit on the characters of a text, and so on the bytes of a JSON file. */
const MOST_BYTES = 2 ** 29 - 24;

/** Whether a name is that of a file with one value of JSON. */
export function isJson(name: string): boolean {
  return /\.json$/i.test(name);
}

/** Whether a name is that of a file with a value of JSON on each line. */
export function isJsonLines(name: string): boolean {
  return /\.(jsonl|ndjson)$/i.test(name);
}

/**
 * Refuses a file that is too large to be read as one text.
 *
 * @param name Of the file, for the message.
 * @param size Its bytes.
 * @param remedy What to do.
 * @throws {RangeError} If it is.
 */
export function checkJsonSize(
  name: string,
  size: number,
  remedy = "write it as .jsonl, one image a line, which is read line by line",
): void {
  if (size <= MOST_BYTES) return;
  throw new RangeError(
    `Cannot read "${name}" as it must have at most ${
      Math.floor(MOST_BYTES / 1e6)
    } MB: found ${Math.ceil(size / 1e6)} MB; ${remedy}`,
  );
}
