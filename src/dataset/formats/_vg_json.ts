/**
 * The two JSON files of the VG-SGG layout.
 *
 * @module
 */

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
export function readVgVocabulary(file: VgFile): Vocabulary {
  const dicts = parseJson(file);
  const names = (key: string): string[] => {
    const record = isRecord(dicts) ? dicts[key] : undefined;
    if (!isRecord(record)) {
      throw new SyntaxError(
        `Cannot read "${file.name}": it must hold "${key}", an object of names by index`,
      );
    }
    const count = Object.keys(record).length;
    return Array.from({ length: count }, (_, i) => {
      const name = record[i + 1];
      if (typeof name === "string") return name;
      throw new SyntaxError(
        `Cannot read "${file.name}": "${key}" must name 1 to ${count}: ${i + 1} has none`,
      );
    });
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
 * @throws {RangeError} If it has another number of images, or repeats one.
 */
export function readVgImageData(
  file: VgFile,
  count: number,
): { images: VgImageSize[]; corrupted: number } {
  const list = parseJson(file);
  if (!Array.isArray(list)) {
    throw new SyntaxError(`Cannot read "${file.name}": it must be a list of images`);
  }
  const all = list.map((entry, i): VgImageSize => {
    const { image_id, width, height } = isRecord(entry) ? entry : {};
    const hasName = typeof image_id === "string" || Number.isInteger(image_id);
    if (hasName && isSize(width) && isSize(height)) {
      return { id: String(image_id), width, height };
    }
    throw new SyntaxError(
      `Cannot read "${file.name}": entry ${i} must have "image_id", "width" and "height": found ${
        JSON.stringify(entry)?.slice(0, 100)
      }`,
    );
  });
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

function parseJson({ name, text }: VgFile): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read "${name}": it is not JSON (${(cause as Error).message})`,
      { cause },
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && Number.isFinite(value);
}
