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
 *   too small) is cut; what then is thinner than a pixel is widened to one, inwards.
 * - An image whose size is listed under another extension (one `.gif`) is found by its
 *   stem.
 * - An image without relations is kept, and has no entities: only relations name them.
 *
 * @module
 */

import { throwKindAs } from "../../json_problem.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";
import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { cutBox } from "../../foreign/cut_box.ts";
import { BOX_FORMS } from "../../foreign/box_forms.ts";
import { ForeignRules } from "../../foreign/rules.ts";

/** The published image whose size is listed too small: its boxes are cut uncounted. */
const KNOWN = { id: "9210906893_4102aa74c8_b.jpg", width: 500, height: 374 };

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
  objects: VrdFile,
  predicates: VrdFile,
  rules: ForeignRules = new ForeignRules(),
): Vocabulary {
  const names = (file: VrdFile) => {
    const list = parse(file);
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
 * @param rules The rules for foreign data; the same ones count on.
 * @returns The images in the order of the file; see the module for what is decided.
 * @throws {SyntaxError} If a file is not JSON, or not of the form above; the message has
 * the file and the place in it.
 * @throws {RangeError} If a class or predicate is outside the vocabulary, a box has no
 * area, or an image has no size.
 */
export function readVrdImages(
  annotations: VrdFile,
  sizes: VrdFile,
  vocabulary: Vocabulary,
  rules: ForeignRules = new ForeignRules(),
): AnnotatedImage[] {
  const sizeOf = readSizes(sizes);
  const images = parse(annotations).entries().map(([id, rows]) =>
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

/** A look-up of image sizes by file name, or failing that by the name's stem. */
function readSizes(file: VrdFile): (id: string) => { width: number; height: number } {
  const byName = new Map(parse(file).entries());
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

function parse({ name, text }: VrdFile): JsonValue {
  return parseJson(text, `"${name}"`, throwKindAs(SyntaxError));
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}
