/**
 * The few classes and functions that an unpickler constructs and calls. Each is written
 * here, in full; a pickle can only name them.
 *
 * @module
 */

import { bytesOf, CsrMatrix, PyGlobal, PyObject, RawString } from "./_values.ts";

/** What a constructor may need of the machine. */
export interface Context {
  /** Throws a `SyntaxError` with the file and place. */
  fail(problem: string): never;
  /** Counts bytes or elements that are made anew, so that they cannot multiply. */
  spend(amount: number): void;
}

/** Makes a value of the arguments that the pickle gives. */
export type Constructor = (args: readonly unknown[], context: Context) => unknown;

/** Python 2 and 3 call the module of built-ins by two names. */
const both = (name: string) => [`__builtin__.${name}`, `builtins.${name}`];

/** Elements of a list, tuple or set in the arguments. */
function elements(value: unknown, context: Context): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) && !(value instanceof Set)) {
    return context.fail("a collection made of something else");
  }
  context.spend(Array.isArray(value) ? value.length : value.size);
  return [...value];
}

function makeMap(args: readonly unknown[], context: Context): Map<unknown, unknown> {
  const pairs = elements(args[0], context).map((pair) =>
    Array.isArray(pair) && pair.length === 2
      ? pair as [unknown, unknown]
      : context.fail("a dict made of something else than pairs")
  );
  return new Map(pairs);
}

function makeByteArray([source, encoding]: readonly unknown[], context: Context) {
  if (source === undefined) return new Uint8Array();
  if (Array.isArray(source)) return Uint8Array.from(elements(source, context), Number);
  const bytes = bytesOf(source);
  if (bytes === undefined || (encoding !== undefined && encoding !== "latin-1")) {
    return context.fail("a bytearray made of something else than bytes");
  }
  context.spend(bytes.length);
  return bytes.slice();
}

/** Python 3 writes bytes for protocols below 3 as text that is to be encoded. */
function encode([text, encoding]: readonly unknown[], context: Context): Uint8Array {
  const bytes = encoding === "latin1" || encoding === "latin-1"
    ? bytesOf(text instanceof RawString ? text.text : text)
    : undefined;
  if (bytes === undefined) return context.fail("text to encode that is not latin1");
  context.spend(bytes.length);
  return bytes;
}

/** How protocols 0 and 1 write instances of new-style classes. */
function reconstructor([type, base]: readonly unknown[], context: Context): unknown {
  const isPlain = base instanceof PyGlobal && both("object").includes(base.name);
  if (!(type instanceof PyGlobal) || !isPlain) {
    return context.fail("an instance whose base is not object");
  }
  return makeInstance(type, [], context);
}

/**
 * An instance of a class, before its state is known.
 *
 * @param type A class that the caller allowed, or one that we know ourselves.
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
  return context.fail(`a call of ${type.name}, which is no class`);
}

/** A class that the caller allowed. */
export class AllowedClass extends PyGlobal {}

/** Whether a name is that of SciPy's row-compressed matrix, in any of its versions. */
export function isCsr(name: string): boolean {
  return /^scipy\.sparse(\.csr|\._csr)?\.csr_(matrix|array)$/.test(name);
}

const makeSet: Constructor = ([source], context) => new Set(elements(source, context));
const makeList: Constructor = ([source], context) => elements(source, context);

/** Built-ins, which Python 2 and 3 keep in modules of two names. */
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

/** What can be called, by name. */
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
  if (!(type instanceof PyGlobal)) return context.fail("an instance of no class");
  return makeInstance(type, args, context);
}

/** Names that stand for something but cannot be called. */
export const NAMES: ReadonlySet<string> = new Set([...both("object")]);

/** Gives a sparse matrix its parts. */
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
