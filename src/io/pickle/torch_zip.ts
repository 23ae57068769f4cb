/**
 * Reads files of `torch.save` since PyTorch 1.6: a zip with one pickle, `data.pkl`, and a
 * file of numbers for each storage, `data/0` and so on.
 *
 * @module
 */

import { TorchTensors } from "./_torch_tensors.ts";
import { type PickleOptions, unpickle } from "./pickle.ts";

/**
 * Reads the files of such a zip.
 *
 * @param files The unpacked files by their paths in the archive.
 * @param name Name of the archive, for errors.
 * @param options As for `unpickle()`.
 * @returns The saved value, with a `TorchTensor` for each tensor.
 * @throws {SyntaxError} If a file is missing or damaged.
 * @throws {RangeError} If the pickle names a class that is not allowed.
 */
export function readTorchZip(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  options: PickleOptions = {},
): unknown {
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${name}": the file has ${problem}`);
  };
  const pickle = [...files.keys()].find((path) => /(^|\/)data\.pkl$/.test(path));
  if (pickle === undefined) return fail("no data.pkl of torch.save");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = files.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== "little") {
    fail("numbers that are not little-endian");
  }
  const tensors = new TorchTensors();
  const value = unpickle(files.get(pickle)!, `${name}/${pickle}`, {
    ...options,
    ...tensors.options,
  });
  let bytes = 0;
  for (const [key, storage] of tensors.storages) {
    const data = files.get(`${folder}data/${key}`) ??
      fail(`no storage ${JSON.stringify(key)}`);
    if (data.length !== storage.bytes) {
      fail(
        `a storage ${
          JSON.stringify(key)
        } of ${data.length} bytes where ${storage.bytes} are expected`,
      );
    }
    storage.fill(data);
    bytes += data.length;
  }
  tensors.finish(bytes, fail);
  return value;
}
