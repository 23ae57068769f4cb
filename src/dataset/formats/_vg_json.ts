/**
 * The two JSON files of the VG-SGG layout.
 *
 * @module
 */

import { readId } from "../../foreign/ids.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { throwKindAs } from "../../json_problem.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";
import { Vocabulary } from "../../vocabulary.ts";

/** One JSON file: its text, and its name for messages. */
export interface VgFile {
  /** Shown in errors. */
  name: string;
  /** The content. */
  text: string;
}

/** Name and size of an image. */
export interface VgImageSize {
  id: string;
  fileName?: string;
  width: number;
  height: number;
}

/** Images of Visual Genome whose files are corrupted, so that annotations lack them. */
const CORRUPTED: ReadonlySet<string> = new Set(["1592", "1722", "4616", "4617"]);

/**
 * Reads `VG-SGG-dicts.json`: `idx_to_label` and `idx_to_predicate`, each an object from
 * the index, counted from 1, to the name.
 *
 * @throws {SyntaxError} If it does not parse, or an index is missing.
 */
export function readVgVocabulary(
  file: VgFile,
  rules: ForeignRules = new ForeignRules(),
): Vocabulary {
  const dicts = parse(file);
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
 * @param count Number of images that the annotations have.
 * @returns Name and size of each, and how many corrupted ones were passed over.
 * @throws {SyntaxError} If it does not parse, or an image has no name or size.
 * @throws {RangeError} If a size is below 1, or if the file has another number of images or
 * repeats one.
 */
export function readVgImageData(
  file: VgFile,
  count: number,
): { images: VgImageSize[]; corrupted: number } {
  const all = parse(file).items().map((image): VgImageSize => ({
    id: readId(image.at("image_id")),
    ...!image.at("file_name").isMissing && { fileName: image.at("file_name").string() },
    width: image.at("width").number({ min: 1 }),
    height: image.at("height").number({ min: 1 }),
  }));
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) {
      throw new RangeError(`Cannot use "${file.name}": it has the image "${id}" twice`);
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

function parse({ name, text }: VgFile): JsonValue {
  return parseJson(text, `"${name}"`, throwKindAs(SyntaxError));
}
