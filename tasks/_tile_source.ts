/**
 * Writes the inner loop of the matrix product, `tile.ts` of the kernels, which lies nowhere:
 *
 * ```sh
 * deno eval 'console.log((await import("./tasks/_tile_source.ts")).tileSource())'
 * ```
 *
 * It is written by a program because it must be without loops. A tile of 6 rows times 8
 * columns keeps its 12 sums in registers, and the numbers of its 6 rows in variables of the
 * module, each spread over a vector. A variable is read by one instruction, where engines
 * check the bounds of each load from memory (in Deno always) by one or two more; but which
 * one is read must be known when the kernels are compiled. So there are 6 x 32 variables,
 * and 32 steps in a row, of 8 loads and 12 multiply-adds each.
 *
 * @module
 */

import { each, eachRow, ROWS, STEPS, stepsSource, upTo, ZERO } from "./_tile_steps.ts";

/** Number `lane` of the four in v, spread over a vector. */
const spread = (lane: number) => `v128.shuffle<f32>(v, v${`, ${lane}`.repeat(4)})`;

/** The source of `tile.ts`. */
export function tileSource(): string {
  return `
import { madd } from "./madd";
import { loadPart, storePart } from "./part";

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

${eachRow((row) => each(upTo(STEPS), (p) => `export let x${row}_${p}: v128 = ${ZERO};`))}
${eachRow(keepRowSource)}
/** Keeps \`depth\` numbers each of rows that are \`stride\` bytes apart. */
export function keepRows(x: usize, stride: usize, rows: i32, depth: i32): void {
  ${
    eachRow((row) =>
      `keepRow${row}(x + ${row} * stride, depth); if (rows == ${row + 1}) return;`
    )
  }
}
${eachRow((row) => keepColumnsSource(row + 1))}
/** Keeps columns as if they were rows, \`depth\` numbers each, \`stride\` bytes apart. */
export function keepColumns(x: usize, stride: usize, columns: i32, depth: i32): void {
  switch (columns) {
    ${
    eachRow((row) => `case ${row + 1}: return keepColumns${row + 1}(x, stride, depth);`)
  }
  }
}
${endSource()}
${eachRow((row) => multiplySource(row + 1))}
/** The kept rows times panels of w, \`depth\` rows each, for n columns of y. */
export function multiplyKept(rows: i32, w: usize, y: usize, n: i32, depth: i32): void {
  switch (rows) {
    ${eachRow((row) => `case ${row + 1}: return multiply${row + 1}(w, y, n, depth);`)}
  }
}
`;
}

/** Keeps numbers of a row; those beyond the last, up to a multiple of 4, become 0. */
function keepRowSource(row: number): string {
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
function keepColumnsSource(columns: number): string {
  const fours = columns < 4 ? 0 : 4;
  const step = (p: number) => `
  if (depth > ${p}) {
    ${fours ? "v = v128.load(x);" : ""}
    ${each(upTo(fours), (i) => `x${i}_${p} = ${spread(i)};`)}
    ${
    each(
      upTo(columns).slice(fours),
      (i) => `x${i}_${p} = v128.load32_splat(x, ${4 * i});`,
    )
  }
    x += stride;
  } else {
    ${p % 4 === 0 ? "return;" : each(upTo(columns), (i) => `x${i}_${p} = ${ZERO};`)}
  }`;
  return `
function keepColumns${columns}(x: usize, stride: usize, depth: i32): void {
  let v: v128;
  ${each(upTo(STEPS), step)}
}`;
}

/** Reading and writing the sums of four columns or fewer, by variables. */
function endSource(): string {
  return `
${eachRow((row) => `let end${row}: v128 = ${ZERO};`)}

function loadEnds(y: usize, next: usize, columns: i32, rows: i32): void {
  ${
    eachRow((row) =>
      `end${row} = loadPart(y + ${row} * next, columns); if (rows == ${row + 1}) return;`
    )
  }
}

function storeEnds(y: usize, next: usize, columns: i32, rows: i32): void {
  ${
    eachRow((row) =>
      `storePart(y + ${row} * next, end${row}, columns); if (rows == ${row + 1}) return;`
    )
  }
}`;
}

/**
 * All panels times the kept rows, of which there are `rows`. What is left of the columns is
 * multiplied four at a time: there 6 sums wait for their additions, but for up to 4 columns
 * 12 would take longer; for 5 to 7 this does, a little.
 */
function multiplySource(rows: number): string {
  const all = upTo(rows);
  return `
function multiply${rows}(w: usize, y: usize, n: i32, depth: i32): void {
  const next = <usize> n << 2, first = isFirst, relu = isRelu, zero = ${ZERO};
  let start = bias, columns = n;
  for (; columns >= 8; columns -= 8) {
    let w0: v128, w1: v128, at = y;
    let ${all.map((row) => `s${row}: v128, r${row}: v128`)};
    if (first) {
      s0 = start ? v128.load(start) : zero;
      r0 = start ? v128.load(start, 16) : zero;
      if (start) start += 32;
      ${each(all.slice(1), (row) => `s${row} = s0; r${row} = r0;`)}
    } else {
      ${
    each(
      all,
      (row) => `s${row} = v128.load(at); r${row} = v128.load(at, 16); at += next;`,
    )
  }
    }
    ${stepsSource(rows, ["s", "r"], madd)}
    if (relu) {
      ${
    each(all, (row) =>
      `s${row} = f32x4.pmax(s${row}, zero); r${row} = f32x4.pmax(r${row}, zero);`)
  }
    }
    at = y;
    ${
    each(
      all,
      (row) => `v128.store(at, s${row}); v128.store(at, r${row}, 16); at += next;`,
    )
  }
    y += 32;
  }
  for (; columns > 0; columns -= 4) {
    multiplyEnd${rows}(w, y, next, depth, columns, start);
    if (start) start += 16;
    w += 16;
    y += 16;
  }
}

/** Half a panel, or as many columns of it as there are. */
function multiplyEnd${rows}(
  w: usize, y: usize, next: usize, depth: i32, columns: i32, start: usize,
): void {
  const zero = ${ZERO};
  if (isFirst) {
    end0 = start ? loadPart(start, columns) : zero;
    ${each(all.slice(1), (row) => `end${row} = end0;`)}
  } else {
    loadEnds(y, next, columns, ${rows});
  }
  let w0: v128, ${all.map((row) => `s${row} = end${row}`)};
  ${stepsSource(rows, ["s"], madd)}
  ${each(all, (row) => `end${row} = isRelu ? f32x4.pmax(s${row}, zero) : s${row};`)}
  storeEnds(y, next, columns, ${rows});
}`;
}

const madd = (x: string, w: string, sum: string) => `madd(${x}, ${w}, ${sum})`;
