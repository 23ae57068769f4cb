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
 *   small) is cut, and widened inwards to one pixel if it is thinner.
 * - An image whose size is listed under another extension (one `.gif`) is found by its
 *   stem.
 * - An image without relations is kept and has no entities, as only relations name them.
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { cutBox } from "../../foreign/cut_box.ts";
import { BOX_FORMS } from "../../foreign/box_forms.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";

/** The published image whose size is listed too small: its boxes are cut uncounted. */
const KNOWN = { id: "9210906893_4102aa74c8_b.jpg", width: 500, height: 374 };

export type { JsonFile } from "./_json_file.ts";

/**
 * Reads the two lists of names.
 *
 * @param objects `objects.json`: a list of the class names.
 * @param predicates `predicates.json`: a list of the predicate names.
 * @param rules The rules for foreign data.
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
export function readVrdVocabulary(
  objects: JsonFile,
  predicates: JsonFile,
  rules: ForeignRules = new ForeignRules(),
): Vocabulary {
  const names = (file: JsonFile) => {
    const list = parseJsonFile(file);
    list.names();
    return rules.names(list.items());
  };
  return new Vocabulary({ entities: names(objects), predicates: names(predicates) });
}

/**
 * Reads the annotations of one split.
 *
 * @param annotations `annotations_train.json` or `annotations_test.json`.
 * @param sizes The image sizes, `train_image_metadata.json` or `test_image_metadata.json`.
 * @param vocabulary From {@linkcode readVrdVocabulary}; bounds the indices.
 * @param rules The rules for foreign data; counts what is mended.
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
  rules: ForeignRules = new ForeignRules(),
): AnnotatedImage[] {
  const sizeOf = readSizes(sizes);
  const images = parseJsonFile(annotations).entries().map(([id, rows]) =>
    readImage({ id, ...sizeOf(id) }, rows.items(), vocabulary, rules)
  );
  rules.throwProblems();
  return images;
}

interface Entity {
  label: number;
  /** As annotated, in the publishers' order. */
  numbers: readonly number[];
  field: JsonValue;
}

function readImage(
  image: { id: string; width: number; height: number },
  rows: readonly JsonValue[],
  vocabulary: Vocabulary,
  rules: ForeignRules,
): AnnotatedImage {
  const { id, width, height } = image;
  const isKnown = id === KNOWN.id && width === KNOWN.width && height === KNOWN.height;
  const entities: Entity[] = [];
  const indexOf = new Map<string, number>();
  const find = (entity: Entity, twin: boolean) => {
    const key = `${entity.label} ${entity.numbers} ${twin}`;
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
      entities.flatMap(({ numbers, field }) => {
        if (!isKnown) return rules.box(field, image, "ranges");
        const [top, bottom, left, right] = numbers;
        return cutBox([left, top, right, bottom], image).box;
      }),
    ),
    entityLabels: Int32Array.from(entities, (entity) => entity.label),
    relations: Int32Array.from(relations),
  };
}

function readEntity(entity: JsonValue, { numEntityClasses }: Vocabulary): Entity {
  const label = entity.at("category").index(numEntityClasses);
  const bbox = entity.at("bbox");
  const numbers = bbox.float32s(4, `numbers, ${BOX_FORMS.ranges.name}`);
  return { label, numbers, field: bbox };
}

/** Returns a look-up of image sizes by file name or, failing that, by its stem. */
function readSizes(file: JsonFile): (id: string) => { width: number; height: number } {
  const byName = new Map(parseJsonFile(file).entries());
  const byStem = new Map([...byName].map(([name, size]) => [stem(name), size]));
  return (id) => {
    const size = byName.get(id) ?? byStem.get(stem(id));
    if (size === undefined) {
      throw new RangeError(
        `Cannot use "${file.name}": it must have the size of image "${id}"`,
      );
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
