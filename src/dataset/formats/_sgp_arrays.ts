/**
 * Arrays of the SGP authors' pickles as dense float32.
 *
 * @module
 */

import { CsrMatrix, NumpyArray } from "../../io/pickle/pickle.ts";

/** A dense array. */
export interface DenseArray {
  shape: readonly number[];
  /** Numbers in row-major order. */
  data: Float32Array;
}

/** Size limit for sparse matrices that are expanded, in numbers. */
const MOST_NUMBERS = 2 ** 26;

/**
 * Converts an array of numbers, dense or sparse.
 *
 * @param value The value in the pickle.
 * @param where Its place, for errors.
 * @throws {SyntaxError} If it is not an array of numbers, or a sparse one of more than
 * 2^26.
 */
export function denseOf(value: unknown, where: string): DenseArray {
  if (value instanceof NumpyArray && ArrayBuffer.isView(value.data)) {
    const isNumbers = /^(u?int|float|bool)/.test(value.dtype) && value.shape.length > 0;
    if (isNumbers) {
      const data = Float32Array.from(value.data as ArrayLike<number | bigint>, Number);
      return { shape: value.shape, data };
    }
  }
  if (value instanceof CsrMatrix) {
    const [rows, columns] = value.shape;
    if (rows * columns <= MOST_NUMBERS) {
      const data = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        for (let at = value.indptr[row]; at < value.indptr[row + 1]; at++) {
          data[row * columns + value.indices[at]] = Number(value.data[at]);
        }
      }
      return { shape: value.shape, data };
    }
  }
  throw new SyntaxError(`Cannot read ${where}: it must be an array of numbers`);
}
