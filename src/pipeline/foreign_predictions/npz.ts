/**
 * Predictions in NumPy's `.npz`.
 *
 * @module
 */

import { entries } from "../../archive/archive.ts";
import type {
  PredictionFile,
  PredictionSource,
} from "../../eval/prediction_files/open.ts";
import {
  openRecords,
  type PredictionRecord,
  type RecordContext,
  type RecordFile,
} from "../../eval/prediction_files/records.ts";
import { TASKS } from "../../eval/protocol.ts";
import { openFile } from "../../files.ts";
import { readNpy } from "../../io/numpy/npy.ts";
import { type NumpyArray, unpickle } from "../../io/pickle/pickle.ts";
import { plain } from "./plain_value.ts";

/**
 * Opens an `.npz`.
 *
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError | TypeError} If its arrays are no predictions.
 */
export async function openNpz(
  path: string,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile> {
  const { name } = source;
  using file = await openFile(path);
  const arrays = new Map<string, NumpyArray>();
  for await (const { path: member, body } of entries(file)) {
    if (!member.endsWith(".npy")) {
      throw new TypeError(
        `Cannot read "${name}": it has "${member}", so it is no .npz of predictions; use one of the forms in docs/predictions.md`,
      );
    }
    const parts = await Array.fromAsync(body()) as Uint8Array<ArrayBuffer>[];
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    arrays.set(member.slice(0, -4), readNpy(bytes, `${name}/${member}`, unpickle));
  }
  return await openRecords(recordsOfArrays(name, arrays), context);
}

/**
 * The images of an `.npz`: arrays named `image/field`; or an array of dicts; or arrays of
 * which each has one entry an image, `id` among them.
 */
function recordsOfArrays(name: string, arrays: Map<string, NumpyArray>): RecordFile {
  const task = TASKS.find((task) => arrays.get("task")?.data[0] === task);
  arrays.delete("task");
  const [[only] = []] = [[...arrays.values()]];
  const isDicts = arrays.size === 1 && only.dtype === "object" &&
    [...only.data].every((item) => item instanceof Map);
  let records: PredictionRecord[];
  if (isDicts) {
    records = Array.from(only.data, (value) => ({ value: plain(value) }));
  } else if ([...arrays.keys()].every((key) => key.includes("/"))) {
    const images = new Map<string, Record<string, unknown>>();
    for (const [key, array] of arrays) {
      const slash = key.lastIndexOf("/"), image = key.slice(0, slash);
      const fields = images.get(image) ?? {};
      images.set(image, { ...fields, [key.slice(slash + 1)]: plain(array) });
    }
    records = Array.from(images, ([name, value]) => ({ name, value }));
  } else {
    const fields = [...arrays].map(([key, array]) => {
      return [key === "ids" ? "id" : key, plain(array)] as [string, unknown[]];
    });
    const counts = new Set(fields.map(([, { length }]) => length));
    if (counts.size !== 1) {
      throw new TypeError(
        `Cannot read "${name}": its arrays must be named image/field, or have one entry for each image: found ${
          fields.map(([key, { length }]) => `${length} of "${key}"`).join(", ")
        }`,
      );
    }
    records = Array.from(
      { length: fields[0][1].length },
      (_, i) => ({
        value: Object.fromEntries(fields.map(([key, all]) => [key, all[i]])),
      }),
    );
  }
  return { name, count: records.length, task, records: () => records };
}
