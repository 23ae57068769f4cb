/**
 * The tensors of `torch.save`: in the pickle stand their shapes, elsewhere in the file their
 * numbers.
 *
 * @module
 */

import type { ArrayData, NamedArray } from "../safetensors.ts";
import type { Constructor, Context } from "./_globals.ts";
import type { ObjectOptions } from "./_objects.ts";
import { PyGlobal } from "./_values.ts";
import { eachInOrder } from "../strides.ts";

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

/** Numbers outside the pickle, which several tensors may share. */
class Storage {
  readonly type: string;
  readonly length: number;
  data?: ArrayData;

  constructor(type: string, length: number) {
    this.type = type;
    this.length = length;
  }

  /** Size in bytes. */
  get bytes(): number {
    return this.length * new STORAGES[this.type](new ArrayBuffer()).BYTES_PER_ELEMENT;
  }

  /** Takes its numbers from bytes, which it copies. */
  fill(bytes: Uint8Array): void {
    this.data = new STORAGES[this.type](bytes.slice().buffer as ArrayBuffer);
  }
}

/** A tensor in row-major order. */
export class TorchTensor implements NamedArray {
  /** Length of each axis. */
  shape: readonly number[] = [];
  /** The numbers. */
  data: ArrayData = new Uint8Array();
}

/** Collects the tensors of a pickle, and gives them their numbers at the end. */
export class TorchTensors {
  /** The storages that the pickle names. */
  readonly storages: Map<string, Storage> = new Map();
  readonly #tensors: {
    tensor: TorchTensor;
    storage: Storage;
    offset: number;
    strides: number[];
  }[] = [];

  /** What the reader of the pickle needs. */
  get options(): Pick<ObjectOptions, "constructors" | "persistentLoad"> {
    const rebuild: Constructor = (args, context) => this.#rebuild(args, context);
    return {
      constructors: new Map([
        ...Object.keys(STORAGES).map((type): [string, Constructor] => [
          type,
          (_, context) => context.fail(`a call of ${type}`),
        ]),
        ["torch._utils._rebuild_tensor", rebuild],
        ["torch._utils._rebuild_tensor_v2", rebuild],
      ]),
      persistentLoad: (id: unknown, context: Context) =>
        loadStorage(id, this.storages, context),
    };
  }

  /**
   * Gives all tensors their numbers, when all storages have theirs.
   *
   * @param bytes Size of the file: tensors may not multiply its numbers.
   * @param fail Refuses the file.
   */
  finish(bytes: number, fail: (problem: string) => never): void {
    let numbers = 0;
    for (const { tensor, storage, offset, strides } of this.#tensors) {
      if (storage.data === undefined) return fail("a tensor whose numbers are missing");
      numbers += storage.length;
      if (numbers > bytes) {
        fail("tensors that share more numbers than there are bytes");
      }
      tensor.data = gather(storage.data, offset, tensor.shape, strides, fail);
    }
  }

  #rebuild([storage, offset, shape, strides]: readonly unknown[], context: Context) {
    const isSound = storage instanceof Storage && isCounts([offset]) && isCounts(shape) &&
      isCounts(strides) && strides.length === shape.length;
    if (!isSound) return context.fail("a tensor without storage, shape or strides");
    const tensor = Object.assign(new TorchTensor(), { shape });
    this.#tensors.push({ tensor, storage, offset: Number(offset), strides });
    return tensor;
  }
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
  eachInOrder({ shape, strides, start: offset }, count, (from, i) => {
    out[i] = source[from];
  });
  return out;
}
