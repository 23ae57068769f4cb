/**
 * Reads from COCO's annotations what its results lack.
 *
 * @module
 */

import { jsonItems } from "../../json_items.ts";
import { JsonValue, parseJson } from "../../json_value.ts";
import type { CocoCategory, CocoImage, CocoOptions } from "./coco_results.ts";

/** The keys whose lists are read; the annotations themselves are passed over. */
const KEYS = ["images", "categories"] as const;

/**
 * Reads images and categories.
 *
 * @param chunks The file, of any size.
 * @param name The file with its quotes, for messages.
 * @returns The images, and the categories if there are any.
 * @throws {SyntaxError | TypeError | RangeError} If it is no JSON, has no images, or an
 * image or category lacks its id, size or name.
 */
export async function readCocoAnnotations(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): Promise<Pick<CocoOptions, "images" | "categories">> {
  const images: CocoImage[] = [], categories: CocoCategory[] = [];
  for await (const { key, index, bytes } of jsonItems(chunks, name, KEYS)) {
    const item = parseJson(bytes, `${key ?? ""}[${index}] of ${name}`);
    if (key === "images") {
      images.push({
        id: item.at("id").value as number,
        width: item.at("width").number(),
        height: item.at("height").number(),
        file_name: item.at("file_name").optional?.string(),
      });
    } else if (key === "categories") {
      categories.push({ id: item.at("id").integer(), name: item.at("name").id() });
    }
  }
  if (images.length === 0) {
    new JsonValue({}, name).at("images").refuseKind(
      "a list of images, as COCO's annotations have it",
    );
  }
  return { images, ...categories.length > 0 && { categories } };
}
