/**
 * NumPy's `.npy` files, for reading only.
 *
 * @module
 */

import { parseDescr } from "./dtype.ts";
import { parsePythonLiteral } from "./_python_literal.ts";
import { decodeNumpy, latin1, NumpyArray } from "./array.ts";

const MAGIC = "\x93NUMPY";

/**
 * Reads a `.npy` file.
 *
 * Source: numpy/lib/format.py, versions 1.0, 2.0 and 3.0.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @param readObjects Reads the pickle of an array of Python objects; by default they are
 * refused.
 * @returns The array, in row-major order whatever the file's.
 * @throws {SyntaxError} If it is no such file, is cut short, or holds Python objects.
 */
export function readNpy(
  bytes: Uint8Array,
  name: string,
  readObjects?: (pickle: Uint8Array, name: string) => unknown,
): NumpyArray {
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${name}": the file has ${problem}`);
  };
  if (latin1(bytes.subarray(0, MAGIC.length)) !== MAGIC) fail("no .npy header");
  const major = bytes[MAGIC.length];
  const lengthBytes = major === 1 ? 2 : 4;
  const start = MAGIC.length + 2 + lengthBytes;
  if (!(major >= 1 && major <= 3)) fail(`format version ${major}, known are 1 to 3`);
  if (bytes.length < start) fail("no .npy header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(start - 2, true) : view.getUint32(8, true);
  if (start + length > bytes.length) {
    fail(`a header of ${length} bytes, and ${bytes.length} in all`);
  }
  const text = bytes.subarray(start, start + length);
  const header = parsePythonLiteral(
    major === 3 ? new TextDecoder().decode(text) : latin1(text),
    name,
  );
  if (!(header instanceof Map)) return fail("a header that is no dict");
  const shape = header.get("shape");
  const isFortran = header.get("fortran_order");
  if (!Array.isArray(shape) || typeof isFortran !== "boolean") {
    return fail('a header without "shape" or "fortran_order"');
  }
  const dtype = parseDescr(header.get("descr"), fail);
  if (dtype.kind === "O") {
    const objects = readObjects?.(bytes.subarray(start + length), name);
    if (objects instanceof NumpyArray) return objects;
    return fail("pickled Python objects, not numbers");
  }
  return decodeNumpy(dtype, shape, bytes.subarray(start + length), isFortran, fail);
}
