/**
 * The npm package that reads CSV. `mod.ts` does not load it.
 *
 * @module
 */

import { Readable } from "node:stream";

/** The package; as a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:csv-parse@7.0.3";

/** A record: its fields, and where the next one begins. */
export interface CsvRecord {
  record: string[];
  info: {
    /** Number of bytes to the end of the record, with the end of its line. */
    bytes: number;
    /** Number of lines to its end. */
    lines: number;
  };
}

/** A record of more bytes has a quote that nothing closes. */
const MAX_RECORD = 2 ** 20;

/**
 * Divides CSV in UTF-8 (RFC 4180) into records, passing over empty lines. All must have as
 * many fields as the first.
 *
 * @param chunks The bytes, in pieces of any length.
 * @param delimiter Stands between two fields.
 * @throws {Error} What is wrong with the text, with the line.
 */
export async function* parseCsv(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  const { parse } = await import(PACKAGE);
  const parser = parse({
    ...{ delimiter, bom: true, info: true, trim: true },
    ...{ skip_empty_lines: true, max_record_size: MAX_RECORD },
  });
  yield* Readable.from(chunks).compose(parser) as AsyncIterable<CsvRecord>;
}
