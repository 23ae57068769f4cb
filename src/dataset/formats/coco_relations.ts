/**
 * Converts relations in COCO's JSON, one file per split, to the format for the user's
 * data.
 *
 * Source: docs/ANNOTATIONS.md of SGG-Benchmark. In addition to COCO's `images`,
 * `annotations` (`bbox`: left, top, width, height) and `categories`, a file has
 * `rel_categories` and `rel_annotations` (`subject_id` and `object_id` are ids of
 * annotations). If it lacks these two, the relations are in the `rel.json` of RelTR and
 * EGTR, see `rel_json.ts`.
 *
 * @module
 */

import { AnnotationIds, readId } from "../../foreign/ids.ts";
import type { MendedCounts } from "../../foreign/mended.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { JsonValue } from "../../json_value.ts";
import type { SplitName } from "../manifest.ts";
import { commonClasses, type FileClasses, readClasses } from "./_coco_classes.ts";
import type { Problems } from "./_problems.ts";
import type { UserHeader } from "./_user_json_checks.ts";
import type { RelJson } from "./rel_json.ts";
import type { WrittenImage } from "./user_json_text.ts";
import { Vocabulary } from "../../vocabulary.ts";

/** A dataset in the format for the user's data, in memory. */
export interface ConvertedDataset {
  header: UserHeader;
  images: WrittenImage[];
  /** What was mended, if anything was. */
  mended?: MendedCounts;
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

/** Whether a parsed file has this format, with its own relations. */
export function isCocoRelations(document: unknown): boolean {
  return Array.isArray(Object(document).rel_annotations);
}

/** Whether a parsed file is of this format, perhaps without relations. */
export function isCoco(document: unknown): boolean {
  const { images, annotations } = Object(document);
  return Array.isArray(images) && Array.isArray(annotations);
}

/**
 * Converts the files of a dataset. Classes are ordered by their ids.
 *
 * @param files One file for each split.
 * @param problems Receives the problems.
 * @param rules The rules for foreign data.
 * @param relations The relations, if a separate file has them.
 * @returns The dataset, or `undefined` if there are errors.
 */
export function convertCocoRelations(
  files: readonly CocoFile[],
  problems: Problems,
  rules: ForeignRules = new ForeignRules(),
  relations?: RelJson,
): ConvertedDataset | undefined {
  const roots = files.map(({ name, document, split }) => ({
    root: new JsonValue(document, `"${name}"`, problems.report),
    split,
  }));
  const entities = commonClasses(
    roots.flatMap(({ root }) => readClasses(root.at("categories")) ?? []),
    rules,
  );
  const predicates = relations?.classes ??
    commonClasses(
      roots.flatMap(({ root }) => readClasses(root.at("rel_categories")) ?? []),
      rules,
    );
  const images: WrittenImage[] = [];
  const ids = new Map<string, string>();
  for (const { root, split } of roots) {
    if (!entities || !predicates) break;
    const read = new CocoReader(root, entities, rules, ids);
    if (relations) {
      relations.read(split, [...read.images], rules);
    } else {
      read.relations(predicates);
    }
    for (const image of read.images.values()) {
      images.push({ split, image: imageOf(image) });
    }
  }
  problems.addAll(rules);
  if (!entities || !predicates || problems.count.errors > 0) return undefined;
  const vocabulary = new Vocabulary({
    entities: entities.names,
    predicates: predicates.names,
  });
  const mended = rules.counts;
  return { header: { vocabulary, mended }, images, mended };
}

/** An image in the making. */
export interface CocoImage {
  id: string;
  fileName?: string;
  width: number;
  height: number;
  boxes: number[];
  labels: number[];
  /** Rows of subject, object, predicate. */
  relations: number[];
}

function imageOf(
  { id, fileName, width, height, boxes, labels, relations }: CocoImage,
): WrittenImage["image"] {
  return {
    id,
    ...fileName !== undefined && { fileName },
    width,
    height,
    boxes: Float32Array.from(boxes),
    entityLabels: Int32Array.from(labels),
    relations: Int32Array.from(relations),
  };
}

/** Reads one file. */
class CocoReader {
  /** By id. */
  readonly images = new Map<string, CocoImage>();
  readonly #root: JsonValue<undefined>;
  readonly #rules: ForeignRules;
  readonly #entities = new AnnotationIds<{ image: CocoImage; index: number }>();

  /** @param seen Ids of the images of all files, with their places. */
  constructor(
    root: JsonValue<undefined>,
    { indexOf }: FileClasses,
    rules: ForeignRules,
    seen: Map<string, string>,
  ) {
    this.#root = root;
    this.#rules = rules;
    for (const entry of root.at("images").items() ?? []) this.#addImage(entry, seen);
    for (const entry of root.at("annotations").items() ?? []) {
      const image = lookUp(entry.at("image_id"), this.images, "the id of an image");
      const label = lookUp(entry.at("category_id"), indexOf, "the id of a category");
      const box = image && rules.box(entry.at("bbox"), image, "sizes");
      if (image === undefined || label === undefined || box === undefined) continue;
      const entity = { image, index: image.labels.length };
      this.#entities.add(entry.at("id"), image.id, entity);
      image.labels.push(label);
      image.boxes.push(...box);
    }
  }

  #addImage(entry: JsonValue<undefined>, seen: Map<string, string>): void {
    const id = readId(entry.at("id"));
    const width = entry.at("width").number({ above: 0 }),
      height = entry.at("height").number({ above: 0 });
    if (id === undefined || width === undefined || height === undefined) return;
    const before = seen.get(id), { place } = entry.at("id");
    if (before !== undefined) {
      entry.at("id").refuse(`an id other than that of ${before}`);
      return;
    }
    seen.set(id, place);
    const fileName = entry.at("file_name").optional?.string();
    const empty = { boxes: [], labels: [], relations: [] };
    this.images.set(id, { id, fileName, width, height, ...empty });
  }

  /** Reads the relations of the file itself. */
  relations({ indexOf }: FileClasses): void {
    for (const entry of this.#root.at("rel_annotations").items() ?? []) {
      const end = (key: string) =>
        this.#entities.find(entry.at(key), entry.at("image_id"), this.#rules.mended);
      const subject = end("subject_id"), object = end("object_id");
      const predicate = lookUp(
        entry.at("predicate_id"),
        indexOf,
        "the id of a relation category",
      );
      if (!subject || !object || predicate === undefined) continue;
      const { image } = subject;
      if (object.image !== image) {
        entry.at("object_id").refuse("an annotation of the same image as the subject");
      } else if (!this.#rules.isOfOneself(subject, object, entry)) {
        image.relations.push(subject.index, object.index, predicate);
      }
    }
  }
}

function lookUp<T>(
  field: JsonValue<undefined>,
  known: ReadonlyMap<string, T>,
  what: string,
): T | undefined {
  const { value } = field;
  const isId = typeof value === "string" || Number.isSafeInteger(value);
  return (isId ? known.get(String(value)) : undefined) ?? field.refuse(what);
}
