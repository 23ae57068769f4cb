/**
 * Files with the detections of many images, which are read image by image, so that memory
 * does not grow with their number.
 *
 * @module
 */

import { byteLines } from "../byte_lines.ts";
import { csvRows } from "../foreign/detections/csv.ts";
import {
  type ListedImage,
  listImages,
  type PlacedItem,
} from "../foreign/detections/list_images.ts";
import { jsonItems } from "../json_items.ts";
import { isBlank } from "../json_lines.ts";
import { JsonValue, parseJson } from "../json_value.ts";
import type { PartedFile } from "./image_files.ts";

/** The images of a file. */
export interface ImageTable {
  images: readonly ListedImage[];
  /** Whether an image is rows of COCO's results or of a table. */
  areRows: boolean;
  /** The JSON of an image: its item, or the list of its rows. */
  read(image: ListedImage): Promise<Uint8Array>;
}

/** How to read a file. */
export interface TableOptions {
  /** A list in JSON, a value of JSON on each line, or a table in CSV. */
  form: "list" | "lines" | "csv";
  /** Called with the number of bytes that have been read. */
  onProgress?: (bytes: number) => void;
}

const [OPEN, COMMA, CLOSE] = ["[", ",", "]"].map((text) =>
  new TextEncoder().encode(text)
);

/**
 * Finds the images of a file, reading it once.
 *
 * @param file The file, which stays open while images are read.
 * @param name Its name, in the form for messages: with its quotes.
 * @param options Its form.
 * @returns The images; `undefined` if the file is a list of the detections of one image.
 * @throws {SyntaxError | TypeError | RangeError} If it is not JSON, or a row lacks the id
 * of its image; the message has the place.
 */
export async function tableOfImages(
  file: PartedFile,
  name: string,
  { form, onProgress }: TableOptions,
): Promise<ImageTable | undefined> {
  const chunks = counted(file.chunks(), onProgress);
  const items = ITEMS[form](chunks, name);
  const listed = await listImages(items, form === "lines");
  if (!listed) return undefined;
  const { images, areRows } = listed;
  const read = async (parts: readonly number[]) => {
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < parts.length; i += 2) {
      pieces.push(await file.read(parts[i], parts[i + 1] - parts[i]));
    }
    return pieces;
  };
  if (form === "csv") {
    const header = [0, images[0].parts[0]];
    const rowsOf = async (parts: readonly number[]) => {
      const text = await blobOf(await read([...header, ...parts])).bytes();
      return await Array.fromAsync(csvRows(text, name), ({ row }) => row);
    };
    return {
      images,
      areRows,
      read: async ({ parts }) =>
        new TextEncoder().encode(JSON.stringify(await rowsOf(parts))),
    };
  }
  return {
    images,
    areRows,
    async read({ parts }) {
      const pieces = await read(parts);
      if (!areRows) return await blobOf(pieces).bytes();
      // The parts of a list have commas between their rows, but lines have none.
      const lists = form === "lines" ? pieces.map(commasForLines) : pieces;
      const all = lists.flatMap((list, i) => i === 0 ? [list] : [COMMA, list]);
      return await blobOf([OPEN, ...all, CLOSE]).bytes();
    },
  };
}

function blobOf(pieces: readonly Uint8Array[]): Blob {
  return new Blob(pieces as Uint8Array<ArrayBuffer>[]);
}

/** The items of a file in each form. */
const ITEMS: Record<
  TableOptions["form"],
  (chunks: AsyncIterable<Uint8Array>, name: string) => AsyncGenerator<PlacedItem>
> = {
  async *list(chunks, name) {
    for await (const { index, bytes, start } of jsonItems(chunks, name)) {
      const item = parseJson(bytes, `[${index}] of ${name}`);
      yield { item, start, end: start + bytes.length };
    }
  },
  async *lines(chunks, name) {
    let start = 0, number = 1;
    for await (const bytes of byteLines(chunks)) {
      const end = start + bytes.length;
      if (!isBlank(bytes)) {
        yield { item: parseJson(bytes, `line ${number} of ${name}`), start, end };
      }
      start = end + 1;
      number++;
    }
  },
  async *csv(chunks, name) {
    let number = 1;
    for await (const { row, start, end } of csvRows(chunks, name)) {
      yield { item: new JsonValue(row, `row ${number++} of ${name}`), start, end };
    }
  },
};

/** Rows on lines, as the items of a list. */
function commasForLines(part: Uint8Array): Uint8Array {
  const lines = new TextDecoder().decode(part).split("\n").filter((line) => line.trim());
  return new TextEncoder().encode(lines.join());
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onProgress?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    onProgress?.(bytes += chunk.length);
  }
}
