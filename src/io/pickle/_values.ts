/**
 * The values of a pickle as plain data.
 *
 * @module
 */

import { latin1 } from "../numpy/array.ts";

/**
 * An instance of a class that the caller allows: the name of the class and the attributes,
 * without any code.
 */
export class PyObject {
  /** Module and name of the class, such as `"Data.VisualGenome.models.Graph"`. */
  readonly className: string;
  /** Arguments of its constructor; usually none. */
  readonly args: readonly unknown[];
  /** Attributes by name; the record has no prototype. */
  readonly fields: Record<string, unknown> = Object.create(null);

  /** Makes an instance without attributes. */
  constructor(className: string, args: readonly unknown[] = []) {
    this.className = className;
    this.args = args;
  }
}

/** The name of a class or function in a pickle; it cannot be called. */
export class PyGlobal {
  /** Module and name, such as `"numpy.ndarray"`. */
  readonly name: string;

  /** @param name Module and name, one that the reader knows. */
  constructor(name: string) {
    this.name = name;
  }
}

/** A row-compressed sparse matrix of SciPy. */
export class CsrMatrix {
  /** Numbers of rows and columns. */
  shape: readonly [rows: number, columns: number] = [0, 0];
  /** The numbers, row by row. */
  data: ArrayLike<number> = [];
  /** Column of each number. */
  indices: ArrayLike<number> = [];
  /** Index in `data` at which each row begins, and the end of the last row. */
  indptr: ArrayLike<number> = [0];
}

/**
 * A long Python 2 string. It is usually the bytes of an array, so it becomes text only if
 * it is not. Callers never see it.
 */
export class RawString {
  readonly bytes: Uint8Array;
  #text?: string;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The string, one character per byte. */
  get text(): string {
    return this.#text ??= latin1(this.bytes);
  }
}

/** Bytes of a value that is bytes, or text with one character per byte. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof RawString) return value.bytes;
  if (typeof value !== "string") return undefined;
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 255) return undefined;
    bytes[i] = code;
  }
  return bytes;
}
