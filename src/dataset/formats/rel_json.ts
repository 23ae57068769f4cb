/**
 * Reads the relations of RelTR (Cong, Yang and Rosenhahn, 2023) and EGTR (Im et al., CVPR
 * 2024), which stand in a file `rel.json` beside COCO's files without relations.
 *
 * The file has an object for each split (`train`, `val`, `test`): id of an image -> rows of
 * subject, object and predicate. The first two count the annotations of the image, from 0 in
 * the order of COCO's file; the third counts `rel_categories`, whose first name is
 * `__background__` in VG and a predicate in Open Images.
 *
 * @module
 */

import type { ForeignRules } from "../../foreign/rules.ts";
import { JsonValue } from "../../json_value.ts";
import type { SplitName } from "../manifest.ts";
import type { FileClasses } from "./_coco_classes.ts";
import type { Problems } from "./_problems.ts";

/** What each split is called. */
const SECTIONS: Record<SplitName, string> = {
  train: "train",
  validation: "val",
  test: "test",
};

const BACKGROUND = /^(__)?background(__)?$/i;

/** What an image of COCO's file has. */
export interface RelatedImage {
  /** Of its annotations, in order. */
  labels: readonly number[];
  /** Rows of subject, object, predicate, which are added. */
  relations: number[];
}

/** Whether a parsed file is of this format. */
export function isRelJson(document: unknown): boolean {
  const { rel_categories, train, val, test } = Object(document);
  return Array.isArray(rel_categories) &&
    [train, val, test].some((section) => typeof section === "object");
}

/** The relations of a file. */
export class RelJson {
  /** The predicates, "background" not among them; `undefined` if they are wrong. */
  readonly classes: FileClasses | undefined;
  readonly #root: JsonValue<undefined>;
  /** Number of names before the first predicate. */
  readonly #first: number;

  /**
   * @param name Of the file, for messages.
   * @param document What `JSON.parse` gave.
   * @param problems Takes what is wrong.
   * @param rules The rules for foreign data.
   */
  constructor(name: string, document: unknown, problems: Problems, rules: ForeignRules) {
    this.#root = new JsonValue(document, `"${name}"`, problems.report);
    const field = this.#root.at("rel_categories");
    const written = field.names() ?? [];
    this.#first = BACKGROUND.test(written[0] ?? "") ? 1 : 0;
    const fields = (field.items() ?? []).slice(this.#first);
    const names = rules.names(written.length > 0 ? fields : []);
    if (names === undefined || names.length === 0) {
      if (written.length > 0) field.refuse("a list of predicates");
      return;
    }
    this.classes = { names, indexOf: new Map() };
  }

  /**
   * Adds the relations of the images of one of COCO's files.
   *
   * @param split What the file holds; if it is not said, the section that has its images.
   * @param images The images by id.
   * @param rules The rules for foreign data.
   */
  read(
    split: SplitName | undefined,
    images: readonly [id: string, image: RelatedImage][],
    rules: ForeignRules,
  ): void {
    const byId = new Map(images);
    const section = split ? this.#root.at(SECTIONS[split]) : this.#sectionOf(byId);
    for (const [id, rows] of section?.entries() ?? []) {
      const image = byId.get(id);
      if (image === undefined) rows.refuse("of an image of COCO's file");
      else this.#addRows(rows, image, rules);
    }
  }

  /** The one section that has images of a file. */
  #sectionOf(images: ReadonlyMap<string, unknown>): JsonValue<undefined> | undefined {
    const sections = Object.values(SECTIONS).map((name) => this.#root.at(name));
    const own = sections.filter(({ value }) =>
      Object.keys(Object(value)).some((id) => images.has(id))
    );
    if (own.length === 1) return own[0];
    const found = own.length === 0
      ? "relations of an image of COCO's file in one of its sections"
      : "relations of each image in one section only";
    this.#root.refuse(found);
    return undefined;
  }

  #addRows(rows: JsonValue<undefined>, image: RelatedImage, rules: ForeignRules): void {
    const count = this.classes?.names.length ?? 0;
    for (const row of rows.items() ?? []) {
      const parts = row.items(3, "parts, [subject, object, predicate]");
      if (parts === undefined) continue;
      const subject = parts[0].index(image.labels.length);
      const object = parts[1].index(image.labels.length);
      const predicate = parts[2].integer({
        min: this.#first,
        below: this.#first + count,
      });
      if (subject === undefined || object === undefined || predicate === undefined) {
        continue;
      }
      if (rules.isOfOneself(subject, object, row)) continue;
      image.relations.push(subject, object, predicate - this.#first);
    }
  }
}
