/**
 * Flags of tasks that read the results of a detector.
 *
 * @module
 */

import { readFile } from "../../src/files.ts";
import {
  DETECTION_FORMATS,
  type DetectionFormat,
  type DetectionHints,
} from "../../src/foreign/detections/read_json.ts";
import { parseJson } from "../../src/json_value.ts";
import type { Flags } from "./flags.ts";

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
    help: "COCO's annotations, for the images and classes of COCO's results",
  },
  imageId: { type: "string", help: "Image to take of COCO's results" },
  normalized: {
    default: false,
    help: "Boxes are shares of the image's sides (transformers.js, ultralytics)",
  },
} as const satisfies Flags;

/** The values of the flags. */
interface DetectionValues {
  inputFormat?: string;
  imageSize?: string;
  annotations?: string;
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
  const { inputFormat: format, imageSize, annotations, imageId, normalized, strict } =
    values;
  return {
    ...(format !== undefined && { format: format as DetectionFormat }),
    ...(imageSize !== undefined && sizeOf(imageSize)),
    ...(annotations !== undefined && {
      annotations: parseJson(await readFile(annotations), `"${annotations}"`).value,
    }),
    ...(imageId !== undefined && { imageId }),
    ...{ normalized, strict },
  };
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
