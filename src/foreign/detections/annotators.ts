/**
 * The files of programs for annotation: labels without scores are taken as certain.
 *
 * @module
 */

import { isObject } from "../../json_kinds.ts";
import type { JsonValue } from "../../json_value.ts";
import {
  around,
  CORNERS,
  has,
  itemsOf,
  numbersAt,
  type Reading,
  sizeAt,
  SIZES,
} from "./_reading.ts";

/** https://github.com/wkentaro/labelme, and programs after it, some of which have scores. */
export const labelme: Reading = {
  is: (value) => isObject(value) && has(value, "shapes") && Array.isArray(value.shapes),
  size: (root) => sizeAt(root, "imageWidth", "imageHeight"),
  boxes: (root) =>
    root.at("shapes").items().map((shape) => {
      const at = shape.at("points"), points = at.items().map((point) => point.numbers(2));
      const kind = shape.at("shape_type").optional?.string() ?? "polygon";
      const label = shape.at("label"), score = shape.at("score").optional;
      if (!SHAPES.includes(kind) || points.length < 2) {
        shape.refuse(`a ${SHAPES.join(", ")} of two or more points`, "leave it out");
      }
      if (kind !== "circle") {
        return { at, numbers: around(points), ...CORNERS, label, score };
      }
      const [[x, y], [edgeX, edgeY]] = points;
      const radius = Math.hypot(edgeX - x, edgeY - y);
      const numbers = [x, y, 2 * radius, 2 * radius];
      return { at, numbers, form: "centres", label, score };
    }),
};

/** The shapes of LabelMe that have an area; of a mask the points are two corners. */
const SHAPES = ["rectangle", "polygon", "circle", "mask", "rotation"];

/** https://labelstud.io/guide/export: a task. */
export const labelStudio: Reading = {
  is: (value) =>
    isObject(value) && has(value, "data") &&
    [value.annotations, value.predictions].some((list) =>
      Array.isArray(list) && list.every((item) => has(item, "result"))
    ),
  size: (root) => {
    const [first] = resultsOf(root);
    return first ? sizeAt(first, "original_width", "original_height") : {};
  },
  boxes: (root) =>
    resultsOf(root).map((result) => {
      const value = result.at("value");
      const isBox = !value.at("rectanglelabels").isMissing;
      const at = isBox ? value : value.at("points");
      const label = value.at(isBox ? "rectanglelabels" : "polygonlabels").at(0);
      const box = isBox
        ? { ...SIZES, numbers: numbersAt(value, "x y width height") }
        : { ...CORNERS, numbers: around(at.items().map((point) => point.numbers(2))) };
      return { at, ...box, side: 100, label, score: result.at("score").optional };
    }),
};

/** The boxes and polygons of the first annotation, or else of the first prediction. */
function resultsOf(root: JsonValue): JsonValue[] {
  const [first] = [root.at("annotations"), root.at("predictions")].flatMap(itemsOf);
  return itemsOf(first?.at("result") ?? root.at("result")).filter((result) =>
    has(result.at("value").value, "rectanglelabels") ||
    has(result.at("value").value, "polygonlabels")
  );
}

/** PASCAL VOC's XML, as `xmlValue()` makes it an object. */
export const voc: Reading = {
  is: (value) => isObject(value) && has(value.annotation, "object") || isVoc(value),
  size: (root) => sizeAt(root.at("annotation").at("size"), "width", "height"),
  boxes: (root) =>
    each(root.at("annotation").at("object")).map((object) => {
      const at = object.at("bndbox"), numbers = numbersAt(at, "xmin ymin xmax ymax");
      const score = object.at("score").optional ?? object.at("confidence").optional;
      return { at, numbers, ...CORNERS, label: object.at("name"), score };
    }),
};

/** Whether it is VOC's file of an image without objects. */
function isVoc(value: unknown): boolean {
  return isObject(value) && has(value.annotation, "size");
}

/** An image of CVAT's XML, as `xmlValue()` makes it an object. */
export const cvat: Reading = {
  is: (value) => has(value, "@name", "@width", "@height"),
  size: (root) => sizeAt(root, "@width", "@height"),
  boxes: (root) => [
    ...each(root.at("box")).map((at) => {
      const numbers = numbersAt(at, "@xtl @ytl @xbr @ybr");
      return { at, numbers, ...CORNERS, label: at.at("@label") };
    }),
    ...each(root.at("polygon")).map((at) => {
      const points = at.at("@points").string().split(";")
        .map((point) => point.split(",").map(Number));
      return { at, numbers: around(points), ...CORNERS, label: at.at("@label") };
    }),
  ],
};

/** Elements of one name: XML does not say whether there may be several. */
function each(field: JsonValue): JsonValue[] {
  return Array.isArray(field.value) || field.isMissing ? itemsOf(field) : [field];
}
