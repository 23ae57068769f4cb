/**
 * Reads what the R-CNN of Lu, Krishna, Bernstein and Fei-Fei (ECCV 2016) found in the test
 * images of VRD.
 *
 * `objectDetRCNN.mat` has three cell arrays with a cell for each image: `detection_labels`
 * `[n, 1]`, classes counted from 1; `detection_bboxes` `[n, 4]`, left, top, right, bottom in
 * pixels counted from 1; `detection_confs` `[n, 1]`, confidences from 0 to 1. The cells are
 * in the order of `imagePath` in `imagePath.mat`, the names of the image files.
 *
 * @module
 */

import { type MatArray, readMat5, rowOf } from "../../io/mat5.ts";
import { type BoxDetections, selectDetections } from "./box_detections.ts";

/** A file of MATLAB. */
export interface MatFile {
  /** Its name, for errors. */
  name: string;
  bytes: Uint8Array;
}

/**
 * Reads the detections.
 *
 * @param detections `objectDetRCNN.mat`.
 * @param paths `imagePath.mat`.
 * @param numClasses C, the number of classes of VRD.
 * @returns Detections by the name of the image file. Boxes have the numbers of the file, as
 * those of `readVrdImages` do; detections without an area are left out.
 * @throws {SyntaxError} If a file is damaged or does not have the form above.
 * @throws {RangeError} If a class or a confidence is out of range.
 */
export async function readVrdDetections(
  detections: MatFile,
  paths: MatFile,
  numClasses: number,
): Promise<Map<string, BoxDetections>> {
  const [names] = await cellsOf(paths, ["imagePath"]);
  const all = await cellsOf(detections, [
    "detection_labels",
    "detection_bboxes",
    "detection_confs",
  ]);
  const lengths = [names, ...all].map(({ length }) => length);
  if (new Set(lengths).size > 1) {
    throw new SyntaxError(
      `Cannot read "${detections.name}": its cells must be as many as the names in "${paths.name}": found ${
        lengths.slice(1).join(", ")
      } and ${lengths[0]}`,
    );
  }
  // There is no class 0.
  const classes = Array.from({ length: numClasses + 1 }, (_, raw) => raw - 1);
  return new Map(names.map(({ text = "" }, i) => {
    const [labels, boxes, scores] = all.map((cells) => cells[i]);
    const found = {
      boxes: Array.from({ length: boxes.values.length / 4 }, (_, d) => rowOf(boxes, d))
        .flat(),
      classes: Array.from(labels.values),
      scores: Array.from(scores.values),
    };
    const where = `"${detections.name}": image ${i + 1}, "${text}"`;
    return [text, selectDetections(found, classes, where, 1)];
  }));
}

async function cellsOf(
  { name, bytes }: MatFile,
  keys: readonly string[],
): Promise<MatArray[][]> {
  const variables = await readMat5(bytes, name);
  return keys.map((key) => {
    const found = variables.get(key);
    if (found && found.cells.length > 0) return found.cells;
    throw new SyntaxError(
      `Cannot read "${name}": it must have a cell array "${key}": found ${
        [...variables.keys()].join(", ") || "no variables"
      }`,
    );
  });
}
