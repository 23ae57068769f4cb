/**
 * Writes the inner loop of the matrix product, `tile.ts` of the kernels.
 *
 * It is written by a program because it must be without loops: a tile of 6 rows times 8
 * columns keeps its 12 sums in registers, and the numbers of its 6 rows in variables of the
 * module, each spread over a vector. A variable is read by one instruction, where engines
 * check the bounds of each load from memory (in Deno always) by one or two more; but which
 * one is read must be told when the kernels are compiled. So there are 6 x 32 variables,
 * and 32 steps in a row, of 12 multiply-adds and 8 loads each.
 *
 * @module
 */

/** Rows of a tile: with 8 columns, 12 sums, and three registers for what they are made of. */
const ROWS = 6;

/**
 * Steps in a row. More share what is paid for at each end, reading and writing the sums,
 * but the instructions must stay in the processor's cache of decoded ones.
 */
const STEPS = 32;

/** The numbers from 0 to below `count`. */
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

const ROWS_OF_TILE = upTo(ROWS);

/** One piece of code for each of some numbers. */
function each(numbers: number[], piece: (i: number) => string): string {
  return numbers.map(piece).join("\n");
}

/** The source of `tile.ts`. */
export function tileSource(): string {
  return `
import { madd } from "./madd";
import { loadPart, rightPart, storePart } from "./part";

export const ROWS: i32 = ${ROWS};
export const STEPS: i32 = ${STEPS};

let bias: usize = 0;
let isFirst: bool = false;
let isRelu: bool = false;

/**
 * Sets how the next tiles begin and end: the first ones start with the bias [n], or with
 * 0 where it is at 0, others with what y holds; if relu, numbers below zero become zero.
 */
export function finishWith(biasAt: usize, first: bool, relu: bool): void {
  bias = biasAt;
  isFirst = first;
  isRelu = relu;
}

${each(ROWS_OF_TILE, (row) => each(upTo(STEPS), (p) => `let x${row}_${p}: v128 = ZERO;`))}
${each(ROWS_OF_TILE, keepRow)}
/** Keeps \`depth\` numbers each of rows that are \`stride\` bytes apart. */
export function keepRows(x: usize, stride: usize, rows: i32, depth: i32): void {
  ${
    each(ROWS_OF_TILE, (row) =>
      `keepRow${row}(x, depth); if (rows == ${row + 1}) return; x += stride;`)
  }
}
${each(ROWS_OF_TILE, (row) => keepColumns(row + 1))}
/** Keeps columns as if they were rows, \`depth\` numbers each, \`stride\` bytes apart. */
export function keepColumns(x: usize, stride: usize, columns: i32, depth: i32): void {
  switch (columns) {
    ${
    each(ROWS_OF_TILE, (row) =>
      `case ${row + 1}: return keepColumns${row + 1}(x, stride, depth);`)
  }
  }
}
${tail()}
${each(ROWS_OF_TILE, (row) => multiply(row + 1))}
/** The kept rows times panels of w, \`depth\` rows each, for n columns of y. */
export function multiplyKept(rows: i32, w: usize, y: usize, n: i32, depth: i32): void {
  switch (rows) {
    ${
    each(ROWS_OF_TILE, (row) =>
      `case ${row + 1}: return multiply${row + 1}(w, y, n, depth);`)
  }
  }
}
`.replaceAll("ZERO", "f32x4.splat(0)");
}

/** Number `lane` of four, spread over a vector. */
const spread = (lane: number) => `v128.shuffle<f32>(v, v${`, ${lane}`.repeat(4)})`;

/** Keeps numbers of a row; those beyond the last, up to a multiple of 4, become 0. */
function keepRow(row: number): string {
  const spreadAll = (p: number) =>
    each(upTo(4), (i) => `x${row}_${p + i} = ${spread(i)};`);
  const quad = (p: number) => `
  if (depth < ${p + 4}) {
    if (depth <= ${p}) return;
    v = loadPart(x, depth - ${p});
    ${spreadAll(p)}
    return;
  }
  v = v128.load(x);
  ${spreadAll(p)}
  x += 16;`;
  return `
function keepRow${row}(x: usize, depth: i32): void {
  let v: v128;
  ${each(upTo(STEPS / 4).map((i) => 4 * i), quad)}
}`;
}

/** The same of columns, of which there are `columns`: a number of each in every step. */
function keepColumns(columns: number): string {
  const four = (p: number) => `
    v = v128.load(x);
    ${each(upTo(4), (i) => `x${i}_${p} = ${spread(i)};`)}`;
  const step = (p: number) => `
  if (depth > ${p}) {
    ${columns >= 4 ? four(p) : ""}
    ${
    each(upTo(columns).slice(columns >= 4 ? 4 : 0), (i) =>
      `x${i}_${p} = v128.load32_splat(x, ${4 * i});`)
  }
    x += stride;
  } else {
    ${p % 4 === 0 ? "return;" : each(upTo(columns), (i) => `x${i}_${p} = ZERO;`)}
  }`;
  return `
function keepColumns${columns}(x: usize, stride: usize, depth: i32): void {
  let v: v128;
  ${each(upTo(STEPS), step)}
}`;
}

/** Reading and writing the sums of a panel that is cut off at the right, by variables. */
function tail(): string {
  return `
${each(ROWS_OF_TILE, (row) => `let t${row}: v128 = ZERO, u${row}: v128 = ZERO;`)}

function loadTail(y: usize, next: usize, columns: i32, rows: i32): void {
  ${
    each(ROWS_OF_TILE, (row) => `
  t${row} = loadPart(y, columns);
  u${row} = rightPart(y, columns);
  if (rows == ${row + 1}) return;
  y += next;`)
  }
}

function storeTail(y: usize, next: usize, columns: i32, rows: i32): void {
  ${
    each(ROWS_OF_TILE, (row) => `
  storePart(y, t${row}, columns);
  if (columns > 4) storePart(y + 16, u${row}, columns - 4);
  if (rows == ${row + 1}) return;
  y += next;`)
  }
}`;
}

/** All panels times the kept rows, of which there are \`rows\`. */
function multiply(rows: number): string {
  const all = upTo(rows);
  const step = (p: number) => `
      ${p % 4 === 0 ? `if (depth <= ${p}) break;` : ""}
      w0 = v128.load(w, ${p % 2 * 32});
      w1 = v128.load(w, ${p % 2 * 32 + 16});
      ${
    each(all, (row) =>
      `s${row} = madd(x${row}_${p}, w0, s${row}); r${row} = madd(x${row}_${p}, w1, r${row});`)
  }
      ${p % 2 ? "w += 64;" : ""}`;
  return `
function multiply${rows}(w: usize, y: usize, n: i32, depth: i32): void {
  const next = <usize> n << 2, first = isFirst, relu = isRelu, zero = ZERO;
  let start = bias;
  for (let columns = n; columns > 0; columns -= 8) {
    let w0: v128, w1: v128;
    let ${all.map((row) => `s${row}: v128, r${row}: v128`)};
    if (first) {
      s0 = start ? loadPart(start, columns) : zero;
      r0 = start ? rightPart(start, columns) : zero;
      if (start) start += 32;
      ${each(all.slice(1), (row) => `s${row} = s0; r${row} = r0;`)}
    } else if (columns >= 8) {
      let at = y;
      ${
    each(
      all,
      (row) => `s${row} = v128.load(at); r${row} = v128.load(at, 16); at += next;`,
    )
  }
    } else {
      loadTail(y, next, columns, ${rows});
      ${each(all, (row) => `s${row} = t${row}; r${row} = u${row};`)}
    }
    do {
      ${each(upTo(STEPS), step)}
    } while (false);
    if (relu) {
      ${
    each(all, (row) =>
      `s${row} = f32x4.pmax(s${row}, zero); r${row} = f32x4.pmax(r${row}, zero);`)
  }
    }
    if (columns >= 8) {
      let at = y;
      ${
    each(
      all,
      (row) => `v128.store(at, s${row}); v128.store(at, r${row}, 16); at += next;`,
    )
  }
    } else {
      ${each(all, (row) => `t${row} = s${row}; u${row} = r${row};`)}
      storeTail(y, next, columns, ${rows});
    }
    y += 32;
  }
}`;
}
