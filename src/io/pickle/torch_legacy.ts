/**
 * Reads files of `torch.save` in the format of PyTorch before version 1.6: five pickles
 * one after another, then the numbers of all tensors.
 *
 * @module
 */

import { TorchTensors } from "./_torch_tensors.ts";
import { type PickleOptions, unpickleAt } from "./pickle.ts";

export { TorchTensor } from "./_torch_tensors.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/**
 * Reads a file of `torch.save` before PyTorch 1.6.
 *
 * @param bytes The file.
 * @param name Name of the file, for errors.
 * @param options As for `unpickle()`.
 * @returns The saved value, with a {@linkcode TorchTensor} for each tensor.
 * @throws {SyntaxError} If the file has another format, or is damaged.
 * @throws {RangeError} If the file names a class that is not allowed.
 */
export function readTorchLegacy(
  bytes: Uint8Array,
  name: string,
  options: PickleOptions = {},
): unknown {
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${name}": the file has ${problem}`);
  };
  let end = 0;
  const next = (more = {}) => {
    const found = unpickleAt(bytes, end, name, { ...options, ...more });
    end = found.end;
    return found.value;
  };
  if (next() !== MAGIC) fail("no header of torch.save");
  const protocol = next();
  if (protocol !== PROTOCOL) fail(`protocol ${protocol}, known is ${PROTOCOL}`);
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    fail("numbers that are not little-endian");
  }
  const tensors = new TorchTensors();
  const value = next(tensors.options);
  const keys = next();
  if (!Array.isArray(keys)) return fail("no list of its storages");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = tensors.storages.get(String(key));
    if (storage === undefined) {
      return fail(`a storage ${JSON.stringify(key)} that no tensor uses`);
    }
    const start = end + 8;
    end = start + storage.bytes;
    const length = start <= bytes.length ? view.getBigInt64(start - 8, true) : -1n;
    if (length !== BigInt(storage.length) || end > bytes.length) {
      return fail(`a storage of ${length} numbers where ${storage.length} are expected`);
    }
    storage.fill(bytes.subarray(start, end));
  }
  tensors.finish(bytes.length, fail);
  return value;
}
