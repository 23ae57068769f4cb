/**
 * Reads Python's pickles, protocols 0 to 5. A pickle is a program and may be hostile, so
 * this reader makes plain data and a short list of known classes only: collections, NumPy's
 * arrays and scalars, and SciPy's row-compressed matrices. Instances of classes that the
 * caller allows become records. Any other name is refused, and no code of the pickle runs.
 *
 * | Python | here |
 * |---|---|
 * | None, bool, float, str | `null`, `boolean`, `number`, `string` |
 * | int | `number`, or `bigint` beyond 2^53 |
 * | Python 2 str | `string` with one character per byte |
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

import { looksLike } from "../../file_kind.ts";
import type { ByteSource } from "../byte_source.ts";
import { Machine } from "./_machine.ts";
import type { ObjectOptions } from "./_objects.ts";
import { OpReader } from "./_opcodes.ts";
import { scanPickle } from "./_scan.ts";

export { CsrMatrix, PyObject } from "./_values.ts";
export { NumpyArray } from "../numpy/array.ts";

/** The classes that a pickle may contain beyond the known ones. */
export type PickleOptions = Pick<ObjectOptions, "classes">;

/** Bytes to read at a time. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Reads a pickle.
 *
 * @param bytes The file.
 * @param name Name of the file, for errors.
 * @param options `classes`: the classes whose instances are allowed, as `"module.Class"` or
 * `"module.*"`; default none.
 * @returns The value of the pickle.
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError} If the pickle names a class that is not allowed.
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
  const other = bytes.length > 0 ? looksLike(bytes, "a Python pickle") : undefined;
  if (other) throw new SyntaxError(`Cannot read "${name}": ${other}`);
  return unpickleAt(bytes, 0, name, options).value;
}

/**
 * Reads the pickle that begins at an offset in a file.
 *
 * @returns Its value, and the offset of its end.
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
  throw new SyntaxError(
    `Cannot read "${name}": the pickle must have an end; get it again`,
  );
}

/**
 * Reads a pickled list as a stream of its elements. Only one element is in memory, with
 * the values that it shares with later ones. The file is read twice.
 *
 * @param source The file.
 * @param options As for {@linkcode unpickle}.
 * @returns The elements of the list in order; for any other value, that value.
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError} If the pickle names a class that is not allowed.
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
