/**
 * Opens binary files of predictions, which are recognised by their content: pickles,
 * NumPy's `.npz`, MATLAB's `.mat` and files of `torch.save`.
 *
 * @module
 */

import type {
  PredictionFile,
  PredictionSource,
} from "../../eval/prediction_files/open.ts";
import type { RecordContext } from "../../eval/prediction_files/records.ts";
import { entries } from "../../archive/archive.ts";
import { type OpenFile, openFile, readFile } from "../../files.ts";
import { isMat5 } from "../../io/mat5.ts";
import { openMat } from "./mat.ts";
import { openNpz } from "./npz.ts";
import { openPickle } from "./pickled.ts";
import { BOX_LISTS, openTorch } from "./torch.ts";
import { readTorchLegacy } from "../../io/pickle/torch_legacy.ts";
import { readTorchZip } from "../../io/pickle/torch_zip.ts";

/** The classes that a file of PyTorch may hold. */
const TORCH = { classes: BOX_LISTS };
/** How files of PyTorch before 1.6 begin: a pickle of their magic number. */
const TORCH_LEGACY = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46];

/** The files of a zip of `torch.save`; `undefined` if it is another zip. */
async function torchFilesOf(
  file: OpenFile,
): Promise<Map<string, Uint8Array> | undefined> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, body } of entries(file)) {
    if (files.size === 0 && path.endsWith(".npy")) return undefined;
    const parts = await Array.fromAsync(body()) as Uint8Array<ArrayBuffer>[];
    files.set(path, new Uint8Array(await new Blob(parts).arrayBuffer()));
  }
  return [...files.keys()].some((path) => /(^|\/)data\.pkl$/.test(path))
    ? files
    : undefined;
}

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
  if (starts(0x50, 0x4b)) {
    const files = await torchFilesOf(file);
    return files
      ? await openTorch(readTorchZip(files, source.name, TORCH), source, context)
      : await openNpz(path, source, context);
  }
  if (TORCH_LEGACY.every((byte, i) => head[i] === byte)) {
    const value = readTorchLegacy(await readFile(path), source.name, TORCH);
    return await openTorch(value, source, context);
  }
  const isText = /^\s*[[{]/.test(text) && !/\.(pkl|pickle|p)$/i.test(path);
  const isPickle = head[0] === 0x80 || (/\.(pkl|pickle|p)$/i.test(path) && !isText);
  return isPickle ? await openPickle(path, source, context) : undefined;
}
