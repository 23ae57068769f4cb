/**
 * Reads the detections of ultralytics' YOLO: `results[0].to_json()` (once `tojson()`), and
 * the rows of its boxes.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import type { JsonValue } from "../../json_value.ts";
import { classesByLabel, ClassList, type ClassNames } from "./classes.ts";
import {
  DetectionList,
  type ImageSize,
  jsonOf,
  optionsOf,
  type ResultOptions,
} from "./list.ts";

/** What the results lack: the size of the image, and whether boxes are shares. */
export interface UltralyticsOptions extends ImageSize, ResultOptions {
  /** Boxes are shares of the image's sides, as `to_json(normalize=True)` makes them;
   * default false. */
  normalized?: boolean;
}

const SIDES = ["x1", "y1", "x2", "y2"];
const CORNERS = [1, 2, 3, 4];
/** The sides in rows of YOLOv5. */
const FLAT_SIDES = ["xmin", "ymin", "xmax", "ymax"];

/**
 * Reads what `results[0].to_json()` of ultralytics writes for one image. A turned box (`x1`
 * to `y4`) becomes the upright box around it. Rows with `xmin`, `ymin`, `xmax` and `ymax`
 * in the place of `box` are those of YOLOv5's `results.pandas().xyxy[0]`.
 *
 * @param results List of `{ name, class, confidence, box: { x1, y1, x2, y2 } }`, or that
 * list as text.
 * @param options The size of the image, and whether boxes are shares of it.
 * @returns The detections; their classes are the names that occur.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromUltralytics } from "./ultralytics.ts";
 * const json = `[{ "name": "dog", "class": 16, "confidence": 0.9,
 *   "box": { "x1": 10, "y1": 20, "x2": 40, "y2": 60 } }]`;
 * const { classes, boxes } = fromUltralytics(json, { imageWidth: 640, imageHeight: 480 });
 * if (classes.join() !== "dog" || boxes.join() !== "10,20,40,60") throw new Error();
 * ```
 */
export function fromUltralytics(
  results: unknown,
  options: UltralyticsOptions,
): Detections {
  options = optionsOf(options);
  const { name = "results of ultralytics", normalized = false } = options;
  const list = new DetectionList(options, name, options);
  const classes = new ClassList();
  for (const row of jsonOf(results, name).items()) {
    const isFlat = row.at("box").isMissing && !row.at("xmin").isMissing;
    const box = isFlat ? row : row.at("box");
    const label = classes.indexOf(row.at("name"));
    const score = list.rules.score(row.at("confidence"));
    const form = { form: "corners", areShares: normalized } as const;
    const numbers = isFlat
      ? FLAT_SIDES.map((side) => row.at(side).number())
      : cornersOf(box);
    list.add(box, numbers, form, { label, score });
  }
  return list.result(classes.names);
}

/** What rows of numbers lack: also the names of classes. */
export interface YoloOptions extends UltralyticsOptions {
  /** Names of the classes: `model.names`, a list or names by index. */
  classes: ClassNames;
}

/**
 * Reads rows of numbers, as `results[0].boxes.data.tolist()` of ultralytics and
 * `results.xyxy[0]` of YOLOv5 have them.
 *
 * @param rows Rows of left, top, right, bottom, score, class; of 7 numbers the fifth, the
 * id of a track, is passed over.
 * @param options The size of the image, names of the classes, and whether boxes are shares.
 * @returns The detections.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 */
export function fromYoloRows(rows: unknown, options: YoloOptions): Detections {
  options = optionsOf(options);
  const { name = "rows of YOLO", normalized = false } = options;
  const classes = classesByLabel(options.classes);
  const list = new DetectionList(options, name, options);
  for (const row of jsonOf(rows, name).items()) {
    const isTracked = Array.isArray(row.value) && row.value.length === 7;
    const numbers = row.float32s(
      isTracked ? 7 : 6,
      "numbers, [left, top, right, bottom, score, class]",
    );
    const score = list.rules.score(row.at(numbers.length - 2));
    const label = classes.indexOf(row.at(numbers.length - 1));
    const form = { form: "corners", areShares: normalized } as const;
    list.add(row, numbers.slice(0, 4), form, { label, score });
  }
  return list.result(classes.names);
}

function cornersOf(box: JsonValue): number[] {
  if (box.at("x3").isMissing) return SIDES.map((side) => box.at(side).number());
  const [x, y] = ["x", "y"].map((axis) =>
    CORNERS.map((corner) => box.at(`${axis}${corner}`).number())
  );
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}
