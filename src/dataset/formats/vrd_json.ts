/**
 * Reads the annotations of Visual Relationship Detection (Lu, Krishna, Bernstein and
 * Fei-Fei, ECCV 2016) in the publishers' JSON form.
 *
 * An annotation file is one object: image file name -> list of `{ subject: { category,
 * bbox }, predicate, object: { category, bbox } }`, with `bbox` as `[ymin, ymax, xmin,
 * xmax]` in whole pixels counted from 1, both ends inside. Our boxes keep these numbers,
 * as `[xmin, ymin, xmax, ymax]`, so that the field's "+1 pixel" overlap measures them as
 * their annotators meant. What the files leave open is decided so:
 *
 * - Entities have no ids: mentions of equal class and equal box are one entity. Entities
 *   come in the order of their first mention, subject before object.
 * - Relations stay as annotated: several predicates a pair, and repeated rows.
 * - A relation of an entity with itself (83 rows of the training images, 26 of the test
 *   images: a second person, say, whose box was lost) gets a twin of that entity as its
 *   object, one twin an entity, so that no row is lost and denominators stay the
 *   publishers'.
 * - A box that sticks out of its image (six of one training image, whose size is listed
 *   too small) is clipped; what then is thinner than a pixel is widened to one, inwards.
 * - An image whose size is listed under another extension (one `.gif`) is found by its
 *   stem.
 * - An image without relations is kept, and has no entities: only relations name them.
 *
 * @module
 */

import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { clipBox } from "./_clip.ts";

/** One JSON file: its text, and its name for messages. */
export interface VrdFile {
  /** Shown in errors. */
  name: string;
  /** The content. */
  text: string;
}

/**
 * Reads the two lists of names.
 *
 * @param objects `objects.json`: a list of the class names.
 * @param predicates `predicates.json`: a list of the predicate names.
 * @returns The vocabulary; indices are those of the annotations.
 * @throws {SyntaxError} If a file is not JSON or not a list of names.
 *
 * @example
 * ```ts
 * import { readVrdVocabulary } from "./vrd_json.ts";
 * const vocabulary = readVrdVocabulary(
 *   { name: "objects.json", text: '["person", "sky"]' },
 *   { name: "predicates.json", text: '["on", "wear"]' },
 * );
 * if (vocabulary.numPredicates !== 3) throw new Error();
 * ```
 */
export function readVrdVocabulary(objects: VrdFile, predicates: VrdFile): Vocabulary {
  return new Vocabulary({
    entities: readNames(objects),
    predicates: readNames(predicates),
  });
}

/**
 * Reads the annotations of one split.
 *
 * @param annotations `annotations_train.json` or `annotations_test.json`.
 * @param sizes The image sizes, `train_image_metadata.json` or `test_image_metadata.json`.
 * @param vocabulary From {@linkcode readVrdVocabulary}; bounds the indices.
 * @returns The images in the order of the file; see the module for what is decided.
 * @throws {SyntaxError} If a file is not JSON, or not of the form above; the message has
 * the file, the image and the row.
 * @throws {RangeError} If a class or predicate is outside the vocabulary, a box has no
 * area, or an image has no size.
 */
export function readVrdImages(
  annotations: VrdFile,
  sizes: VrdFile,
  vocabulary: Vocabulary,
): AnnotatedImage[] {
  const sizeOf = readSizes(sizes);
  return Object.entries(readRecord(annotations)).map(([id, rows]) => {
    const where = `"${annotations.name}": image "${id}"`;
    if (!Array.isArray(rows)) {
      throw new SyntaxError(
        `Cannot read ${where} must be a list of relations: found ${show(rows)}`,
      );
    }
    return readImage({ id, ...sizeOf(id) }, rows, vocabulary, where);
  });
}

interface Entity {
  label: number;
  box: [number, number, number, number];
}

function readImage(
  image: { id: string; width: number; height: number },
  rows: readonly unknown[],
  vocabulary: Vocabulary,
  where: string,
): AnnotatedImage {
  const entities: Entity[] = [];
  const indexOf = new Map<string, number>();
  const find = (entity: Entity, twin: boolean) => {
    const key = `${entity.label} ${entity.box} ${twin}`;
    if (!indexOf.has(key)) indexOf.set(key, entities.push(entity) - 1);
    return indexOf.get(key)!;
  };
  const relations = rows.flatMap((row, r) => {
    const at = `${where}, relation ${r}`;
    const { subject, predicate, object } = isRecord(row) ? row : {};
    const from = find(readEntity(subject, vocabulary, `${at}, "subject"`), false);
    const target = readEntity(object, vocabulary, `${at}, "object"`);
    let to = find(target, false);
    if (to === from) to = find(target, true);
    return [
      from,
      to,
      readIndex(predicate, vocabulary.noRelation, `${at}, "predicate"`),
    ];
  });
  return {
    ...image,
    boxes: Float32Array.from(
      entities.flatMap(({ box }) => clipBox(box, image.width, image.height)),
    ),
    entityLabels: Int32Array.from(entities, (entity) => entity.label),
    relations: Int32Array.from(relations),
  };
}

function readEntity(value: unknown, vocabulary: Vocabulary, where: string): Entity {
  if (!isRecord(value)) {
    throw new SyntaxError(
      `Cannot read ${where} must hold "category" and "bbox": found ${show(value)}`,
    );
  }
  const { category, bbox } = value;
  const label = readIndex(category, vocabulary.numEntityClasses, `${where}, "category"`);
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
  if (!isBox) {
    throw new SyntaxError(
      `Cannot read ${where}, "bbox" must be four numbers [ymin, ymax, xmin, xmax]: found ${
        show(bbox)
      }`,
    );
  }
  const [y1, y2, x1, x2] = bbox;
  if (!(x1 < x2 && y1 < y2)) {
    throw new RangeError(
      `Cannot use ${where}, "bbox" must have ymin < ymax and xmin < xmax: found ${
        show(bbox)
      }`,
    );
  }
  return { label, box: [x1, y1, x2, y2] };
}

function readIndex(value: unknown, bound: number, where: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < bound) {
    return value as number;
  }
  throw new RangeError(
    `Cannot use ${where} must be a whole number in [0, ${bound}): found ${show(value)}`,
  );
}

/** A look-up of image sizes by file name, or failing that by the name's stem. */
function readSizes(file: VrdFile): (id: string) => { width: number; height: number } {
  const byStem = new Map<string, unknown>();
  const byName = new Map(Object.entries(readRecord(file)));
  for (const [name, size] of byName) byStem.set(stem(name), size);
  return (id) => {
    const size = byName.get(id) ?? byStem.get(stem(id));
    if (size === undefined) {
      throw new RangeError(`Cannot use "${file.name}": it has no size of image "${id}"`);
    }
    const { width, height } = isRecord(size) ? size : {};
    if (!isSize(width) || !isSize(height)) {
      throw new RangeError(
        `Cannot use "${file.name}": width and height of image "${id}" must be numbers >= 1: found ${
          show(size)
        }`,
      );
    }
    return { width, height };
  };
}

function readNames(file: VrdFile): string[] {
  const names = parseJson(file);
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) {
    return names;
  }
  throw new SyntaxError(
    `Cannot read "${file.name}": it must be a list of names: found ${show(names)}`,
  );
}

function readRecord(file: VrdFile): Record<string, unknown> {
  const record = parseJson(file);
  if (isRecord(record)) return record;
  throw new SyntaxError(
    `Cannot read "${file.name}": it must be an object with a key for each image: found ${
      show(record)
    }`,
  );
}

function parseJson({ name, text }: VrdFile): unknown {
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

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}

/** A value as JSON, cut to what fits into a message. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
