/**
 * Python's pickles, protocols 0 to 5, for reading only. A pickle is a program, hostile
 * until shown otherwise: this reader constructs plain data, a short list of known classes
 * (NumPy's arrays and scalars, SciPy's row-compressed matrices, collections) and, as
 * records, instances of the classes that the caller names. Anything else is refused by
 * its name, and nothing is ever called.
 *
 * | Python | here |
 * |---|---|
 * | None, bool, float, str | `null`, `boolean`, `number`, `string` |
 * | int | `number`, or `bigint` beyond 2^53 |
 * | Python 2 str | `string` of one character a byte |
 * | bytes, bytearray | `Uint8Array` |
 * | list, tuple | array |
 * | dict, OrderedDict | `Map` |
 * | set, frozenset | `Set` |
 * | complex | `[real, imaginary]` |
 * | numpy.ndarray | {@linkcode NumpyArray} |
 * | scipy.sparse.csr_matrix | {@linkcode CsrMatrix} |
 * | an allowed class | {@linkcode PyObject} |
 *
 * @module
 */

import type { ByteSource } from "../byte_source.ts";
import { Machine } from "./_machine.ts";
import type { ObjectOptions } from "./_objects.ts";
import { OpReader } from "./_opcodes.ts";
import { scanPickle } from "./_scan.ts";

export { CsrMatrix, PyObject } from "./_values.ts";
export { NumpyArray } from "../numpy/array.ts";

/** What a pickle may contain beyond plain data. */
export type PickleOptions = Pick<ObjectOptions, "classes">;

/** Bytes that a stream reads at a time. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Reads a pickle.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @param options `classes`: whose instances may be in it, each `"module.Class"` or
 * `"module.*"`; by default none.
 * @returns The one value of the pickle.
 * @throws {SyntaxError} If it is damaged.
 * @throws {RangeError} If it asks for a class that is not allowed.
 *
 * @example
 * ```ts
 * import { unpickle } from "./pickle.ts";
 * const bytes = new TextEncoder().encode("(lp0\nI1\naS'two'\na.");
 * const [one, two] = unpickle(bytes, "list.p") as [number, string];
 * if (one !== 1 || two !== "two") throw new Error();
 * ```
 */
export function unpickle(
  bytes: Uint8Array,
  name: string,
  options: PickleOptions = {},
): unknown {
  return unpickleAt(bytes, 0, name, options).value;
}

/**
 * Reads the pickle that begins at a place in a file.
 *
 * @returns Its value and where it ends.
 */
export function unpickleAt(
  bytes: Uint8Array,
  start: number,
  name: string,
  options: ObjectOptions,
): { value: unknown; end: number } {
  const reader = new OpReader(name, bytes.length, start);
  reader.feed(bytes.subarray(start));
  const machine = new Machine(name, bytes.length, reader, options);
  while (reader.next()) {
    if (machine.run()) return { value: machine.stack[0], end: reader.end };
  }
  throw new SyntaxError(`Cannot read "${name}": the pickle has no end`);
}

/**
 * Reads a pickle of a list as a stream, one element at a time: the memory needed is that
 * of an element and of what later elements share with it. The file is read twice.
 *
 * @param source The file.
 * @param options As for {@linkcode unpickle}.
 * @returns The elements of the list, in order; of another value, that value alone.
 * @throws {SyntaxError} If it is damaged.
 * @throws {RangeError} If it asks for a class that is not allowed.
 */
export async function* unpickleItems(
  source: ByteSource,
  options: PickleOptions = {},
): AsyncGenerator<unknown> {
  const plan = await scanPickle(source, CHUNK_BYTES);
  const reader = new OpReader(source.name, source.size);
  const machine = new Machine(
    source.name,
    source.size,
    reader,
    options,
    (id, position) => (plan.lastUse.get(id) ?? -1) > position,
  );
  let next = 0;
  for (;;) {
    while (!reader.next()) {
      const wanted = Math.max(reader.wanted, CHUNK_BYTES);
      reader.feed(await source.read(reader.end, wanted));
    }
    const isLast = machine.run();
    while (plan.isList && plan.items[next]?.position === reader.position) {
      yield machine.take(plan.items[next++].slot);
    }
    if (!isLast) continue;
    if (!plan.isList) yield machine.stack[0];
    return;
  }
}
