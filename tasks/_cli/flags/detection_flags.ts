/**
 * Flags of tasks that read the results of a detector.
 *
 * @module
 */

import { readChunks, readFile } from "../../../src/files.ts";
import { readClassFile } from "../../../src/foreign/detections/class_file.ts";
import type { ClassNames } from "../../../src/foreign/detections/classes.ts";
import { readCocoAnnotations } from "../../../src/foreign/detections/coco_annotations.ts";
import {
  DETECTION_FORMATS,
  type DetectionFormat,
  type DetectionHints,
} from "../../../src/foreign/detections/read_json.ts";
import type { Flags } from "./flags.ts";

/** Names of classes. */
export const CLASSES_FLAG = {
  type: "string",
  path: "path",
  unset: "COCO's",
  help:
    "Names of a detector's classes, for labels that are numbers or codes: classes.txt, data.yaml, config.json, names.csv",
} as const;

/** What a file of detections does not say. */
export const DETECTION_FLAGS = {
  inputFormat: {
    type: "string",
    values: DETECTION_FORMATS,
    unset: "recognized",
    help: "Form of a detector's results",
  },
  imageSize: {
    type: "string",
    unset: "that of the file",
    help: "Size of the image such as 640x480, for results that lack it",
  },
  annotations: {
    type: "string",
    path: "path",
    help:
      "COCO's annotations, for the images and classes of COCO's results, and the images of tables",
  },
  classes: CLASSES_FLAG,
  imageId: {
    type: "string",
    unset: "all",
    help: "Images to take of a file with several, by their ids, as in 7,9",
  },
  normalized: {
    default: false,
    help: "Boxes are shares of the image's sides (transformers.js, ultralytics, tables)",
  },
} as const satisfies Flags;

/** The values of the flags. */
interface DetectionValues {
  inputFormat?: string;
  imageSize?: string;
  annotations?: string;
  classes?: string;
  imageId?: string;
  normalized: boolean;
  strict: boolean;
}

/**
 * Reads what the flags say of a file of detections.
 *
 * @throws {RangeError} If the size is none.
 * @throws {SyntaxError} If the annotations are not JSON.
 */
export async function detectionHints(values: DetectionValues): Promise<DetectionHints> {
  const { inputFormat: format, imageSize, annotations, classes, normalized, strict } =
    values;
  return {
    ...(format !== undefined && { format: format as DetectionFormat }),
    ...(imageSize !== undefined && sizeOf(imageSize)),
    ...(annotations !== undefined &&
      await readCocoAnnotations(readChunks(annotations), `"${annotations}"`)),
    ...(classes !== undefined && { classes: await readClasses(classes) }),
    ...{ normalized, strict },
  };
}

/** Reads the file of `--classes`. */
export async function readClasses(path: string): Promise<ClassNames> {
  return await readClassFile(await readFile(path), path);
}

/** The names in the order of their labels, as a detector in an ONNX file counts them. */
export function classList(classes?: ClassNames): readonly string[] | undefined {
  return classes && Object.values(classes);
}

/** The ids of `--image-id`, which may have commas between them. */
export function imageIds({ imageId }: { imageId?: string }): string[] | undefined {
  return imageId?.split(",").map((id) => id.trim());
}

function sizeOf(text: string) {
  const [, width, height] = /^([1-9]\d*)\s*[x×]\s*([1-9]\d*)$/i.exec(text) ?? [];
  if (height !== undefined) {
    return { imageWidth: Number(width), imageHeight: Number(height) };
  }
  throw new RangeError(
    `Cannot use --image-size as it must be a width and a height in pixels, such as 640x480: found "${text}"`,
  );
}
