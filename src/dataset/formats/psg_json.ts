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
import { clipBox } from "./_clip.ts";
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
 * @returns The dataset, or `undefined` if there are errors.
 */
export function convertPsg(
  document: unknown,
  name: string,
  problems: Problems,
): ConvertedDataset | undefined {
  const root = new JsonValue(document, `"${name}"`, problems.report);
  const things = root.at("thing_classes").names(0) ?? [];
  const stuff = root.at("stuff_classes").optional?.names(0) ?? [];
  const entities = [...things, ...stuff];
  const predicates = root.at("predicate_classes").names() ?? [];
  if (entities.length === 0) root.at("thing_classes").refuse("a list of names");
  if (problems.count.errors > 0) return undefined;
  const vocabulary = new Vocabulary({ entities, predicates });
  const test = new Set(
    root.at("test_image_ids").items()?.map(({ value }) => String(value)),
  );
  const images: ConvertedDataset["images"] = [];
  const ids = new Set<string>();
  let selfRelations = 0;
  for (const entry of root.at("data").items() ?? []) {
    const found = readImage(entry, vocabulary);
    if (found === undefined) continue;
    const { id } = found.image;
    if (ids.has(id)) entry.at("image_id").refuse("an id that no other image has");
    ids.add(id);
    selfRelations += found.selfRelations;
    images.push({ split: test.has(id) ? "test" : "train", image: found.image });
  }
  if (problems.count.errors > 0) return undefined;
  return { header: { vocabulary }, images, selfRelations };
}

function readImage(
  entry: JsonValue<undefined>,
  { numEntityClasses, noRelation }: Vocabulary,
): { image: AnnotatedImage; selfRelations: number } | undefined {
  const id = entry.at("image_id").id();
  const width = entry.at("width").number({ above: 0 }),
    height = entry.at("height").number({ above: 0 });
  const annotations = entry.at("annotations").items();
  if (!id || !width || !height || !annotations) return undefined;
  const boxes: number[] = [], labels: number[] = [], relations: number[] = [];
  for (const annotation of annotations) {
    const label = annotation.at("category_id").index(numEntityClasses);
    const box = annotation.at("bbox").float32s(4, "numbers");
    const mode = annotation.at("bbox_mode");
    const isSize = mode.isMissing ? 0 : mode.index(2);
    if (label === undefined || box === undefined || isSize === undefined) continue;
    const [x, y, third, fourth] = box;
    const corners = isSize ? [x, y, x + third, y + fourth] : box;
    boxes.push(...clipBox(corners, width, height));
    labels.push(label);
  }
  let selfRelations = 0;
  for (const row of entry.at("relations").items() ?? []) {
    const parts = row.items(3, "parts, [subject, object, predicate]");
    if (parts === undefined) continue;
    const subject = parts[0].index(annotations.length);
    const object = parts[1].index(annotations.length);
    const predicate = parts[2].index(noRelation);
    if (subject === undefined || object === undefined || predicate === undefined) {
      continue;
    }
    if (subject === object) selfRelations++;
    else relations.push(subject, object, predicate);
  }
  return {
    image: {
      id,
      width,
      height,
      boxes: Float32Array.from(boxes),
      entityLabels: Int32Array.from(labels),
      relations: Int32Array.from(relations),
    },
    selfRelations,
  };
}
