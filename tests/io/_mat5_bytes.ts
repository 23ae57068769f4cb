/**
 * Writes MATLAB's version 5 files, as little of them as tests need.
 *
 * @module
 */

import { deflateSync } from "node:zlib";

/** A value of MATLAB: text, rows of numbers, or a cell array of one row. */
export type MatValue = string | number[][] | { cells: MatValue[] };

const bytesOf = (...parts: Uint8Array[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A data element, filled up to a whole number of 8 bytes. */
function element(type: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(Uint32Array.of(type, data.length).buffer);
  return bytesOf(head, data, new Uint8Array((8 - data.length % 8) % 8));
}

const int32 = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

function matrix(name: string, value: MatValue): Uint8Array {
  const text = new TextEncoder().encode(name);
  const write = (kind: number, shape: number[], ...content: Uint8Array[]) =>
    element(
      14,
      bytesOf(
        element(6, int32(kind, 0)),
        element(5, int32(...shape)),
        element(1, text),
        ...content,
      ),
    );
  if (typeof value === "string") {
    const codes = Uint16Array.from(value, (letter) => letter.charCodeAt(0));
    return write(4, [1, value.length], element(4, new Uint8Array(codes.buffer)));
  }
  if (Array.isArray(value)) {
    const [height, width] = [value.length, value[0]?.length ?? 0];
    // Column by column.
    const numbers = Float64Array.from(
      { length: height * width },
      (_, i) => value[i % height][Math.floor(i / height)],
    );
    return write(6, [height, width], element(9, new Uint8Array(numbers.buffer)));
  }
  return write(
    1,
    [1, value.cells.length],
    ...value.cells.map((cell) => matrix("", cell)),
  );
}

/** The bytes of a file of variables, each compressed or not. */
export function mat5Bytes(
  variables: Record<string, MatValue>,
  isCompressed = true,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(128).fill(32);
  header.set(new TextEncoder().encode("MATLAB 5.0 MAT-file, written by a test"));
  header.set([0, 1, 73, 77], 124);
  const parts = Object.entries(variables).map(([name, value]) => {
    const plain = matrix(name, value);
    if (!isCompressed) return plain;
    const packed = new Uint8Array(deflateSync(plain));
    return bytesOf(int32(15, packed.length), packed);
  });
  return bytesOf(header, ...parts) as Uint8Array<ArrayBuffer>;
}
