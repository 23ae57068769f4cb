/**
 * MATLAB's version 5 files, for reading only: numeric and character arrays and cells of
 * them, little-endian, compressed or not. SciPy's `savemat` and MATLAB's `save` (without
 * `-v7.3`) write them.
 *
 * Source: "MAT-File Format", The MathWorks, chapter 1.
 *
 * @module
 */

/** An array of MATLAB. */
export interface MatArray {
  /** Length of each axis. */
  shape: number[];
  /** The numbers, column by column as in the file; empty for cells and text. */
  values: Float64Array;
  /** The cells of a cell array, column by column. */
  cells: MatArray[];
  /** The text of a character array, if it is one. */
  text?: string;
}

type ReadNumber = (view: DataView, at: number) => number;

/** Size and reader of each numeric type. */
const NUMBERS: Readonly<Record<number, [size: number, read: ReadNumber]>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getUint32(at, true)],
  7: [4, (view, at) => view.getFloat32(at, true)],
  9: [8, (view, at) => view.getFloat64(at, true)],
  12: [8, (view, at) => Number(view.getBigInt64(at, true))],
  13: [8, (view, at) => Number(view.getBigUint64(at, true))],
};
const MATRIX = 14, COMPRESSED = 15, UTF8 = 16, UTF16 = 17;
const CELLS = 1, STRUCT = 2, OBJECT = 3, CHARACTERS = 4, SPARSE = 5;
const HEADER = 128;
/** Cells in cells deeper than this are refused. */
const DEEPEST = 32;

/** Whether a file begins as MATLAB's version 5 files do. */
export function isMat5(head: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(head.subarray(0, 10)) === "MATLAB 5.0";
}

/**
 * Reads the variables of a file.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @returns The numeric, character and cell arrays by name; other variables are left out.
 * @throws {SyntaxError} If the file is damaged, or big-endian.
 */
export async function readMat5(
  bytes: Uint8Array,
  name: string,
): Promise<Map<string, MatArray>> {
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${name}": the file has ${problem}`);
  };
  if (!isMat5(bytes) || bytes.length < HEADER) fail("no header of MATLAB 5");
  if (bytes[126] !== "I".charCodeAt(0) || bytes[127] !== "M".charCodeAt(0)) {
    fail("big-endian numbers, or another version");
  }
  const variables = new Map<string, MatArray>();
  for (const [type, data] of elements(bytes.subarray(HEADER), fail)) {
    const isPacked = type === COMPRESSED;
    const unpacked = isPacked ? await inflate(data, fail) : undefined;
    const inner = unpacked ? elements(unpacked, fail) : [[type, data] as const];
    for (const [kind, content] of inner) {
      if (kind !== MATRIX) continue;
      const found = parseMatrix(content, fail, 0);
      if (found) variables.set(...found);
    }
  }
  return variables;
}

/** One row of a matrix. */
export function rowOf(
  { shape: [height, width], values }: MatArray,
  row: number,
): number[] {
  return Array.from({ length: width }, (_, column) => values[column * height + row]);
}

/** The data elements of a stretch of bytes: type and contents. */
function* elements(
  bytes: Uint8Array,
  fail: (problem: string) => never,
): Generator<[type: number, data: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const first = view.getUint32(at, true);
    // In a small element, size and type share a word.
    const isSmall = first >>> 16 !== 0;
    const type = isSmall ? first & 0xffff : first;
    const size = isSmall ? first >>> 16 : view.getUint32(at + 4, true);
    const start = at + (isSmall ? 4 : 8);
    if (start + size > bytes.length) {
      fail(`an element of ${size} bytes where ${bytes.length - start} are left`);
    }
    yield [type, bytes.subarray(start, start + size)];
    at = isSmall
      ? at + 8
      : start + (type === COMPRESSED ? size : Math.ceil(size / 8) * 8);
  }
}

async function inflate(data: Uint8Array, fail: (problem: string) => never) {
  const stream = new Blob([data as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    return fail(`damaged compressed data (${(error as Error).message})`);
  }
}

function parseMatrix(
  bytes: Uint8Array,
  fail: (problem: string) => never,
  depth: number,
): [name: string, array: MatArray] | undefined {
  const empty = { shape: [0, 0], values: new Float64Array(), cells: [] };
  if (bytes.length === 0) return ["", empty];
  if (depth > DEEPEST) fail(`cells nested deeper than ${DEEPEST}`);
  const [flags, dimensions, label, ...rest] = elements(bytes, fail);
  if (!flags || !dimensions || !label) return fail("an array without its parts");
  const kind = flags[1][0];
  if ([STRUCT, OBJECT, SPARSE].includes(kind) || kind > 15) return undefined;
  const shape = [...numbers(...dimensions, fail)];
  const name = new TextDecoder().decode(label[1]);
  const count = shape.reduce((product, length) => product * length, 1);
  if (kind === CELLS) {
    const cells = rest.map(([, data]) =>
      parseMatrix(data, fail, depth + 1)?.[1] ?? empty
    );
    if (cells.length !== count) fail(`${cells.length} cells in an array of [${shape}]`);
    return [name, { ...empty, shape, cells }];
  }
  const [content] = rest;
  if (kind === CHARACTERS) {
    return [name, { ...empty, shape, text: content ? textOf(...content, fail) : "" }];
  }
  const values = content ? numbers(...content, fail) : new Float64Array();
  if (values.length !== count) fail(`${values.length} numbers in an array of [${shape}]`);
  return [name, { ...empty, shape, values }];
}

function numbers(
  type: number,
  data: Uint8Array,
  fail: (problem: string) => never,
): Float64Array {
  const [size, read] = NUMBERS[type] ?? fail(`numbers of the unknown type ${type}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = Math.floor(data.length / size);
  return Float64Array.from({ length }, (_, i) => read(view, i * size));
}

/** The text of a row of characters. */
function textOf(
  type: number,
  data: Uint8Array,
  fail: (problem: string) => never,
): string {
  if (type === UTF8 || type === 1 || type === 2) return new TextDecoder().decode(data);
  const codes = numbers(type === UTF16 ? 4 : type, data, fail);
  return Array.from(codes, (code) => String.fromCharCode(code)).join("");
}
