/**
 * Reads the annotations of Visual Relationship Detection (Lu, Krishna, Bernstein and
 * Fei-Fei, ECCV 2016) in the publishers' JSON form.
 *
 * An annotation file is one object that maps the name of an image file to a list of
 * `{ subject: { category, bbox }, predicate, object: { category, bbox } }`. A `bbox` is
 * `[ymin, ymax, xmin, xmax]` in whole pixels, counted from 1 and inclusive. Boxes keep
 * these numbers as `[xmin, ymin, xmax, ymax]`, so that the usual "+1 pixel" overlap
 * measures them as the annotators meant. Where the files are ambiguous, this reader
 * decides:
 *
 * - Entities have no ids, so mentions with the same class and box are one entity. Entities
 *   are ordered by their first mention, subject before object.
 * - Relations stay as annotated, with several predicates per pair and repeated rows.
 * - If a relation joins an entity with itself (83 rows of the training images, 26 of the
 *   test images; for example a second person whose box was lost), its object is a twin of
 *   the entity. Each entity has at most one twin. So no row is lost, and the denominators
 *   are those of the publishers.
 * - A box that leaves its image (six in one training image, whose size is listed too
 *   small) is clipped, and widened inwards to one pixel if it is thinner.
 * - An image whose size is listed under another extension (one `.gif`) is found by its
 *   stem.
 * - An image without relations is kept and has no entities, as only relations name them.
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { clipBox } from "./_clip.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";

export type { JsonFile } from "./_json_file.ts";

/**
 * Reads the two lists of names.
 *
 * @param objects `objects.json`: a list of the class names.
 * @param predicates `predicates.json`: a list of the predicate names.
 * @returns The vocabulary; indices are those of the annotations.
 * @throws {SyntaxError} If a file is not JSON or not a list of names.
 * @throws {RangeError} If a list is empty or repeats a name.
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
export function readVrdVocabulary(objects: JsonFile, predicates: JsonFile): Vocabulary {
  return new Vocabulary({
    entities: parseJsonFile(objects).names(),
    predicates: parseJsonFile(predicates).names(),
  });
}

/**
 * Reads the annotations of one split.
 *
 * @param annotations `annotations_train.json` or `annotations_test.json`.
 * @param sizes The image sizes, `train_image_metadata.json` or `test_image_metadata.json`.
 * @param vocabulary From {@linkcode readVrdVocabulary}; bounds the indices.
 * @returns The images in the order of the file; the module lists how ambiguities are
 * decided.
 * @throws {SyntaxError} If a file is not JSON or does not have the form above; the message
 * names the file and the place in it.
 * @throws {RangeError} If a class or predicate is outside the vocabulary, a box has no
 * area, or an image has no size.
 */
export function readVrdImages(
  annotations: JsonFile,
  sizes: JsonFile,
  vocabulary: Vocabulary,
): AnnotatedImage[] {
  const sizeOf = readSizes(sizes);
  return parseJsonFile(annotations).entries().map(([id, rows]) =>
    readImage({ id, ...sizeOf(id) }, rows.items(), vocabulary)
  );
}

interface Entity {
  label: number;
  box: [number, number, number, number];
}

function readImage(
  image: { id: string; width: number; height: number },
  rows: readonly JsonValue[],
  vocabulary: Vocabulary,
): AnnotatedImage {
  const entities: Entity[] = [];
  const indexOf = new Map<string, number>();
  const find = (entity: Entity, twin: boolean) => {
    const key = `${entity.label} ${entity.box} ${twin}`;
    if (!indexOf.has(key)) indexOf.set(key, entities.push(entity) - 1);
    return indexOf.get(key)!;
  };
  const relations = rows.flatMap((row) => {
    const from = find(readEntity(row.at("subject"), vocabulary), false);
    const target = readEntity(row.at("object"), vocabulary);
    let to = find(target, false);
    if (to === from) to = find(target, true);
    return [from, to, row.at("predicate").index(vocabulary.noRelation)];
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

function readEntity(entity: JsonValue, { numEntityClasses }: Vocabulary): Entity {
  const label = entity.at("category").index(numEntityClasses);
  const bbox = entity.at("bbox");
  const [y1, y2, x1, x2] = bbox.numbers(4, "numbers, [ymin, ymax, xmin, xmax]");
  if (!(x1 < x2 && y1 < y2)) {
    bbox.refuse("[ymin, ymax, xmin, xmax] with ymin < ymax and xmin < xmax");
  }
  return { label, box: [x1, y1, x2, y2] };
}

/** Returns a look-up of image sizes by file name or, failing that, by its stem. */
function readSizes(file: JsonFile): (id: string) => { width: number; height: number } {
  const byName = new Map(parseJsonFile(file).entries());
  const byStem = new Map([...byName].map(([name, size]) => [stem(name), size]));
  return (id) => {
    const size = byName.get(id) ?? byStem.get(stem(id));
    if (size === undefined) {
      throw new RangeError(`Cannot use "${file.name}": it has no size of image "${id}"`);
    }
    return {
      width: size.at("width").number({ min: 1 }),
      height: size.at("height").number({ min: 1 }),
    };
  };
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}
