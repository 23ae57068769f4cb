/**
 * Generates the inner loop of the matrix product, `tile.ts` of the kernels, which is never
 * stored. To see it:
 *
 * ```sh
 * deno eval 'console.log((await import("./build/tile_source.ts")).tileSource())'
 * ```
 *
 * It is generated because it has no loops. A tile of 6 rows times 8 columns keeps its 12
 * vectors of sums in registers, and the numbers of its 6 rows in variables of the module,
 * each spread over a vector. Reading a variable takes one instruction; a load from memory
 * takes one or two more, as engines check its bounds (Deno always does). But the compiler
 * must know which variable is read. So there are 6 x 32 variables, and 32 unrolled steps of 8
 * loads and 12 multiply-adds each.
 *
 * @module
 */

import {
  each,
  eachRow,
  NEXT_ROW,
  ROWS,
  STEPS,
  stepsSource,
  TOUCH_W,
  TOUCHES_OF_W,
  upTo,
  ZERO,
} from "./tile_steps.ts";

/** Spreads lane `lane` of v over a vector. */
const spread = (lane: number) => `v128.shuffle<f32>(v, v${`, ${lane}`.repeat(4)})`;

/** Returns the source of `tile.ts`. */
export function tileSource(): string {
  return `
import {
  keepTouches, nextW, nextX, nextY, stepW, stepX, stepY, touched,
} from "./ahead";
import { madd } from "./madd";
import { loadPart, storePart } from "./part";

export const ROWS: i32 = ${ROWS};
export const STEPS: i32 = ${STEPS};
export const TOUCHES_OF_W: i32 = ${TOUCHES_OF_W};

/** Bytes of the sums of a tile with a panel. */
export const SUMS_OF_PANEL: usize = ${NEXT_ROW * ROWS};

/** Start of the sums: the bias [n], or 0 if its address is 0; the numbers in y; earlier sums. */
export const FROM_BIAS: i32 = 0, FROM_Y: i32 = 1, FROM_SUMS: i32 = 2;

let bias: usize = 0;
let begin: i32 = FROM_BIAS;
let isLast: bool = false;
let isRelu: bool = false;

/**
 * Sets how the sums of the next tiles begin and end. If these are the last tiles, sums go to
 * y, with relu those below zero as zero; otherwise they go to scratch space.
 */
export function beginAndEnd(from: i32, biasAt: usize, last: bool, relu: bool): void {
  begin = from;
  bias = biasAt;
  isLast = last;
  isRelu = relu;
}

${eachRow((row) => each(upTo(STEPS), (p) => `export let x${row}_${p}: v128 = ${ZERO};`))}
${eachRow(keepRowSource)}
/** Keeps \`depth\` numbers of each row; rows are \`stride\` bytes apart. */
export function keepRows(x: usize, stride: usize, rows: i32, depth: i32): void {
  ${
    eachRow((row) =>
      `keepRow${row}(x + ${row} * stride, depth); if (rows == ${row + 1}) return;`
    )
  }
}
${eachRow((row) => keepColumnsSource(row + 1))}
/** Keeps columns as if they were rows: \`depth\` numbers of each, \`stride\` bytes apart. */
export function keepColumns(x: usize, stride: usize, columns: i32, depth: i32): void {
  switch (columns) {
    ${
    eachRow((row) => `case ${row + 1}: return keepColumns${row + 1}(x, stride, depth);`)
  }
  }
}
${endSource()}
${eachRow((row) => multiplySource(row + 1))}
/**
 * The kept rows times panels of w, \`depth\` rows each, for n columns of y. Unfinished sums
 * wait in scratch space, 6 x 8 for each panel, which is faster to read and write than y.
 */
export function multiplyKept(
  rows: i32, w: usize, sums: usize, y: usize, n: i32, depth: i32,
): void {
  switch (rows) {
    ${
    eachRow((row) => `case ${row + 1}: return multiply${row + 1}(w, sums, y, n, depth);`)
  }
  }
}
`;
}

/** Source that keeps the numbers of a row, filled up with 0 to a multiple of 4. */
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

/** Source that keeps the numbers of `columns` columns, one number of each in every step. */
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

/** Source that reads and writes the sums of up to four columns, by variables. */
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
 * Source that multiplies `rows` kept rows with all panels. Columns that do not fill a panel
 * are multiplied four at a time. Its 6 sums do not hide the latency of additions, but for up
 * to 4 columns 12 sums would take longer; for 5 to 7 columns this way takes a little longer.
 */
function multiplySource(rows: number): string {
  const forRows = (piece: (row: number) => string) => each(upTo(rows), piece);
  return `
function multiply${rows}(w: usize, sums: usize, y: usize, n: i32, depth: i32): void {
  const next = <usize> n << 2, from = begin, last = isLast, relu = isRelu;
  const zero = ${ZERO};
  let start = bias, columns = n;
  let aheadX = nextX, aheadY = nextY, aheadW = nextW, read = touched;
  const toX = stepX, toY = stepY, toW = stepW;
  for (; columns >= 8; columns -= 8) {
    let w0: v128, w1: v128, at = y;
    read |= load<i32>(aheadX) | load<i32>(aheadY);
    aheadX += toX;
    aheadY += toY;
    ${TOUCH_W}
    ${forRows((row) => `let s${row}: v128, r${row}: v128;`)}
    if (from == FROM_SUMS) {
      ${forRows((row) => `s${row} = v128.load(sums, ${NEXT_ROW * row});`)}
      ${forRows((row) => `r${row} = v128.load(sums, ${NEXT_ROW * row + 16});`)}
    } else if (from == FROM_Y) {
      ${
    forRows((row) => `s${row} = v128.load(at); r${row} = v128.load(at, 16); at += next;`)
  }
    } else {
      const left = start ? v128.load(start) : zero;
      const right = start ? v128.load(start, 16) : zero;
      if (start) start += 32;
      ${forRows((row) => `s${row} = left; r${row} = right;`)}
    }
    ${stepsSource(rows, ["s", "r"], madd)}
    if (last) {
      if (relu) {
        ${forRows((row) => `s${row} = f32x4.pmax(s${row}, zero);`)}
        ${forRows((row) => `r${row} = f32x4.pmax(r${row}, zero);`)}
      }
      at = y;
      ${
    forRows((row) => `v128.store(at, s${row}); v128.store(at, r${row}, 16); at += next;`)
  }
    } else {
      ${forRows((row) => `v128.store(sums, s${row}, ${NEXT_ROW * row});`)}
      ${forRows((row) => `v128.store(sums, r${row}, ${NEXT_ROW * row + 16});`)}
    }
    sums += SUMS_OF_PANEL;
    y += 32;
  }
  keepTouches(aheadX, aheadY, aheadW, read);
  for (; columns > 0; columns -= 4) {
    multiplyEnd${rows}(w, sums, y, next, depth, columns, start);
    if (start) start += 16;
    w += 16;
    sums += 16;
    y += 16;
  }
}

/** Multiplies half a panel, or those of its columns that exist. */
function multiplyEnd${rows}(
  w: usize, sums: usize, y: usize, next: usize, depth: i32, columns: i32, start: usize,
): void {
  const zero = ${ZERO};
  if (begin == FROM_SUMS) {
    ${forRows((row) => `end${row} = v128.load(sums, ${NEXT_ROW * row});`)}
  } else if (begin == FROM_Y) {
    loadEnds(y, next, columns, ${rows});
  } else {
    const left = start ? loadPart(start, columns) : zero;
    ${forRows((row) => `end${row} = left;`)}
  }
  let w0: v128;
  ${forRows((row) => `let s${row} = end${row};`)}
  ${stepsSource(rows, ["s"], madd)}
  if (isLast) {
    ${forRows((row) => `end${row} = isRelu ? f32x4.pmax(s${row}, zero) : s${row};`)}
    storeEnds(y, next, columns, ${rows});
  } else {
    ${forRows((row) => `v128.store(sums, s${row}, ${NEXT_ROW * row});`)}
  }
}`;
}

const madd = (x: string, w: string, sum: string) => `madd(${x}, ${w}, ${sum})`;
