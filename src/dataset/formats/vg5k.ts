/**
 * Reads `vg5k`: 5,000 images of Visual Genome (Krishna et al., IJCV 2017) as
 * github.com/FireSterLine/interactionwise-vrd has cleaned them.
 *
 * - `objects.json`, `predicates.json`: lists of the raw names.
 * - `data_annos_img_test.json`: a list of `[path, { objs: [{ cls, bbox }], rels: [{ sub,
 *   obj, pred: [...] }] }]`; 115 images without annotations are `[null, null]`. A `bbox` is
 *   `[x1, y1, x2, y2]` in pixels, and all indices count from 0.
 *
 * Where the files are ambiguous, this reader decides:
 *
 * - "airplane" and "plane" are one class, and "background" is none: its boxes and their
 *   relations are left out and counted.
 * - Predicates that say the same are one, such as "on", "on a", "on top of" and "be on".
 *   If a row lists several of them, it counts once; repeated rows are kept.
 * - A relation of an entity with itself is left out and counted.
 * - The files have no sizes of images. The size is the greatest right and lower edge of the
 *   boxes, and at least 320 x 240.
 * - The id of an image is the number in its path, which is that of Visual Genome.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import type { JsonValue } from "../../json_value.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";
import type { Vg5kNames } from "./_vg5k_names.ts";

export type { JsonFile } from "./_json_file.ts";
export { readVg5kNames } from "./_vg5k_names.ts";

/** No image is taken to be smaller, in pixels. */
const LEAST_WIDTH = 320, LEAST_HEIGHT = 240;

/** Counts of what the annotation file holds, and of what is left out. */
export interface Vg5kCounts {
  /** Entries without annotations. */
  missingImages: number;
  /** Images without boxes. */
  emptyImages: number;
  /** Boxes, with those of "background". */
  boxes: number;
  /** Relations with merged predicates, with those of "background". */
  relations: number;
  /** Boxes of "background". */
  backgroundBoxes: number;
  /** Relations with merged predicates of which "background" is a part. */
  backgroundRelations: number;
  /** Relations of an entity with itself. */
  selfRelations: number;
}

/** The annotation file. */
export interface Vg5kAnnotations {
  /**
   * The images in the order of the file, `undefined` for those without annotations. Images
   * without boxes are there, as the detections count them.
   */
  images: (AnnotatedImage | undefined)[];
  counts: Vg5kCounts;
}

/**
 * Reads the annotations.
 *
 * @param annotations `data_annos_img_test.json`.
 * @param names From `readVg5kNames()`; bounds the indices.
 * @param rules The rules for foreign data; counts what is mended.
 * @returns The images and counts; the module lists how ambiguities are decided.
 * @throws {SyntaxError} If the file is not JSON or does not have the form above; the
 * message names the file and the place in it.
 * @throws {RangeError} If an index is out of range, a box has no area, or two images have
 * the same id.
 */
export function readVg5kImages(
  annotations: JsonFile,
  names: Vg5kNames,
  rules: ForeignRules = new ForeignRules(),
): Vg5kAnnotations {
  const counts: Vg5kCounts = {
    missingImages: 0,
    emptyImages: 0,
    boxes: 0,
    relations: 0,
    backgroundBoxes: 0,
    backgroundRelations: 0,
    selfRelations: 0,
  };
  const ids = new Set<string>();
  const images = parseJsonFile(annotations).items().map((entry) => {
    const [path, content] = entry.items(2, "values, path and annotations");
    if (content.isMissing) {
      counts.missingImages++;
      return undefined;
    }
    const image = readImage(path, content, names, rules, counts);
    if (ids.has(image.id)) path.refuse("a path with a number of its own");
    ids.add(image.id);
    return image;
  });
  rules.throwProblems();
  return { images, counts };
}

function readImage(
  path: JsonValue,
  content: JsonValue,
  names: Vg5kNames,
  rules: ForeignRules,
  counts: Vg5kCounts,
): AnnotatedImage {
  const fileName = path.string();
  const id = /(\d+)\.[a-z]+$/i.exec(fileName)?.[1] ??
    path.refuse("a path that ends in a number and an extension");
  const objects = content.at("objs").items();
  const fields = objects.map((object) => object.at("bbox"));
  const corners = fields.map((field) => field.float32s(4, "numbers, [x1, y1, x2, y2]"));
  const size = {
    width: Math.max(LEAST_WIDTH, ...corners.map(([, , right]) => right)),
    height: Math.max(LEAST_HEIGHT, ...corners.map(([, , , bottom]) => bottom)),
  };
  const boxes: number[] = [], labels: number[] = [];
  const entityOf = objects.map((object, i) => {
    const label = names.classes[object.at("cls").index(names.classes.length)];
    counts.boxes++;
    if (label < 0) {
      counts.backgroundBoxes++;
      return -1;
    }
    boxes.push(...rules.box(fields[i], size));
    return labels.push(label) - 1;
  });
  if (objects.length === 0) counts.emptyImages++;
  const relations = content.at("rels").items().flatMap((row) => {
    const subject = row.at("sub").index(objects.length);
    const object = row.at("obj").index(objects.length);
    const predicates = row.at("pred").items().map((field) =>
      names.predicates[field.index(names.predicates.length)]
    );
    if (subject === object) {
      counts.selfRelations++;
      return [];
    }
    const merged = [...new Set(predicates)];
    counts.relations += merged.length;
    const from = entityOf[subject], to = entityOf[object];
    if (from < 0 || to < 0) {
      counts.backgroundRelations += merged.length;
      return [];
    }
    return merged.flatMap((predicate) => [from, to, predicate]);
  });
  return {
    id,
    fileName,
    ...size,
    boxes: Float32Array.from(boxes),
    entityLabels: Int32Array.from(labels),
    relations: Int32Array.from(relations),
  };
}
