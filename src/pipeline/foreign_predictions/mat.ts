/**
 * Predictions in MATLAB's files, as Lu et al.'s program saves its results.
 *
 * @module
 */

import type {
  PredictionFile,
  PredictionSource,
} from "../../eval/prediction_files/open.ts";
import {
  openRecords,
  type PredictionRecord,
  type RecordContext,
} from "../../eval/prediction_files/records.ts";
import { type MatArray, readMat5, rowOf } from "../../io/mat5.ts";

/** Where the names of the images may lie: beside the file, or as in the repository. */
const IMAGE_PATHS = ["imagePath.mat", "../data/imagePath.mat", "data/imagePath.mat"];

/**
 * Opens results of Lu et al.'s program.
 *
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError | TypeError} If variables or the names of the images are missing.
 */
export async function openMat(
  bytes: Uint8Array,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile> {
  const { name } = source;
  const variables = await readMat5(bytes, name);
  const columns = ["rlp_labels", "rlp_confs", "sub_bboxes", "obj_bboxes"]
    .map((key) => [`${key}_ours`, variables.get(`${key}_ours`) ?? variables.get(key)]);
  const missing = columns.find(([, array]) => array === undefined);
  if (missing) {
    throw new TypeError(
      `Cannot read "${name}": it must have the variable "${
        missing[0]
      }", as Lu et al.'s results: found ${
        [...variables.keys()].map((key) => `"${key}"`).join(", ") || "none"
      }`,
    );
  }
  let paths = variables.get("imagePath");
  for (const other of IMAGE_PATHS) {
    const found = paths ? undefined : await source.beside(other);
    if (found) paths = (await readMat5(found, other)).get("imagePath");
  }
  const fields = columns as [string, MatArray][];
  const count = fields[0][1].cells.length;
  if (paths === undefined) {
    throw new RangeError(
      `Cannot read "${name}": imagePath.mat of Lu et al. must lie beside it, it has the names of the ${count} images; or put a cell array "imagePath" into the file`,
    );
  }
  const wrong = [...fields, ["imagePath", paths] as const]
    .find(([, { cells }]) => cells.length !== count);
  if (wrong) {
    throw new RangeError(
      `Cannot read "${name}": "${
        wrong[0]
      }" must have ${count} cells, one for each image: found ${wrong[1].cells.length}`,
    );
  }
  function* records(): Generator<PredictionRecord> {
    for (let i = 0; i < count; i++) {
      const value = fields.map(([key, { cells }]) => [key, rowsOf(cells[i], key)]);
      yield { name: textOf(paths!.cells[i]), value: Object.fromEntries(value) };
    }
  }
  return await openRecords({ name, count, records }, context);
}

/** A cell with text, as MATLAB has it, or a cell of it. */
function textOf({ text, cells: [inner] }: MatArray): string {
  return text ?? (inner ? textOf(inner) : "");
}

function rowsOf(array: MatArray, key: string): unknown[] {
  if (key.startsWith("rlp_confs")) return [...array.values];
  const height = array.values.length === 0 ? 0 : array.shape[0];
  return Array.from({ length: height }, (_, row) => rowOf(array, row));
}
