/**
 * The common parts of the inner loops in float32 and in 8 bits: the size of a tile, and the
 * source of its steps.
 *
 * @module
 */

/** Rows of a tile: with 8 columns they make 12 sums, which leave registers for 3 factors. */
export const ROWS = 6;

/**
 * Number of unrolled steps. The more steps, the fewer times sums are read and written; but
 * the instructions must fit in the processor's cache of decoded instructions.
 */
export const STEPS = 32;

/** Bytes from the sums of a row of a tile, in scratch space, to those of the next row. */
export const NEXT_ROW = 32;

/** Source of a vector of zeros. */
export const ZERO = "f32x4.splat(0)";

/** The integers in `[0, count)`. */
export const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Joins a piece of source for each number. */
export const each = (numbers: number[], piece: (i: number) => string) =>
  numbers.map(piece).join("\n");

/** Joins a piece of source for each row of a tile. */
export const eachRow = (piece: (row: number) => string) => each(upTo(ROWS), piece);

/** Number of touches of w in each panel. */
export const TOUCHES_OF_W = 4;

/**
 * Source of the touches of w in a panel. It uses the variables `aheadW`, the next address;
 * `toW`, the bytes from one touch to the next, or 0 for no touches; and `read`, which
 * collects the numbers read.
 */
export const TOUCH_W = `
    if (toW) {
      ${each(upTo(TOUCHES_OF_W), () => "read |= load<i32>(aheadW); aheadW += toW;")}
    }`;

/** Source of a sum plus a product. */
type Add = (x: string, w: string, sum: string) => string;

/**
 * Source of all steps. It uses the variables `w`, the address in the panel, which it moves
 * on; `depth`, the number of steps; and `w0` and `w1`.
 *
 * @param rows Number of rows.
 * @param vectors Prefixes of the variables of the sums, such as `s` for `s0`, `s1`, ...
 * @param add Source that adds a product to a sum.
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
