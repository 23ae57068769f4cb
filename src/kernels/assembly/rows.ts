/** Moving, summing and pooling rows; which rows form a group is told by `order` and `starts`. */

import { exp } from "./exp";
import { madd, maddScalar } from "./madd";
import { loadPart, storePart } from "./part";

// @ts-ignore: decorator
@inline
function i32At(list: usize, i: i32): i32 {
  return load<i32>(list + (<usize> i << 2));
}

// @ts-ignore: decorator
@inline
function rowAt(x: usize, row: i32, width: i32): usize {
  return x + ((<usize> row * <usize> width) << 2);
}

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

/** out `[rows, width]`: `scale[r]` times row `index[r]` of the table. */
export function gatherScaled(
  table: usize,
  index: usize,
  scale: usize,
  out: usize,
  rows: i32,
  width: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const by = v128.load32_splat(scale + (<usize> r << 2));
    const from = rowAt(table, i32At(index, r), width), to = rowAt(out, r, width);
    for (let at: usize = 0, rest = width; rest > 0; at += 16, rest -= 4) {
      storePart(to + at, f32x4.mul(by, loadPart(from + at, rest)), rest);
    }
  }
}

/** to += from, `width` numbers. */
// @ts-ignore: decorator
@inline
function addRow(from: usize, to: usize, width: i32): void {
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  for (; c < width; c++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}

/** to += scale * from, `width` numbers. */
// @ts-ignore: decorator
@inline
function addScaledRow(scale: f32, from: usize, to: usize, width: i32): void {
  const scales = f32x4.splat(scale);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    v128.store(to, madd(scales, v128.load(from), v128.load(to)));
    from += 16;
    to += 16;
  }
  for (; c < width; c++) {
    store<f32>(to, maddScalar(scale, load<f32>(from), load<f32>(to)));
    from += 4;
    to += 4;
  }
}

/** out `[groups, width]`: the sum of the rows of each group, in the order given. */
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

/** out `[groups, width]`: at `index[r]` the sum of `scale[r]` times row r. */
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

// @ts-ignore: decorator
@inline
function inner(a: usize, b: usize, width: i32): f32 {
  let sums = f32x4.splat(0);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    sums = madd(v128.load(a), v128.load(b), sums);
    a += 16;
    b += 16;
  }
  let total = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) +
    f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
  for (; c < width; c++) {
    total = maddScalar(load<f32>(a), load<f32>(b), total);
    a += 4;
    b += 4;
  }
  return total;
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

/** Bytes that `poolColumns` needs as scratch space. */
export function poolColumnsBytes(width: i32): i32 {
  return 2 * 4 * ((width + 3) & ~3);
}

/**
 * Softmax over the rows of each group, column by column, and the sum of the rows of
 * values weighted so: weights `[K, width]` unless their address is 0, out
 * `[groups, width]`. Rows are read one after another, as they lie in memory.
 */
export function poolColumns(
  values: usize,
  scores: usize,
  order: usize,
  starts: usize,
  weights: usize,
  out: usize,
  groups: i32,
  width: i32,
  scratch: usize,
): void {
  const padded = (<usize> width + 3 & ~3) << 2;
  const greatest = scratch, totals = scratch + padded;
  memory.fill(out, 0, (<usize> groups * <usize> width) << 2);
  for (let g = 0; g < groups; g++) {
    const first = i32At(starts, g), end = i32At(starts, g + 1);
    const to = rowAt(out, g, width);
    for (let at: usize = 0; at < padded; at += 16) {
      v128.store(greatest + at, f32x4.splat(-Infinity));
      v128.store(totals + at, f32x4.splat(0));
    }
    for (let k = first; k < end; k++) {
      raiseToRow(greatest, rowAt(scores, i32At(order, k), width), width);
    }
    for (let k = first; k < end; k++) {
      const row = i32At(order, k);
      const weightsOfRow = weights ? rowAt(weights, row, width) : 0;
      const score = rowAt(scores, row, width), value = rowAt(values, row, width);
      addWeightedRow(score, value, greatest, totals, weightsOfRow, to, width);
    }
    for (let k = first; weights && k < end; k++) {
      divideRow(rowAt(weights, i32At(order, k), width), totals, width);
    }
    if (first < end) divideRow(to, totals, width);
  }
}

/** greatest = the greater of it and the row. */
function raiseToRow(greatest: usize, row: usize, width: i32): void {
  for (let rest = width; rest > 0; rest -= 4) {
    v128.store(greatest, f32x4.pmax(v128.load(greatest), loadPart(row, rest)));
    greatest += 16;
    row += 16;
  }
}

/** Adds weight = e^(score - greatest) to totals and weight times value to sums. */
function addWeightedRow(
  score: usize,
  value: usize,
  greatest: usize,
  totals: usize,
  weights: usize,
  sums: usize,
  width: i32,
): void {
  for (let at: usize = 0, rest = width; rest > 0; at += 16, rest -= 4) {
    const weight = exp(f32x4.sub(loadPart(score + at, rest), v128.load(greatest + at)));
    v128.store(totals + at, f32x4.add(v128.load(totals + at), weight));
    const sum = madd(weight, loadPart(value + at, rest), loadPart(sums + at, rest));
    storePart(sums + at, sum, rest);
    if (weights) storePart(weights + at, weight, rest);
  }
}

/** row *= 1 / totals. */
function divideRow(row: usize, totals: usize, width: i32): void {
  const one = f32x4.splat(1);
  for (let rest = width; rest > 0; rest -= 4) {
    const inverse = f32x4.div(one, v128.load(totals));
    storePart(row, f32x4.mul(loadPart(row, rest), inverse), rest);
    row += 16;
    totals += 16;
  }
}

/** The same with one score a row: weights `[K]`. */
export function poolRows(
  values: usize,
  scores: usize,
  order: usize,
  starts: usize,
  weights: usize,
  out: usize,
  groups: i32,
  width: i32,
): void {
  memory.fill(out, 0, (<usize> groups * <usize> width) << 2);
  for (let g = 0; g < groups; g++) {
    const first = i32At(starts, g), end = i32At(starts, g + 1);
    let greatest: f32 = -Infinity;
    for (let k = first; k < end; k++) {
      greatest = max(greatest, load<f32>(rowAt(scores, i32At(order, k), 1)));
    }
    let total: f32 = 0;
    for (let k = first; k < end; k++) {
      const offset = rowAt(0, i32At(order, k), 1);
      const score = f32x4.splat(load<f32>(scores + offset) - greatest);
      const weight = f32x4.extract_lane(exp(score), 0);
      total += weight;
      store<f32>(weights + offset, weight);
    }
    const to = rowAt(out, g, width);
    for (let k = first; k < end; k++) {
      const row = i32At(order, k);
      const at = rowAt(weights, row, 1);
      const weight = load<f32>(at) / total;
      store<f32>(at, weight);
      addScaledRow(weight, rowAt(values, row, width), to, width);
    }
  }
}

/**
 * Gradients of the pools for values and scores, given the weights, the results and their
 * gradient dy `[groups, width]`; `group` is the group of each row.
 */
export function poolColumnsGradient(
  values: usize,
  weights: usize,
  group: usize,
  out: usize,
  dy: usize,
  dValues: usize,
  dScores: usize,
  rows: i32,
  width: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const g = rowAt(0, i32At(group, r), width);
    const offset = rowAt(0, r, width);
    for (let c = 0; c < width; c += 4) {
      const count = width - c;
      const at = offset + (<usize> c << 2), from = g + (<usize> c << 2);
      const dv = f32x4.mul(loadPart(weights + at, count), loadPart(dy + from, count));
      storePart(dValues + at, dv, count);
      const above = f32x4.sub(loadPart(values + at, count), loadPart(out + from, count));
      storePart(dScores + at, f32x4.mul(dv, above), count);
    }
  }
}

/** The same for weights and scores of one number a row. */
export function poolRowsGradient(
  values: usize,
  weights: usize,
  group: usize,
  out: usize,
  dy: usize,
  dValues: usize,
  dScores: usize,
  rows: i32,
  width: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const g = i32At(group, r);
    const value = rowAt(values, r, width), from = rowAt(dy, g, width);
    const weight = load<f32>(rowAt(weights, r, 1));
    const above = inner(value, from, width) - inner(rowAt(out, g, width), from, width);
    store<f32>(rowAt(dScores, r, 1), weight * above);
    const to = rowAt(dValues, r, width);
    memory.fill(to, 0, <usize> width << 2);
    addScaledRow(weight, from, to, width);
  }
}
