/** Moves and sums rows; `order` and `starts` define the groups. */

import { addRow, addScaledRow, i32At, inner, rowAt } from "./row";

/** out = x. */
export function copy(x: usize, out: usize, bytes: usize): void {
  memory.copy(out, x, bytes);
}

/** out `[rows, width]`: row `index[r]` of x. */
export function gather(x: usize, index: usize, out: usize, rows: i32, width: i32): void {
  const bytes = <usize> width << 2;
  for (let r = 0; r < rows; r++) {
    memory.copy(out, rowAt(x, i32At(index, r), width), bytes);
    out += bytes;
  }
}

/** out `[groups, width]`: the sum of the rows of each group, in the order of `order`. */
export function sum(
  x: usize,
  order: usize,
  starts: usize,
  out: usize,
  groups: i32,
  width: i32,
): void {
  memory.fill(out, 0, (<usize> groups * <usize> width) << 2);
  for (let g = 0; g < groups; g++) {
    const end = i32At(starts, g + 1);
    for (let k = i32At(starts, g); k < end; k++) {
      addRow(rowAt(x, i32At(order, k), width), out, width);
    }
    out += <usize> width << 2;
  }
}

/** out `[width]`: the sum of all rows. */
export function sumAll(x: usize, out: usize, rows: i32, width: i32): void {
  memory.fill(out, 0, <usize> width << 2);
  for (let r = 0; r < rows; r++) addRow(rowAt(x, r, width), out, width);
}

/** out `[groups, width]`: row g is the sum of `scale[r]` times row r where `index[r]` is g. */
export function scatterScaled(
  x: usize,
  index: usize,
  scale: usize,
  out: usize,
  rows: i32,
  groups: i32,
  width: i32,
): void {
  memory.fill(out, 0, (<usize> groups * <usize> width) << 2);
  for (let r = 0; r < rows; r++) {
    const by = load<f32>(scale + (<usize> r << 2));
    addScaledRow(by, rowAt(x, r, width), rowAt(out, i32At(index, r), width), width);
  }
}

/** out `[rows]`: the inner product of row r of x and row `index[r]` of the table. */
export function innerProducts(
  x: usize,
  table: usize,
  index: usize,
  out: usize,
  rows: i32,
  width: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const total = inner(rowAt(x, r, width), rowAt(table, i32At(index, r), width), width);
    store<f32>(out + (<usize> r << 2), total);
  }
}

/** out: dy where y > 0, else 0. */
export function reluGradient(dy: usize, y: usize, out: usize, size: i32): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    v128.store(out, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
    dy += 16;
    y += 16;
    out += 16;
  }
  for (; i < size; i++) {
    store<f32>(out, load<f32>(y) > 0 ? load<f32>(dy) : 0);
    dy += 4;
    y += 4;
    out += 4;
  }
}
