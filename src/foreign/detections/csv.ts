/**
 * Reads files in CSV, whose first line names the columns.
 *
 * @module
 */

import { type CsvRecord, parseCsv } from "../../deps/csv.ts";
import { looksLike } from "../../file_kind.ts";
import { areBoxColumns, columnProblem, HEADER } from "./table_columns.ts";

/** A row of a file. */
export interface CsvRow {
  /** The field of each column. */
  row: Record<string, string>;
  /** Offset of its first byte. */
  start: number;
  /** Offset after its last byte. */
  end: number;
}

/** The bytes of a file, whole or in pieces of any length. */
type CsvText = Uint8Array | AsyncIterable<Uint8Array>;

/** What may stand between fields. */
const DELIMITERS = [",", ";", "\t", "|"];

/** No header has more characters. */
const LONGEST_HEADER = 10_000;

/** Begins some texts in UTF-8, and means nothing. */
const MARK = "\uFEFF";

/** The fields of a header, which has no quotes within quotes. */
function fieldsOf(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
}

/** What stands between the fields of a line: what divides it most. */
function delimiterOf(line: string): string {
  const parts = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => parts(next) > parts(best) ? next : best);
}

/** The first line of a text. */
function firstLine(head: string): string {
  return head.replace(MARK, "").trimStart().split(/[\r\n]/, 1)[0];
}

/**
 * Whether a text is CSV of boxes, or its name says that it is CSV.
 *
 * @param head The start of the text.
 * @param name The file, in the form for messages: with its quotes.
 */
export function isCsv(head: string, name: string): boolean {
  const line = firstLine(head);
  if (areBoxColumns(fieldsOf(line, delimiterOf(line)))) return true;
  return /\.[ct]sv"$/i.test(name) && line !== "" && !/^[[{<]/.test(line) &&
    looksLike(new TextEncoder().encode(head)) === undefined;
}

/**
 * Reads the rows of a file.
 *
 * @param text The bytes, whole or in pieces of any length.
 * @param name The file, in the form for messages.
 * @throws {SyntaxError} If it is not CSV, or its first line lacks columns of boxes and
 * labels.
 */
export async function* csvRows(
  text: CsvText,
  name: string,
): AsyncGenerator<CsvRow> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SyntaxError(`Cannot read ${name}: ${problem}`, { cause });
  };
  let columns: string[] | undefined, start = 0;
  for await (const { record, info: { bytes: end } } of records(text, fail)) {
    if (columns) {
      yield {
        row: Object.fromEntries(columns.map((c, i) => [c, record[i]])),
        start,
        end,
      };
    } else {
      columns = record;
      const problem = columnProblem(columns);
      if (problem) fail(problem);
      const twice = columns.find((column, i) => columns!.indexOf(column) < i);
      if (twice !== undefined) {
        fail(`it must name each column once: found "${twice}" twice`);
      }
    }
    start = end;
  }
  if (!columns) fail(`it must begin with the names of its columns, as in ${HEADER}`);
}

/** The records, whose delimiter the first line tells. */
async function* records(
  text: CsvText,
  fail: (problem: string, cause: unknown) => never,
): AsyncGenerator<CsvRecord> {
  const { head, all } = text instanceof Uint8Array
    ? { head: decoded(text.subarray(0, LONGEST_HEADER)), all: text }
    : await withHead(text);
  try {
    yield* parseCsv(all, delimiterOf(firstLine(head)));
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    if (!code?.startsWith("CSV_")) throw cause;
    fail(`it is not CSV (${message})`, cause);
  }
}

/** The start of a stream with its first line, and the whole stream again. */
async function withHead(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: string; all: AsyncIterable<Uint8Array> }> {
  const rest = chunks[Symbol.asyncIterator](), taken: Uint8Array[] = [];
  let head = "", next = await rest.next();
  while (!next.done && head.length < LONGEST_HEADER) {
    taken.push(next.value);
    head += decoded(next.value);
    if (/[^\s][\r\n]/.test(head)) break;
    next = await rest.next();
  }
  async function* all() {
    yield* taken;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head, all: all() };
}

/** A text for its delimiters, of which each is one byte. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
