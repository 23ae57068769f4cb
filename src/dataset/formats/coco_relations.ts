/**
 * Converts relations in COCO's JSON, one file per split, to the format for the user's
 * data.
 *
 * Source: docs/ANNOTATIONS.md of SGG-Benchmark. In addition to COCO's `images`,
 * `annotations` (`bbox`: left, top, width, height) and `categories`, a file has
 * `rel_categories` and `rel_annotations` (`subject_id` and `object_id` are ids of
 * annotations).
 *
 * @module
 */

import { Vocabulary } from "../../vocabulary.ts";
import type { SplitName } from "../manifest.ts";
import { clipBox } from "./_clip.ts";
import { JsonValue } from "../../json_value.ts";
import type { Problems } from "./_problems.ts";
import type { UserHeader } from "./_user_json_checks.ts";
import type { WrittenImage } from "./user_json_text.ts";

/** A dataset in the format for the user's data, in memory. */
export interface ConvertedDataset {
  header: UserHeader;
  images: WrittenImage[];
  /** Number of relations of an entity with itself, which are left out. */
  selfRelations: number;
}

/** A parsed file and the split that it holds. */
export interface CocoFile {
  /** Name of the file, for messages. */
  name: string;
  /** The value that `JSON.parse` returned. */
  document: unknown;
  /** Its split; if missing, splits are drawn when the result is read. */
  split?: SplitName;
}

/** Whether a parsed file has this format. */
export function isCocoRelations(document: unknown): boolean {
  return Array.isArray(Object(document).rel_annotations);
}

/**
 * Converts the files of a dataset. Classes are ordered by their ids.
 *
 * @param files One file for each split.
 * @param problems Receives the problems.
 * @returns The dataset, or `undefined` if there are errors.
 */
export function convertCocoRelations(
  files: readonly CocoFile[],
  problems: Problems,
): ConvertedDataset | undefined {
  const images: WrittenImage[] = [];
  const ids = new Set<string>();
  let vocabulary: Vocabulary | undefined;
  let selfRelations = 0;
  for (const { name, document, split } of files) {
    const root = new JsonValue(document, `"${name}"`, problems.report);
    const classes = readClasses(root.at("categories"));
    const predicates = readClasses(root.at("rel_categories"));
    if (!classes || !predicates) continue;
    const found = new Vocabulary({
      entities: classes.names,
      predicates: predicates.names,
    });
    vocabulary ??= found;
    if (JSON.stringify(found) !== JSON.stringify(vocabulary)) {
      problems.error(root.place, `must have the same classes as "${files[0].name}"`);
      continue;
    }
    for (const image of readImages(root, classes.indexOf, predicates.indexOf)) {
      selfRelations += image.selfRelations;
      if (ids.has(image.id)) {
        problems.error(root.place, `repeats the image "${image.id}"`);
      }
      ids.add(image.id);
      const { id, width, height, boxes, labels, relations } = image;
      images.push({
        split,
        image: {
          id,
          width,
          height,
          boxes: Float32Array.from(boxes),
          entityLabels: Int32Array.from(labels),
          relations: Int32Array.from(relations),
        },
      });
    }
  }
  if (vocabulary === undefined || problems.count.errors > 0) return undefined;
  return { header: { vocabulary }, images, selfRelations };
}

interface Classes {
  names: string[];
  indexOf: Map<unknown, number>;
}

function readClasses(field: JsonValue<undefined>): Classes | undefined {
  const list = field.items();
  if (list === undefined) return undefined;
  if (list.length === 0) return field.refuse("a list of classes");
  const classes = list.map((entry) => ({
    entry,
    id: entry.at("id").value,
    name: entry.at("name").id(),
  }));
  const sorted = classes.sort((a, b) => Number(a.id) - Number(b.id));
  const indexOf = new Map<unknown, number>();
  const names = new Set<string>();
  for (const { entry, id, name } of sorted) {
    if (name === undefined) return undefined;
    if (!Number.isInteger(id) || indexOf.has(id)) {
      return entry.at("id").refuse("a whole number that no other class has");
    }
    if (names.has(name)) return entry.at("name").refuse("a name that no other class has");
    indexOf.set(id, names.size);
    names.add(name);
  }
  return { names: [...names], indexOf };
}

interface CocoImage {
  id: string;
  width: number;
  height: number;
  boxes: number[];
  labels: number[];
  relations: number[];
  selfRelations: number;
}

function readImages(
  root: JsonValue<undefined>,
  classOf: ReadonlyMap<unknown, number>,
  predicateOf: ReadonlyMap<unknown, number>,
): CocoImage[] {
  const images = new Map<unknown, CocoImage>();
  for (const entry of root.at("images").items() ?? []) {
    const id = entry.at("id");
    const text = id.id();
    const width = entry.at("width").number({ above: 0 }),
      height = entry.at("height").number({ above: 0 });
    if (text === undefined || width === undefined || height === undefined) continue;
    images.set(id.value, {
      id: text,
      width,
      height,
      boxes: [],
      labels: [],
      relations: [],
      selfRelations: 0,
    });
  }
  /** By annotation id: the image, and the index of the entity in it. */
  const entities = new Map<unknown, { image: CocoImage; index: number }>();
  for (const entry of root.at("annotations").items() ?? []) {
    const image = lookUp(entry.at("image_id"), images, "the id of an image");
    const label = lookUp(entry.at("category_id"), classOf, "the id of a category");
    const box = entry.at("bbox").float32s(4, "numbers, [left, top, width, height]");
    if (image === undefined || label === undefined || box === undefined) continue;
    const [x, y, width, height] = box;
    entities.set(entry.at("id").value, { image, index: image.labels.length });
    image.labels.push(label);
    image.boxes.push(
      ...clipBox([x, y, x + width, y + height], image.width, image.height),
    );
  }
  for (const entry of root.at("rel_annotations").items() ?? []) {
    const subject = lookUp(entry.at("subject_id"), entities, "the id of an annotation");
    const object = lookUp(entry.at("object_id"), entities, "the id of an annotation");
    const predicate = lookUp(
      entry.at("predicate_id"),
      predicateOf,
      "the id of a relation category",
    );
    if (!subject || !object || predicate === undefined) continue;
    const { image } = subject;
    if (object.image !== image) {
      entry.at("object_id").refuse("an annotation of the same image as the subject");
    } else if (object === subject) image.selfRelations++;
    else image.relations.push(subject.index, object.index, predicate);
  }
  return [...images.values()];
}

function lookUp<T>(
  field: JsonValue<undefined>,
  known: ReadonlyMap<unknown, T>,
  what: string,
): T | undefined {
  return known.has(field.value) ? known.get(field.value) : field.refuse(what);
}
