/** Log-probabilities, likeliest labels and cross-entropy of row-wise softmax. */

import { exp, log } from "./exp";
import { madd } from "./madd";
import { loadPart, storePart } from "./part";
import { sumOfLanes } from "./row";

/** Sets the lanes from `count` on to 0. */
// @ts-ignore: decorator
@inline
function cut(x: v128, count: i32): v128 {
  if (count >= 4) return x;
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** The greatest number of a row; NaN if any number is NaN. */
function greatestOf(row: usize, width: i32): f32 {
  let greatest = f32x4.splat(-Infinity);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    greatest = f32x4.max(greatest, v128.load(row + (<usize> c << 2)));
  }
  let most = max<f32>(
    max<f32>(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
    max<f32>(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)),
  );
  for (; c < width; c++) most = max<f32>(most, load<f32>(row + (<usize> c << 2)));
  return most;
}

/** Index of the first occurrence of a number in a row; 0 if the row does not have it. */
function firstOf(row: usize, width: i32, value: f32): i32 {
  const wanted = f32x4.splat(value);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    const found = i32x4.bitmask(f32x4.eq(v128.load(row + (<usize> c << 2)), wanted));
    if (found) return c + ctz(found);
  }
  for (; c < width; c++) {
    if (load<f32>(row + (<usize> c << 2)) == value) return c;
  }
  return 0;
}

/** out = e^(row - greatest); returns the sum. */
function expRow(row: usize, greatest: f32, out: usize, width: i32): f32 {
  const above = f32x4.splat(greatest);
  let sums = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const at = <usize> c << 2, count = width - c;
    const e = cut(exp(f32x4.sub(loadPart(row + at, count), above)), count);
    sums = f32x4.add(sums, e);
    storePart(out + at, e, count);
  }
  return sumOfLanes(sums);
}

/**
 * For each row of x `[rows, width]`: logs = log(softmax + epsilon); the index of the
 * greatest of the first `choices` columns, the first of equals; and its probability.
 */
export function logProbabilities(
  x: usize,
  logs: usize,
  labels: usize,
  greatest: usize,
  rows: i32,
  width: i32,
  choices: i32,
  epsilon: f32,
): void {
  const next = <usize> width << 2;
  for (let r = 0; r < rows; r++) {
    const total = expRow(x, greatestOf(x, width), logs, width);
    const best = greatestOf(logs, choices);
    store<i32>(labels, firstOf(logs, choices, best));
    store<f32>(greatest, best / total);
    const totals = f32x4.splat(total), least = f32x4.splat(epsilon);
    for (let c = 0; c < width; c += 4) {
      const at = logs + (<usize> c << 2), count = width - c;
      const p = f32x4.div(loadPart(at, count), totals);
      storePart(at, log(f32x4.add(p, least)), count);
    }
    x += next;
    logs += next;
    labels += 4;
    greatest += 4;
  }
}

/** The gradient by x, given the gradients of the logs and of the greatest probability. */
export function logProbabilitiesGradient(
  logs: usize,
  labels: usize,
  dLogs: usize,
  dGreatest: usize,
  dx: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const next = <usize> width << 2;
  const least = f32x4.splat(epsilon), zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const label = load<i32>(labels), dBest = load<f32>(dGreatest);
    let sums = f32x4.splat(0);
    for (let c = 0; c < width; c += 4) {
      const at = <usize> c << 2, count = width - c;
      const more = exp(loadPart(logs + at, count)); // p + epsilon
      const p = f32x4.max(f32x4.sub(more, least), zero);
      const dp = f32x4.mul(loadPart(dLogs + at, count), f32x4.div(p, more));
      sums = f32x4.add(sums, cut(dp, count));
      storePart(dx + at, dp, count);
    }
    const at = <usize> label << 2;
    const chosen: f32 = max<f32>(
      f32x4.extract_lane(exp(f32x4.splat(load<f32>(logs + at))), 0) - epsilon,
      0,
    );
    store<f32>(dx + at, load<f32>(dx + at) + chosen * dBest);
    const total = f32x4.splat(-sumOfLanes(sums) - chosen * dBest);
    for (let c = 0; c < width; c += 4) {
      const at = <usize> c << 2, count = width - c;
      const more = exp(loadPart(logs + at, count));
      const p = f32x4.max(f32x4.sub(more, least), zero);
      storePart(dx + at, madd(p, total, loadPart(dx + at, count)), count);
    }
    logs += next;
    dLogs += next;
    dx += next;
    labels += 4;
    dGreatest += 4;
  }
}

/**
 * The cross-entropy of each row with its target distribution times the row's weight,
 * summed; dx is its gradient by x.
 */
export function crossEntropy(
  x: usize,
  targets: usize,
  weights: usize,
  dx: usize,
  out: usize,
  rows: i32,
  width: i32,
): void {
  const next = <usize> width << 2;
  let loss: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const weight = load<f32>(weights + (<usize> r << 2));
    const greatest = greatestOf(x, width);
    const total = expRow(x, greatest, dx, width);
    const logTotal = f32x4.extract_lane(log(f32x4.splat(total)), 0) + greatest;
    let share: f32 = 0, sum: f32 = 0;
    for (let c = 0; c < width; c++) {
      const at = <usize> c << 2;
      const target = load<f32>(targets + at);
      share += target;
      if (target != 0) sum += target * (logTotal - load<f32>(x + at));
    }
    loss += <f64> (weight * sum);
    const scale = f32x4.splat(weight * share / total), minus = f32x4.splat(-weight);
    for (let c = 0; c < width; c += 4) {
      const at = <usize> c << 2, count = width - c;
      const p = f32x4.mul(loadPart(dx + at, count), scale);
      storePart(dx + at, madd(minus, loadPart(targets + at, count), p), count);
    }
    x += next;
    targets += next;
    dx += next;
  }
  store<f32>(out, <f32> loss);
}
