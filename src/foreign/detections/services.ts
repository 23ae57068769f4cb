/**
 * The answers of services that find objects.
 *
 * @module
 */

import { isObject } from "../../json_kinds.ts";
import type { JsonValue } from "../../json_value.ts";
import {
  around,
  CORNERS,
  type FoundBox,
  has,
  itemsOf,
  lists,
  numbersAt,
  type Reading,
  sizeAt,
  SIZES,
} from "./_reading.ts";

/** https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html */
export const rekognition: Reading = {
  is: (value) => has(value, "Labels") || has(value, "CustomLabels"),
  boxes(root) {
    const boxOf = (box: JsonValue, label: JsonValue, score: JsonValue): FoundBox => ({
      ...{ at: box, ...SIZES, side: 1, label, score, isPercent: true },
      numbers: numbersAt(box, "Left Top Width Height"),
    });
    // A label of the whole image has no instances.
    const instances = itemsOf(root.at("Labels")).flatMap((label) =>
      itemsOf(label.at("Instances")).map((instance) =>
        boxOf(instance.at("BoundingBox"), label.at("Name"), instance.at("Confidence"))
      )
    );
    const custom = itemsOf(root.at("CustomLabels"))
      .filter((label) => !label.at("Geometry").isMissing)
      .map((label) =>
        boxOf(
          label.at("Geometry").at("BoundingBox"),
          label.at("Name"),
          label.at("Confidence"),
        )
      );
    return [...instances, ...custom];
  },
};

/**
 * https://cloud.google.com/vision/docs/object-localizer; in Python, names may have
 * underscores.
 */
export const googleVision: Reading = {
  is: (value) =>
    has(value, "localizedObjectAnnotations") ||
    has(value, "localized_object_annotations"),
  boxes: (root) =>
    itemsOf(either(root, "localizedObjectAnnotations")).map((found) => {
      const at = either(either(found, "boundingPoly"), "normalizedVertices");
      // The format leaves out numbers that are 0.
      const numbers = around(at.items().map((point) => numbersAt(point, "x y", true)));
      const label = found.at("name"), score = found.at("score");
      return { at, numbers, ...CORNERS, side: 1, label, score };
    }),
};

/** The value of a key in camelCase, or of the same name with underscores. */
function either(root: JsonValue, key: string): JsonValue {
  const field = root.at(key);
  const other = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return field.isMissing && !root.at(other).isMissing ? root.at(other) : field;
}

/** https://learn.microsoft.com/azure/ai-services/computer-vision, versions 3.2 and 4.0. */
export const azure: Reading = {
  is: (value) =>
    isObject(value) &&
    (has(value, "objects") && has(value, "metadata") ||
      lists(value.objects, "rectangle", "object") || has(value, "objectsResult")),
  size: (root) => sizeAt(root.at("metadata"), "width", "height"),
  boxes: (root) => [
    ...itemsOf(root.at("objects")).map((found) => {
      const at = found.at("rectangle"), numbers = numbersAt(at, "x y w h");
      const label = found.at("object"), score = found.at("confidence");
      return { at, numbers, ...SIZES, label, score };
    }),
    ...itemsOf(root.at("objectsResult").optional?.at("values") ?? root.at("values"))
      .map((found) => {
        const at = found.at("boundingBox"), numbers = numbersAt(at, "x y w h");
        const [tag] = found.at("tags").items();
        if (!tag) found.at("tags").refuse("a list of names");
        return {
          at,
          numbers,
          ...SIZES,
          label: tag.at("name"),
          score: tag.at("confidence"),
        };
      }),
  ],
};

/** https://learn.microsoft.com/azure/ai-services/custom-vision-service */
export const customVision: Reading = {
  is: (value) => isObject(value) && lists(value.predictions, "tagName", "boundingBox"),
  boxes: (root) =>
    root.at("predictions").items().map((found) => {
      const at = found.at("boundingBox");
      const numbers = numbersAt(at, "left top width height");
      const label = found.at("tagName"), score = found.at("probability");
      return { at, numbers, ...SIZES, side: 1, label, score };
    }),
};

/**
 * https://docs.roboflow.com; a workflow's answer holds the same once more within, and its
 * list may stand alone.
 */
export const roboflow: Reading = {
  is: (value) =>
    lists(value, ...ROBOFLOW_KEYS) ||
    isObject(value) &&
      (lists(value.predictions, ...ROBOFLOW_KEYS) ||
        isObject(value.image) && Array.isArray(value.predictions) ||
        has(value.predictions, "predictions")),
  size: (root) => sizeAt(rootOf(root).at("image"), "width", "height"),
  boxes: (root) =>
    (Array.isArray(root.value) ? root : rootOf(root).at("predictions")).items().map(
      (found) => {
        const numbers = numbersAt(found, "x y width height");
        const label = found.at("class"), score = found.at("confidence");
        return { at: found, numbers, form: "centres", label, score };
      },
    ),
};

const ROBOFLOW_KEYS = ["class", "x", "y", "width", "height"];

function rootOf(root: JsonValue): JsonValue {
  const inner = root.at("predictions");
  return isObject(inner.value) ? inner : root;
}
