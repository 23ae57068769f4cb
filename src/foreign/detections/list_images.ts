/**
 * Finds the images in a file of many, without keeping what is in them.
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import { readId } from "../ids.ts";
import { isImageItem } from "./read_json.ts";
import { imageColumn } from "./table.ts";

/** Where an image stands in a file. */
export interface ListedImage {
  /** What the file calls it: its id, or the name of its file; absent if it has none. */
  id?: string;
  /** Offsets in the file: the first byte and the end of one part, those of the next, ... */
  parts: number[];
}

/** The images of a file. */
export interface ListedImages {
  images: ListedImage[];
  /** Whether an image is several items, such as rows of COCO's results, or only one. */
  areRows: boolean;
}

/** An item of a list, a line or a row, and where it stands. */
export interface PlacedItem {
  item: JsonValue;
  /** Offset of its first byte. */
  start: number;
  /** Offset after its last byte. */
  end: number;
}

/** Keys that name an image, the most telling first. */
const NAMES = ["image", "fileName", "file_name", "@name", "imagePath", "image_id", "id"];

/**
 * Finds the images. Rows of COCO's results are gathered by their `image_id`, and those of a
 * table by its column of images, wherever they stand.
 *
 * @param items The items of a list, the lines of a file or the rows of a table.
 * @param areLines Whether each item is an image, unless it is a row.
 * @returns The images in the order of their first items; `undefined` if the items are the
 * detections of one image.
 * @throws {SyntaxError} If an item is not JSON; the message has its place.
 * @throws {TypeError | RangeError} If a row has no id of an image.
 */
export async function listImages(
  items: AsyncIterable<PlacedItem>,
  areLines = false,
): Promise<ListedImages | undefined> {
  const images: ListedImage[] = [], byId = new Map<string, ListedImage>();
  let areRows: boolean | undefined, last: ListedImage | undefined, idKey = "";
  for await (const { item, start, end } of items) {
    if (areRows === undefined) {
      const key = idKeyOf(item.value);
      [areRows, idKey] = [key !== undefined, key ?? ""];
    }
    if (!areRows) {
      if (!areLines && !isImageItem(item.value)) return undefined;
      images.push({ id: imageName(item.value), parts: [start, end] });
      continue;
    }
    const id = readId(item.at(idKey));
    const image = byId.get(id) ?? { id, parts: [] };
    if (image.parts.length === 0) {
      byId.set(id, image);
      images.push(image);
    }
    // Rows of an image mostly follow one another, and are read as one part.
    if (image === last) image.parts[image.parts.length - 1] = end;
    else image.parts.push(start, end);
    last = image;
  }
  return areRows === undefined ? undefined : { images, areRows };
}

/** What an image is called in JSON, if it has a name or an id. */
export function imageName(value: unknown): string | undefined {
  const isObject = typeof value === "object" && value !== null;
  const names: unknown[] = isObject
    ? NAMES.map((key) => (value as Record<string, unknown>)[key])
    : [];
  const name = names.find((name) => typeof name === "string" || Number.isInteger(name));
  return name === undefined || name === "" ? undefined : String(name);
}

/** The key of the image's id in a row of COCO's results or of a table of many images. */
function idKeyOf(value: unknown): string | undefined {
  const isCoco = typeof value === "object" && value !== null && "image_id" in value &&
    "bbox" in value;
  return isCoco ? "image_id" : imageColumn(value);
}
