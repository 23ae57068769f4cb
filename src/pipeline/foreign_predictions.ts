/**
 * Opens binary files of predictions, which are recognised by their content: pickles,
 * NumPy's `.npz` and MATLAB's `.mat`.
 *
 * @module
 */

import type { PredictionFile, PredictionSource } from "../eval/prediction_files/open.ts";
import type { RecordContext } from "../eval/prediction_files/records.ts";
import { openFile, readFile } from "../files.ts";
import { isMat5 } from "../io/mat5.ts";
import { openMat } from "./_mat_predictions.ts";
import { openNpz } from "./_npz_predictions.ts";
import { openPickle } from "./_pickled_predictions.ts";

/**
 * Opens a file if it is one of these; by content, whatever its name.
 *
 * @param path The file.
 * @param source Its name, and the files beside it.
 * @param context Vocabulary and images of the dataset.
 * @returns The predictions; `undefined` for anything else, such as JSON.
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError | TypeError} If it holds something else than predictions.
 */
export async function openForeign(
  path: string,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile | undefined> {
  using file = await openFile(path);
  const head = await file.read(0, 128);
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (isMat5(head)) return await openMat(await readFile(path), source, context);
  const text = new TextDecoder("latin1").decode(head);
  if (starts(0x89, 0x48, 0x44, 0x46) || text.startsWith("MATLAB 7.3")) {
    throw new SyntaxError(
      `Cannot read "${source.name}": it is an HDF5 file, as MATLAB's -v7.3 makes; save it with -v7`,
    );
  }
  if (starts(0x50, 0x4b)) return await openNpz(path, source, context);
  const isText = /^\s*[[{]/.test(text) && !/\.(pkl|pickle|p)$/i.test(path);
  const isPickle = head[0] === 0x80 || (/\.(pkl|pickle|p)$/i.test(path) && !isText);
  return isPickle ? await openPickle(path, source, context) : undefined;
}
