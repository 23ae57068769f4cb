/**
 * Files with the detections of many images, which are read image by image, so that memory
 * does not grow with their number.
 *
 * @module
 */

import { byteLines } from "../byte_lines.ts";
import { type ListedImage, listImages } from "../foreign/detections/list_images.ts";
import { type JsonItem, jsonItems } from "../json_items.ts";
import { isBlank } from "../json_lines.ts";
import type { PartedFile } from "./image_files.ts";

/** The images of a file. */
export interface ImageTable {
  images: readonly ListedImage[];
  /** Whether the items are rows of COCO's results. */
  areRows: boolean;
  /** The text of an image: its item, or the list of its rows. */
  read(image: ListedImage): Promise<Uint8Array>;
}

/** How to read a file. */
export interface TableOptions {
  /** Whether each line is a value; else the whole is a list. */
  areLines: boolean;
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
  { areLines, onProgress }: TableOptions,
): Promise<ImageTable | undefined> {
  const chunks = counted(file.chunks(), onProgress);
  const items = areLines ? lineItems(chunks) : jsonItems(chunks, name);
  const listed = await listImages(items, name, areLines);
  if (!listed) return undefined;
  const { images, areRows } = listed;
  // The parts of a list have commas between their rows, but lines have none.
  const joined = (part: Uint8Array) => areRows && areLines ? commasForLines(part) : part;
  return {
    images,
    areRows,
    async read({ parts }) {
      const pieces: Uint8Array[] = [];
      for (let i = 0; i < parts.length; i += 2) {
        const [first, end] = [parts[i], parts[i + 1]];
        if (i > 0) pieces.push(COMMA);
        pieces.push(joined(await file.read(first, end - first)));
      }
      const all = areRows ? [OPEN, ...pieces, CLOSE] : pieces;
      return await new Blob(all as Uint8Array<ArrayBuffer>[]).bytes();
    },
  };
}

/** The lines of a stream that are not blank. */
async function* lineItems(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<JsonItem> {
  let start = 0, index = 0;
  for await (const bytes of byteLines(chunks)) {
    if (!isBlank(bytes)) yield { index, bytes, start };
    start += bytes.length + 1;
    index++;
  }
}

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
