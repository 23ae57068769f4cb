/**
 * The two JSON files of the VG-SGG layout.
 *
 * @module
 */

import { readId } from "../../foreign/ids.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { Vocabulary } from "../../vocabulary.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";

/** Name and size of an image. */
export interface VgImageSize {
  id: string;
  fileName?: string;
  width: number;
  height: number;
}

/** Images of Visual Genome with corrupted files, which the annotations therefore lack. */
const CORRUPTED: ReadonlySet<string> = new Set(["1592", "1722", "4616", "4617"]);

/**
 * Reads `VG-SGG-dicts.json`. Its objects `idx_to_label` and `idx_to_predicate` map
 * indices, counted from 1, to names.
 *
 * @throws {SyntaxError} If it is not JSON, or an index is missing.
 */
export function readVgVocabulary(
  file: JsonFile,
  rules: ForeignRules = new ForeignRules(),
): Vocabulary {
  const dicts = parseJsonFile(file);
  const names = (key: string): string[] => {
    const count = dicts.at(key).entries().length;
    const entries = Array.from(
      { length: count },
      (_, i) => dicts.at(key).at(String(i + 1)),
    );
    for (const entry of entries) entry.string();
    return rules.names(entries);
  };
  return new Vocabulary({
    entities: names("idx_to_label"),
    predicates: names("idx_to_predicate"),
  });
}

/**
 * Reads `image_data.json`: a list of `{ image_id, width, height }`.
 *
 * @param file The file.
 * @param count Number of images in the annotations.
 * @returns Id and size of each image, and the number of corrupted images left out.
 * @throws {SyntaxError} If it is not JSON, or an image has no id or size.
 * @throws {RangeError} If a size is below 1, an image is repeated, or the number of images
 * differs from `count`.
 */
export function readVgImageData(
  file: JsonFile,
  count: number,
): { images: VgImageSize[]; corrupted: number } {
  const all = parseJsonFile(file).items().map((image): VgImageSize => ({
    id: readId(image.at("image_id")),
    ...!image.at("file_name").isMissing && { fileName: image.at("file_name").string() },
    width: image.at("width").number({ min: 1 }),
    height: image.at("height").number({ min: 1 }),
  }));
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) {
      throw new RangeError(
        `Cannot use "${file.name}": its ids of images must differ: found "${id}" twice`,
      );
    }
    ids.add(id);
  }
  if (all.length === count) return { images: all, corrupted: 0 };
  const sound = all.filter(({ id }) => !CORRUPTED.has(id));
  if (all.length - sound.length === CORRUPTED.size && sound.length === count) {
    return { images: sound, corrupted: CORRUPTED.size };
  }
  throw new RangeError(
    `Cannot use "${file.name}": it has ${all.length} images, the annotations ${count}`,
  );
}
