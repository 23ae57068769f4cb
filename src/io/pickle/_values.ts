/**
 * What a pickle is made of, as plain data.
 *
 * @module
 */

import { latin1 } from "../numpy/array.ts";

/**
 * An instance of a class that a caller allowed: its name and attributes, nothing of the
 * class itself.
 */
export class PyObject {
  /** Module and class, such as `"Data.VisualGenome.models.Graph"`. */
  readonly className: string;
  /** Arguments that it was made with; usually none. */
  readonly args: readonly unknown[];
  /** Attributes by name; the record has no prototype. */
  readonly fields: Record<string, unknown> = Object.create(null);

  /** An instance without attributes yet. */
  constructor(className: string, args: readonly unknown[] = []) {
    this.className = className;
    this.args = args;
  }
}

/** A class or function that a pickle names; it is data, nothing can be run by it. */
export class PyGlobal {
  /** Module and name, such as `"numpy.ndarray"`. */
  readonly name: string;

  /** A name that a reader knows. */
  constructor(name: string) {
    this.name = name;
  }
}

/** A sparse matrix of SciPy, compressed by rows. */
export class CsrMatrix {
  /** Rows and columns. */
  shape: readonly [rows: number, columns: number] = [0, 0];
  /** The numbers, row by row. */
  data: ArrayLike<number> = [];
  /** Column of each number. */
  indices: ArrayLike<number> = [];
  /** Where each row begins in `data`, and where the last one ends. */
  indptr: ArrayLike<number> = [0];
}

/**
 * A Python 2 string that is too long to be a name: the bytes of an array, as a rule,
 * which are never made into text. Does not leave the machine.
 */
export class RawString {
  readonly bytes: Uint8Array;
  #text?: string;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** One character a byte. */
  get text(): string {
    return this.#text ??= latin1(this.bytes);
  }
}

/** Bytes of a string that came as text of one character a byte, or as bytes. */
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
