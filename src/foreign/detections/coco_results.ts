/**
 * Reads COCO's results: one list of detections of many images, as detectron2, mmdetection,
 * torchvision's references and ultralytics' `val` write it.
 *
 * @module
 */

import { lastName } from "../../address.ts";
import type { Detections } from "../../detections.ts";
import { JsonValue } from "../../json_value.ts";
import { readId } from "../ids.ts";
import {
  DetectionList,
  type ImageSize,
  jsonOf,
  optionsOf,
  type ResultOptions,
  UnsaidError,
} from "./list.ts";
import { COCO_CLASSES } from "./coco_classes.ts";
import { labelNumber } from "./classes.ts";

/** An image of COCO's annotations. */
export interface CocoImage {
  /** Its id, as results name it. */
  id: number | string;
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /** Name of its file: ultralytics' `val` names images in results by it, without ending. */
  file_name?: string;
}

/** A class of COCO's annotations. */
export interface CocoCategory {
  /** Its id, as results name it. */
  id: number;
  /** Its name. */
  name: string;
}

/** What COCO's results lack: the sizes of images and the names of classes. */
export interface CocoOptions extends Partial<ImageSize>, ResultOptions {
  /**
   * `images` of the annotations, for their sizes; or give `imageWidth` and `imageHeight`
   * of the only image.
   */
  images?: readonly CocoImage[];
  /** `categories` of the annotations, for their names; default COCO's own 80. */
  categories?: readonly CocoCategory[];
  /** The image to take, if the results are of several. */
  imageId?: number | string;
}

/**
 * Reads the detections of one image from COCO's results.
 *
 * @param results List of `{ image_id, category_id, bbox: [left, top, width, height], score
 * }`; other keys do not matter. It may be text.
 * @param options Sizes of the images, names of the classes, and which image: a file of
 * annotations as a whole will do.
 * @returns The detections, in the order of the list.
 * @throws {TypeError | RangeError} If a value is missing or not allowed, the results are of
 * several images, or the size of the image is unknown.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromCocoResults } from "./coco_results.ts";
 * const results = [
 *   { image_id: 7, category_id: 18, bbox: [10, 20, 30, 40], score: 0.9 },
 * ];
 * const images = [{ id: 7, width: 640, height: 480 }];
 * const { classes, boxes, beliefs } = fromCocoResults(results, { images });
 * if (boxes.join() !== "10,20,40,60") throw new Error();
 * if (classes[beliefs.findIndex((belief) => belief > 0)] !== "dog") throw new Error();
 * ```
 */
export function fromCocoResults(results: unknown, options: CocoOptions): Detections {
  options = optionsOf(options);
  const { name = "COCO's results", imageId, images } = options;
  const all = cocoResultsByImage(results, options);
  const ids = [...all.keys()];
  if (imageId !== undefined) {
    const id = String(imageId), found = all.get(id);
    // Where nobody says which images there are, those of the results are all that is known.
    const others = found || images ? [] : idsOf(results, name);
    if (others.length === 0) return found ?? emptyOf(id, options, name);
    throw new RangeError(
      `Cannot use ${name}: image ${id} must be one of the results' ${others.length} (${
        shown(others)
      }); one without a box needs the annotations (--annotations)`,
    );
  }
  if (ids.length === 0) {
    return emptyOf(images?.length === 1 ? String(images[0].id) : "", options, name);
  }
  if (ids.length === 1) return all.get(ids[0])!;
  throw new RangeError(
    `Cannot use ${name}: it must be of one image: found ${ids.length} (${
      shown(ids)
    }); give imageId (--image-id)`,
  );
}

/**
 * Reads the detections of all images from COCO's results.
 *
 * @param results As for {@linkcode fromCocoResults}.
 * @param options As for {@linkcode fromCocoResults}; with `imageId` only that image is read.
 * @returns The detections of each image that has any, by its id, in the order of the list.
 * @throws {TypeError | RangeError} If a value is missing or not allowed, or the size of an
 * image is unknown.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { cocoResultsByImage } from "./coco_results.ts";
 * const results = [7, 9].map((image_id) => (
 *   { image_id, category_id: 18, bbox: [10, 20, 30, 40], score: 0.9 }
 * ));
 * const images = [7, 9].map((id) => ({ id, width: 640, height: 480 }));
 * const byImage = cocoResultsByImage(results, { images });
 * if (byImage.get("9")?.boxes.join() !== "10,20,40,60") throw new Error();
 * ```
 */
export function cocoResultsByImage(
  results: unknown,
  options: CocoOptions,
): Map<string, Detections> {
  options = optionsOf(options);
  const { name = "COCO's results" } = options;
  const classes = classesOf(options.categories, name);
  const lists = new Map<string, DetectionList>();
  for (const row of jsonOf(results, name).items()) {
    const id = readId(row.at("image_id"));
    if (options.imageId !== undefined && id !== String(options.imageId)) continue;
    let list = lists.get(id);
    if (!list) {
      lists.set(id, list = new DetectionList(sizeOf(id, options), name, options));
    }
    const label = classes.indexOf(row.at("category_id"));
    const score = list.rules.score(row.at("score"));
    const box = row.at("bbox");
    const numbers = box.float32s(4, "numbers, [left, top, width, height]");
    list.add(box, numbers, { form: "sizes" }, { label, score });
  }
  return new Map(Array.from(lists, ([id, list]) => [id, list.result(classes.names)]));
}

/** Images of a list by their ids, and by the names of their files in each form. */
interface ImageIndex {
  /** Length of the list; one that has grown since is read again. */
  length: number;
  byId: Map<string, CocoImage>;
  byFile: Map<string, CocoImage>;
}

const indexes = new WeakMap<readonly CocoImage[], ImageIndex>();

/** Finds images fast, as results may be of as many as there are. */
function imageIndex(options: Pick<CocoOptions, "images" | "name">): ImageIndex {
  const { images, name = "COCO's results" } = options;
  const list = new JsonValue(options, name).at("images");
  const before = Array.isArray(images) ? indexes.get(images) : undefined;
  if (before && before.length === images!.length) return before;
  const byId = new Map<string, CocoImage>(), byFile = new Map<string, CocoImage>();
  for (const item of list.items()) {
    const image = item.object() as unknown as CocoImage;
    const first = <Key>(map: Map<Key, CocoImage>, key: Key) =>
      map.has(key) || map.set(key, image);
    first(byId, String(image.id));
    if (image.file_name === undefined) continue;
    for (const name of namesOf(item.at("file_name").string())) first(byFile, name);
  }
  const index = { length: images!.length, byId, byFile };
  indexes.set(images!, index);
  return index;
}

/**
 * The size of an image, of which nothing may be known.
 *
 * @throws {TypeError | RangeError} If there are neither images nor a size, or the image is
 * none of them.
 */
export function sizeOf(
  id: string,
  options: Pick<CocoOptions, "images" | "imageWidth" | "imageHeight" | "name">,
): Partial<ImageSize> {
  const { images, imageWidth, imageHeight, name = "COCO's results" } = options;
  if (images === undefined) {
    if (imageWidth !== undefined || imageHeight !== undefined) {
      return { imageWidth, imageHeight };
    }
    throw new UnsaidError(
      `Cannot use ${name}: COCO's results do not have the sizes of images, give the images of the annotations (--annotations instances.json), or imageWidth and imageHeight (--image-size 640x480)`,
    );
  }
  const { byId, byFile } = imageIndex(options);
  const image = byId.get(id) ?? byFile.get(id);
  if (image) return { imageWidth: image.width, imageHeight: image.height };
  throw new RangeError(
    `Cannot use ${name}: image ${id} must be one of the ${images.length} images of the annotations; are they of another part of the data set?`,
  );
}

/** What a file may be called: its name may lack its folder and its ending. */
function namesOf(file: string): string[] {
  const last = lastName(file);
  return [file, last, last.replace(/\.\w+$/, "")];
}

/** The classes, and the index of each id. */
function classesOf(
  categories: CocoOptions["categories"],
  name: string,
): { names: string[]; indexOf: (field: JsonValue) => number } {
  const list = new JsonValue({ categories }, name).at("categories").optional;
  list?.items().forEach((category) => category.object());
  const known = categories ?? COCO_CLASSES;
  const indices = new Map(known.map(({ id }, i) => [id, i]));
  return {
    names: known.map((category, i) =>
      new JsonValue(category, `categories[${i}]`).at("name").id()
    ),
    indexOf(field) {
      const id = labelNumber(field);
      return indices.get(id) ?? field.refuse(
        categories
          ? `the id of one of the ${known.length} categories`
          : "an id of COCO's classes, 1 to 90",
        `give the categories of the annotations of ${name} (--annotations)`,
      );
    },
  };
}

function emptyOf(id: string, options: CocoOptions, name: string): Detections {
  const size = id === "" ? options : sizeOf(id, options);
  return new DetectionList(size, name, options).result(
    classesOf(options.categories, name).names,
  );
}

/** The images that results are of. */
function idsOf(results: unknown, name: string): string[] {
  const ids = jsonOf(results, name).items().map((row) => readId(row.at("image_id")));
  return [...new Set(ids)];
}

/** The first of some ids. */
function shown(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(", ")}, ...` : ids.join(", ");
}
