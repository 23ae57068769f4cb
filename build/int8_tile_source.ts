/**
 * Generates the inner loop of 8-bit layers, `int8_tile.ts` of the kernels. It uses the kept
 * rows of the float32 loop (`tile_source.ts`); each of their numbers holds 4 inputs in 8
 * bits.
 *
 * Where one instruction adds 4 products to each 32-bit lane (AVX-VNNI, ARM's dot product),
 * products are summed "by dots". Elsewhere this would take five instructions. There the
 * products of 16 inputs are first summed in 16 bits, "by pairs", which saves a
 * multiplication and an addition in three of four steps. The weights are quantised such that
 * no 16-bit sum overflows (`src/kernels/int8_weights.ts`), so both ways are exact.
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
  upTo,
  ZERO,
} from "./tile_steps.ts";

/** Adds four products to the 32-bit sum of each lane. */
const dot = (x: string, w: string, sum: string) =>
  `i32x4.relaxed_dot_i8x16_i7x16_add_s(${w}, ${x}, ${sum})`;

/** The products of 4 inputs as 16-bit sums of two each. */
const product = (x: string, w: string) => `i16x8.relaxed_dot_i8x16_i7x16_s(${w}, ${x})`;

/** Returns the source of `int8_tile.ts`. */
export function int8TileSource(): string {
  return `
import { keepTouches, nextW, nextX, nextY, stepW, touched } from "./ahead";
import { ${eachRow((row) => upTo(STEPS).map((p) => `x${row}_${p},`).join(" "))}
  SUMS_OF_PANEL,
} from "./tile";

/**
 * The kept rows times all panels of w, by dots. Sums are int32, 6 x 8 for each panel; the
 * sums of missing rows are meaningless.
 */
export function multiplyByDots(w: usize, sums: usize, n: i32, depth: i32, first: bool): void {
  let aheadW = nextW, read = touched;
  const toW = stepW;
  for (; n > 0; n -= 8) {
    let w0: v128, w1: v128;
    ${TOUCH_W}
    ${eachRow((row) => `let s${row} = ${ZERO}, r${row} = ${ZERO};`)}
    if (!first) {
      ${eachRow((row) => `s${row} = v128.load(sums, ${NEXT_ROW * row});`)}
      ${eachRow((row) => `r${row} = v128.load(sums, ${NEXT_ROW * row + 16});`)}
    }
    ${stepsSource(ROWS, ["s", "r"], dot)}
    ${eachRow((row) => `v128.store(sums, s${row}, ${NEXT_ROW * row});`)}
    ${eachRow((row) => `v128.store(sums, r${row}, ${NEXT_ROW * row + 16});`)}
    sums += SUMS_OF_PANEL;
  }
  keepTouches(nextX, nextY, aheadW, read);
}

/** A variable for the reason given in \`exp.ts\`. */
let ones: v128 = i16x8.splat(1);

/** The same, by pairs. */
export function multiplyByPairs(
  panel: usize, sums: usize, n: i32, depth: i32, first: bool,
): void {
  for (; n > 0; n -= 8) {
    for (let half: usize = 0; half < 32; half += 16) {
      let w = panel + half, w0: v128, w1: v128, w2: v128, w3: v128, pairs: v128;
      ${eachRow((row) => `let s${row} = ${ZERO};`)}
      if (!first) {
        ${eachRow((row) => `s${row} = v128.load(sums + half, ${NEXT_ROW * row});`)}
      }
      do {
        ${each(upTo(STEPS / 4).map((i) => 4 * i), fourStepsSource)}
      } while (false);
      ${eachRow((row) => `v128.store(sums + half, s${row}, ${NEXT_ROW * row});`)}
    }
    panel += depth << 5;
    sums += SUMS_OF_PANEL;
  }
}`;
}

/** Source of four steps from step p on: all inputs that one 16-bit sum has. */
function fourStepsSource(p: number): string {
  return `
        if (depth <= ${p}) break;
        ${each(upTo(4), (i) => `w${i} = v128.load(w, ${32 * i});`)}
        ${
    eachRow((row) => `
        pairs = ${product(`x${row}_${p}`, "w0")};
        ${
      each(
        [1, 2, 3],
        (i) => `pairs = i16x8.add(pairs, ${product(`x${row}_${p + i}`, `w${i}`)});`,
      )
    }
        s${row} = i32x4.add(s${row}, i32x4.dot_i16x8_s(pairs, ones));`)
  }
        w += 128;`;
}
