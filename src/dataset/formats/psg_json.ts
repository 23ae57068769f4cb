/**
 * Converts the annotations of OpenPSG (Yang et al., ECCV 2022), against which SGBench
 * (Lorenz et al., 2024) evaluates, to the format for the user's data.
 *
 * Source: `psg.json` of Jingkang50/OpenPSG. It has `thing_classes` and `stuff_classes`,
 * whose indices continue those of the things, `predicate_classes`, `test_image_ids`, and
 * `data`: a list of images with `annotations` (`bbox`: left, top, right, bottom if
 * `bbox_mode` is 0, or left, top, width, height if it is 1) and `relations` (subject,
 * object, predicate, from 0). Masks are not read.
 *
 * @module
 */

import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { readId } from "../../foreign/ids.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { JsonValue } from "../../json_value.ts";
import type { Problems } from "./_problems.ts";
import type { ConvertedDataset } from "./coco_relations.ts";

/** Whether a parsed file has this format. */
export function isPsg(document: unknown): boolean {
  const { data, predicate_classes } = Object(document);
  return Array.isArray(data) && Array.isArray(predicate_classes);
}

/**
 * Converts a file. Images listed in `test_image_ids` become the test split, all others the
 * training split, as OpenPSG has no validation split.
 *
 * @param document The parsed file.
 * @param name Its name, for messages.
 * @param problems Receives the problems.
 * @param rules The rules for foreign data.
 * @returns The dataset, or `undefined` if there are errors.
 */
export function convertPsg(
  document: unknown,
  name: string,
  problems: Problems,
  rules: ForeignRules = new ForeignRules(),
): ConvertedDataset | undefined {
  const root = new JsonValue(document, `"${name}"`, problems.report);
  const names = (key: string) => {
    const list = root.at(key);
    return (list.names(0) && list.items()) ?? [];
  };
  const stuff = root.at("stuff_classes").isMissing ? [] : names("stuff_classes");
  const entities = rules.names([...names("thing_classes"), ...stuff]) ?? [];
  const predicates = rules.names(names("predicate_classes")) ?? [];
  if (entities.length === 0) root.at("thing_classes").refuse("a list of names");
  if (predicates.length === 0) root.at("predicate_classes").refuse("a list of names");
  if (problems.count.errors > 0) return undefined;
  const vocabulary = new Vocabulary({ entities, predicates });
  const test = new Set(
    root.at("test_image_ids").items()?.map(({ value }) => String(value)),
  );
  const images: ConvertedDataset["images"] = [];
  const ids = new Map<string, string>();
  for (const entry of root.at("data").items() ?? []) {
    const image = readImage(entry, vocabulary, rules);
    if (image === undefined) continue;
    const { id } = image, before = ids.get(id);
    if (before) entry.at("image_id").refuse(`an id other than that of ${before}`);
    ids.set(id, entry.at("image_id").place);
    images.push({ split: test.has(id) ? "test" : "train", image });
  }
  problems.addAll(rules);
  if (problems.count.errors > 0) return undefined;
  const mended = rules.counts;
  return { header: { vocabulary, mended }, images, mended };
}

function readImage(
  entry: JsonValue<undefined>,
  { numEntityClasses, noRelation }: Vocabulary,
  rules: ForeignRules,
): AnnotatedImage | undefined {
  const id = readId(entry.at("image_id"));
  const fileName = entry.at("file_name").optional?.string();
  const width = entry.at("width").number({ above: 0 }),
    height = entry.at("height").number({ above: 0 });
  const annotations = entry.at("annotations").items();
  if (!id || !width || !height || !annotations) return undefined;
  const boxes: number[] = [], labels: number[] = [], relations: number[] = [];
  for (const annotation of annotations) {
    const label = annotation.at("category_id").index(numEntityClasses);
    const mode = annotation.at("bbox_mode");
    const isSize = mode.isMissing ? 0 : mode.index(2);
    if (label === undefined || isSize === undefined) continue;
    const form = isSize ? "sizes" : "corners";
    const box = rules.box(annotation.at("bbox"), { width, height }, form);
    if (box === undefined) continue;
    boxes.push(...box);
    labels.push(label);
  }
  for (const row of entry.at("relations").items() ?? []) {
    const parts = row.items(3, "parts, [subject, object, predicate]");
    if (parts === undefined) continue;
    const subject = parts[0].index(annotations.length);
    const object = parts[1].index(annotations.length);
    const predicate = parts[2].index(noRelation);
    if (subject === undefined || object === undefined || predicate === undefined) {
      continue;
    }
    if (!rules.isOfOneself(subject, object, row)) {
      relations.push(subject, object, predicate);
    }
  }
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
