/**
 * Reads the subset of MATLAB's version 5 format that `vrd/lu2016` uses: compressed numeric
 * arrays and cells of them, little-endian.
 *
 * Source: "MAT-File Format", The MathWorks, chapter 1.
 *
 * @module
 */

import { inflateSync } from "node:zlib";

/** A matrix, column by column as in the file, or a cell array of matrices. */
export interface Matrix {
  shape: number[];
  /** Empty for a cell array. */
  values: Float64Array;
  cells: Matrix[];
}

const NUMBERS: Record<number, [size: number, read: (v: DataView, at: number) => number]> =
  {
    1: [1, (v, at) => v.getInt8(at)],
    2: [1, (v, at) => v.getUint8(at)],
    3: [2, (v, at) => v.getInt16(at, true)],
    4: [2, (v, at) => v.getUint16(at, true)],
    5: [4, (v, at) => v.getInt32(at, true)],
    6: [4, (v, at) => v.getUint32(at, true)],
    7: [4, (v, at) => v.getFloat32(at, true)],
    9: [8, (v, at) => v.getFloat64(at, true)],
  };
const MATRIX = 14, COMPRESSED = 15, CELL_CLASS = 1;

/** The data elements of a stretch of bytes: type and contents. */
function* elements(bytes: Uint8Array): Generator<[type: number, data: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const first = view.getUint32(at, true);
    if (first >>> 16 !== 0) { // a small element: size and type share a word
      yield [first & 0xffff, bytes.subarray(at + 4, at + 4 + (first >>> 16))];
      at += 8;
    } else {
      const size = view.getUint32(at + 4, true);
      yield [first, bytes.subarray(at + 8, at + 8 + size)];
      at += 8 + (first === COMPRESSED ? size : Math.ceil(size / 8) * 8);
    }
  }
}

function numbers(type: number, data: Uint8Array): Float64Array {
  const [size, read] = NUMBERS[type];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float64Array.from(
    { length: data.length / size },
    (_, i) => read(view, i * size),
  );
}

function matrix(bytes: Uint8Array): [name: string, Matrix] {
  const [flags, shape, name, ...rest] = elements(bytes);
  const isCell = flags?.[1][0] === CELL_CLASS;
  return [new TextDecoder().decode(name?.[1]), {
    shape: shape ? [...numbers(...shape)] : [0, 0],
    values: isCell || !rest[0] ? new Float64Array(0) : numbers(...rest[0]),
    cells: isCell ? rest.map(([, data]) => matrix(data)[1]) : [],
  }];
}

/** The variables of a file by name. */
export function readMat5(path: string): Record<string, Matrix> {
  const bytes = Deno.readFileSync(path).subarray(128);
  const variables: Record<string, Matrix> = {};
  for (const [type, data] of elements(bytes)) {
    const inner = type === COMPRESSED ? new Uint8Array(inflateSync(data)) : undefined;
    for (const [kind, content] of inner ? elements(inner) : [[type, data] as const]) {
      if (kind !== MATRIX) continue;
      const [name, value] = matrix(content);
      variables[name] = value;
    }
  }
  return variables;
}

/** One row of a matrix. */
export function row({ shape: [height, width], values }: Matrix, i: number): number[] {
  return Array.from({ length: width }, (_, j) => values[j * height + i]);
}
