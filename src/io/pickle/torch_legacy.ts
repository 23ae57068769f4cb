/**
 * Reads files of `torch.save` in the format of PyTorch before version 1.6: five pickles
 * one after another, then the numbers of all tensors.
 *
 * @module
 */

import type { Constructor, Context } from "./_globals.ts";
import { PyGlobal } from "./_values.ts";
import { type PickleOptions, unpickleAt } from "./pickle.ts";
import type { ArrayData, NamedArray } from "../safetensors.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Typed arrays by PyTorch's name of the storage. */
const STORAGES: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayData>> = {
  "torch.FloatStorage": Float32Array,
  "torch.DoubleStorage": Float64Array,
  "torch.HalfStorage": Float16Array,
  "torch.LongStorage": BigInt64Array,
  "torch.IntStorage": Int32Array,
  "torch.ShortStorage": Int16Array,
  "torch.CharStorage": Int8Array,
  "torch.ByteStorage": Uint8Array,
  "torch.BoolStorage": Uint8Array,
};

/** Numbers at the end of the file, which several tensors may share. */
class Storage {
  readonly type: string;
  readonly length: number;
  data?: ArrayData;

  constructor(type: string, length: number) {
    this.type = type;
    this.length = length;
  }
}

/** A tensor in row-major order. */
export class TorchTensor implements NamedArray {
  /** Length of each axis. */
  shape: readonly number[] = [];
  /** The numbers. */
  data: ArrayData = new Uint8Array();
}

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
  const storages = new Map<string, Storage>();
  const tensors: {
    tensor: TorchTensor;
    storage: Storage;
    offset: number;
    strides: number[];
  }[] = [];
  const rebuild: Constructor = ([storage, offset, shape, strides], context) => {
    const isSound = storage instanceof Storage && isCounts([offset]) && isCounts(shape) &&
      isCounts(strides) && strides.length === shape.length;
    if (!isSound) return context.fail("a tensor without storage, shape or strides");
    const tensor = Object.assign(new TorchTensor(), { shape });
    tensors.push({ tensor, storage, offset: Number(offset), strides });
    return tensor;
  };
  const value = next({
    constructors: new Map([
      ...Object.keys(STORAGES).map((type): [string, Constructor] => [
        type,
        (_, context) => context.fail(`a call of ${type}`),
      ]),
      ["torch._utils._rebuild_tensor", rebuild],
      ["torch._utils._rebuild_tensor_v2", rebuild],
    ]),
    persistentLoad: (id: unknown, context: Context) => loadStorage(id, storages, context),
  });
  const keys = next();
  if (!Array.isArray(keys)) return fail("no list of its storages");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = storages.get(String(key));
    if (storage === undefined) {
      return fail(`a storage ${JSON.stringify(key)} that no tensor uses`);
    }
    const StorageArray = STORAGES[storage.type];
    const width = new StorageArray(new ArrayBuffer()).BYTES_PER_ELEMENT;
    const start = end + 8;
    end = start + width * storage.length;
    const length = start <= bytes.length ? view.getBigInt64(start - 8, true) : -1n;
    if (length !== BigInt(storage.length) || end > bytes.length) {
      return fail(`a storage of ${length} numbers where ${storage.length} are expected`);
    }
    storage.data = new StorageArray(bytes.slice(start, end).buffer);
  }
  let numbers = 0;
  for (const { tensor, storage, offset, strides } of tensors) {
    if (storage.data === undefined) return fail("a tensor whose numbers are missing");
    numbers += storage.length;
    if (numbers > bytes.length) {
      fail("tensors that share more numbers than there are bytes");
    }
    tensor.data = gather(storage.data, offset, tensor.shape, strides, fail);
  }
  return value;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Finds or makes the storage of an id `("storage", type, key, location, length, view)`. */
function loadStorage(
  id: unknown,
  storages: Map<string, Storage>,
  context: Context,
): Storage {
  const [kind, type, key, , length, part] = Array.isArray(id) ? id : [];
  const isSound = kind === "storage" && type instanceof PyGlobal &&
    Object.hasOwn(STORAGES, type.name) && typeof key === "string" && isCounts([length]) &&
    (part ?? null) === null;
  if (!isSound) return context.fail("a storage of an unknown kind");
  const storage = storages.get(key) ?? new Storage(type.name, length);
  if (storage.type !== type.name || storage.length !== length) {
    return context.fail(`two different storages ${JSON.stringify(key)}`);
  }
  storages.set(key, storage);
  return storage;
}

/** Copies the numbers of a tensor in row-major order. */
function gather(
  source: ArrayData,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  fail: (problem: string) => never,
): ArrayData {
  const count = shape.reduce((product, length) => product * length, 1);
  const last = shape.reduce((sum, length, i) => sum + (length - 1) * strides[i], offset);
  // A tensor with more numbers than its storage would repeat some of them.
  if (!(count <= source.length) || (count > 0 && last >= source.length)) {
    fail(`a tensor of shape [${shape}] in a storage of ${source.length} numbers`);
  }
  const out = source.slice(0, count);
  const index = new Array(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    out[to] = source[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
