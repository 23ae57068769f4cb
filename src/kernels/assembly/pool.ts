/** Pools the rows of each group by attention; `order` and `starts` define the groups. */

import { exp } from "./exp";
import { madd } from "./madd";
import { loadPart, storePart } from "./part";
import { addScaledRow, i32At, inner, rowAt } from "./row";

/** Bytes of scratch space that `poolColumns` needs. */
export function poolColumnsBytes(width: i32): i32 {
  return 2 * 4 * ((width + 3) & ~3);
}

/**
 * The softmax of the scores over the rows of each group, column by column, and the sums of
 * the values weighted by it: weights `[K, width]` unless their address is 0, out
 * `[groups, width]`. Loops run along rows, as these lie in memory.
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
  const padded = <usize> ((width + 3) & ~3) << 2;
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
    if (first == end) continue;
    for (let at: usize = 0; at < padded; at += 16) {
      v128.store(totals + at, f32x4.div(f32x4.splat(1), v128.load(totals + at)));
    }
    for (let k = first; weights && k < end; k++) {
      multiplyRow(rowAt(weights, i32At(order, k), width), totals, width);
    }
    multiplyRow(to, totals, width);
  }
}

/** greatest = max(greatest, row). */
function raiseToRow(greatest: usize, row: usize, width: i32): void {
  let rest = width;
  for (; rest >= 16; rest -= 16) {
    v128.store(greatest, f32x4.pmax(v128.load(greatest), v128.load(row)));
    v128.store(greatest, f32x4.pmax(v128.load(greatest, 16), v128.load(row, 16)), 16);
    v128.store(greatest, f32x4.pmax(v128.load(greatest, 32), v128.load(row, 32)), 32);
    v128.store(greatest, f32x4.pmax(v128.load(greatest, 48), v128.load(row, 48)), 48);
    greatest += 64;
    row += 64;
  }
  for (; rest > 0; rest -= 4) {
    v128.store(greatest, f32x4.pmax(v128.load(greatest), loadPart(row, rest)));
    greatest += 16;
    row += 16;
  }
}

/** With weight = e^(score - greatest), adds weight to totals and weight * value to sums. */
function addWeightedRow(
  score: usize,
  value: usize,
  greatest: usize,
  totals: usize,
  weights: usize,
  sums: usize,
  width: i32,
): void {
  let at: usize = 0, rest = width;
  for (; rest >= 8; at += 32, rest -= 8) {
    const w0 = exp(f32x4.sub(v128.load(score + at), v128.load(greatest + at)));
    const w1 = exp(f32x4.sub(v128.load(score + at, 16), v128.load(greatest + at, 16)));
    v128.store(totals + at, f32x4.add(v128.load(totals + at), w0));
    v128.store(totals + at, f32x4.add(v128.load(totals + at, 16), w1), 16);
    const s0 = madd(w0, v128.load(value + at), v128.load(sums + at));
    const s1 = madd(w1, v128.load(value + at, 16), v128.load(sums + at, 16));
    v128.store(sums + at, s0);
    v128.store(sums + at, s1, 16);
    if (weights) {
      v128.store(weights + at, w0);
      v128.store(weights + at, w1, 16);
    }
  }
  for (; rest > 0; at += 16, rest -= 4) {
    const weight = exp(f32x4.sub(loadPart(score + at, rest), v128.load(greatest + at)));
    v128.store(totals + at, f32x4.add(v128.load(totals + at), weight));
    const sum = madd(weight, loadPart(value + at, rest), loadPart(sums + at, rest));
    storePart(sums + at, sum, rest);
    if (weights) storePart(weights + at, weight, rest);
  }
}

/** row *= by, element by element. */
function multiplyRow(row: usize, by: usize, width: i32): void {
  for (let rest = width; rest > 0; rest -= 4) {
    storePart(row, f32x4.mul(loadPart(row, rest), v128.load(by)), rest);
    row += 16;
    by += 16;
  }
}

/** The same with one score for each row: scores and weights are `[K]`. */
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
 * The gradients of `poolColumns` by values and scores, given its weights, its result `out`
 * and the gradient dy `[groups, width]` of the result; `group` is the group of each row.
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

/** The gradients of `poolRows`, which has one weight and score for each row. */
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
