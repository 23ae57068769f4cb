/**
 * The few classes and functions that a pickle may name. Each is implemented here, so no
 * code of a pickle ever runs.
 *
 * @module
 */

import { bytesOf, CsrMatrix, PyGlobal, PyObject, RawString } from "./_values.ts";

/** The services of the machine to a constructor. */
export interface Context {
  /** Throws a `SyntaxError` with the file, the problem and its place. */
  fail(problem: string): never;
  /** Counts new bytes or elements against the limit of the file. */
  spend(amount: number): void;
}

/** Makes a value from the arguments in the pickle. */
export type Constructor = (args: readonly unknown[], context: Context) => unknown;

/** The names of a built-in in Python 2 and 3. */
const both = (name: string) => [`__builtin__.${name}`, `builtins.${name}`];

/** The elements of a list, tuple or set, copied. */
function elements(value: unknown, context: Context): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) && !(value instanceof Set)) {
    return context.fail("a collection made from a value that is not one");
  }
  context.spend(Array.isArray(value) ? value.length : value.size);
  return [...value];
}

function makeMap(args: readonly unknown[], context: Context): Map<unknown, unknown> {
  const pairs = elements(args[0], context).map((pair) =>
    Array.isArray(pair) && pair.length === 2
      ? pair as [unknown, unknown]
      : context.fail("a dict made from values that are not pairs")
  );
  return new Map(pairs);
}

function makeByteArray([source, encoding]: readonly unknown[], context: Context) {
  if (source === undefined) return new Uint8Array();
  if (Array.isArray(source)) return Uint8Array.from(elements(source, context), Number);
  const bytes = bytesOf(source);
  if (bytes === undefined || (encoding !== undefined && encoding !== "latin-1")) {
    return context.fail("a bytearray made from a value that is not bytes");
  }
  context.spend(bytes.length);
  return bytes.slice();
}

/** Encodes text as latin1: how Python 3 writes bytes in protocols below 3. */
function encode([text, encoding]: readonly unknown[], context: Context): Uint8Array {
  const bytes = encoding === "latin1" || encoding === "latin-1"
    ? bytesOf(text instanceof RawString ? text.text : text)
    : undefined;
  if (bytes === undefined) return context.fail("text to encode that is not latin1");
  context.spend(bytes.length);
  return bytes;
}

/** Makes an instance of a new-style class, as protocols 0 and 1 write it. */
function reconstructor([type, base]: readonly unknown[], context: Context): unknown {
  const isPlain = base instanceof PyGlobal && both("object").includes(base.name);
  if (!(type instanceof PyGlobal) || !isPlain) {
    return context.fail("an instance whose base is not object");
  }
  return makeInstance(type, [], context);
}

/**
 * Makes an instance of a class, which BUILD may give its state later.
 *
 * @param type A class that the caller allows, or one of {@linkcode CONSTRUCTORS}.
 */
export function makeInstance(
  type: PyGlobal,
  args: readonly unknown[],
  context: Context,
): unknown {
  if (isCsr(type.name)) return new CsrMatrix();
  if (type instanceof AllowedClass) return new PyObject(type.name, args);
  const known = CONSTRUCTORS.get(type.name);
  if (known !== undefined) return known(args, context);
  return context.fail(`a call of ${type.name}, which is not a class`);
}

/** A class that the caller allows. */
export class AllowedClass extends PyGlobal {}

/** Whether a name is that of SciPy's row-compressed matrix in any version of SciPy. */
export function isCsr(name: string): boolean {
  return /^scipy\.sparse(\.csr|\._csr)?\.csr_(matrix|array)$/.test(name);
}

const makeSet: Constructor = ([source], context) => new Set(elements(source, context));
const makeList: Constructor = ([source], context) => elements(source, context);

/** The built-ins, without the name of their module. */
const BUILT_INS: Readonly<Record<string, Constructor>> = {
  set: makeSet,
  frozenset: makeSet,
  list: makeList,
  tuple: makeList,
  dict: makeMap,
  bytearray: makeByteArray,
  bytes: makeByteArray,
  complex: ([real = 0, imaginary = 0]) => [real, imaginary],
};

/** Constructors by full name. */
export const CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map([
  ...Object.entries(BUILT_INS).flatMap(([name, make]) =>
    both(name).map((full): [string, Constructor] => [full, make])
  ),
  ["collections.OrderedDict", makeMap],
  ["_codecs.encode", encode],
  ["copy_reg._reconstructor", reconstructor],
  ["copyreg._reconstructor", reconstructor],
  ["copy_reg.__newobj__", newObject],
  ["copyreg.__newobj__", newObject],
]);

function newObject([type, ...args]: readonly unknown[], context: Context): unknown {
  if (!(type instanceof PyGlobal)) {
    return context.fail("an instance of a value that is not a class");
  }
  return makeInstance(type, args, context);
}

/** Names that a pickle may mention but not call. */
export const NAMES: ReadonlySet<string> = new Set([...both("object")]);

/** Fills a sparse matrix from its pickled state. */
export function setCsrState(matrix: CsrMatrix, state: unknown, context: Context): void {
  const part = (name: string) => {
    const value = state instanceof Map ? state.get(name) : undefined;
    const data = (value as { data?: unknown } | undefined)?.data;
    return ArrayBuffer.isView(data) ? data as unknown as Int32Array : undefined;
  };
  const shape = state instanceof Map ? state.get("_shape") : undefined;
  const [data, indices, indptr] = ["data", "indices", "indptr"].map(part);
  const isWhole = Array.isArray(shape) && shape.length === 2 && data && indices && indptr;
  if (!isWhole) return context.fail("a sparse matrix without its parts");
  const [rows, columns] = shape.map(Number);
  let isSound = indptr.length === rows + 1 && indptr[0] === 0 &&
    indptr.at(-1) === data.length && indices.length === data.length;
  for (let i = 0; i < rows && isSound; i++) isSound = indptr[i] <= indptr[i + 1];
  isSound &&= indices.every((column) => column >= 0 && column < columns);
  if (!isSound) context.fail("a sparse matrix whose parts do not fit");
  Object.assign(matrix, { shape: [rows, columns], data, indices, indptr });
}
