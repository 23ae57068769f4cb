/**
 * The npm package that reads CSV. `mod.ts` does not load it.
 *
 * @module
 */

import { Readable } from "node:stream";

// As variables, Deno fetches the package when it is loaded.
const STREAM = "npm:csv-parse@7.0.3", WHOLE = "npm:csv-parse@7.0.3/sync";

/** A record: its fields, and where the next one begins. */
export interface CsvRecord {
  record: string[];
  info: {
    /** Number of bytes to the end of the record, with the end of its line. */
    bytes: number;
  };
}

/** A record of more bytes has a quote that nothing closes. */
const MAX_RECORD = 2 ** 20;

/** Empty lines are passed over; all records must have as many fields as the first. */
const SETTINGS = {
  ...{ bom: true, info: true, trim: true },
  ...{ skip_empty_lines: true, max_record_size: MAX_RECORD },
};

/**
 * Divides CSV in UTF-8 (RFC 4180) into records.
 *
 * @param text The bytes, whole or in pieces of any length. A whole of few bytes is read ten
 * times as fast.
 * @param delimiter Stands between two fields.
 * @throws {Error} What is wrong with the text, with the line.
 */
export async function* parseCsv(
  text: Uint8Array | AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  const isWhole = text instanceof Uint8Array;
  const { parse } = await import(isWhole ? WHOLE : STREAM);
  const settings = { ...SETTINGS, delimiter };
  if (isWhole) yield* parse(text, settings) as CsvRecord[];
  else {
    const records = Readable.from(text).compose(parse(settings));
    yield* records as AsyncIterable<CsvRecord>;
  }
}
