/**
 * What the inner loops of the kernels in float32 and in 8 bits have in common: a tile's
 * size, and its steps.
 *
 * @module
 */

/** Rows of a tile: with 8 columns, 12 sums, and three registers for what they are made of. */
export const ROWS = 6;

/**
 * Steps in a row. More share what is paid for at each end, reading and writing the sums,
 * but the instructions must stay in the processor's cache of decoded ones.
 */
export const STEPS = 32;

/** Bytes from the sums of a row of a tile, in scratch space, to those of the next. */
export const NEXT_ROW = 32;

export const ZERO = "f32x4.splat(0)";

/** The numbers from 0 to below `count`. */
export const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A piece of code for each of some numbers. */
export const each = (numbers: number[], piece: (i: number) => string) =>
  numbers.map(piece).join("\n");

/** The same for the rows of a tile, from 0. */
export const eachRow = (piece: (row: number) => string) => each(upTo(ROWS), piece);

/** Touches of w with each panel. */
export const TOUCHES_OF_W = 4;

/**
 * The next touches of w, if there are any, in code where `aheadW` is where and `toW` how
 * far apart they are, and `read` what was read.
 */
export const TOUCH_W = `
    if (toW) {
      ${each(upTo(TOUCHES_OF_W), () => "read |= load<i32>(aheadW); aheadW += toW;")}
    }`;

/** A product that is added to a sum. */
type Add = (x: string, w: string, sum: string) => string;

/**
 * All steps, for rows that each have a sum in some vectors: code where `w`, which it moves
 * on, is where the panel lies, `depth` how many steps there are, and `w0` and `w1` are
 * variables.
 */
export function stepsSource(rows: number, vectors: string[], add: Add): string {
  const step = (p: number) => `
      ${p % 4 === 0 ? `if (depth <= ${p}) break;` : ""}
      ${vectors.map((_, i) => `w${i} = v128.load(w, ${p % 2 * 32 + 16 * i});`).join(" ")}
      ${
    each(
      upTo(rows),
      (row) =>
        vectors.map((v, i) => `${v}${row} = ${add(`x${row}_${p}`, `w${i}`, v + row)};`)
          .join(" "),
    )
  }
      ${p % 2 ? "w += 64;" : ""}`;
  return `
    do {
      ${each(upTo(STEPS), step)}
    } while (false);`;
}
