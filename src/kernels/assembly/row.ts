/**
 * Addresses of rows and numbers, and sums of rows. Loops take four vectors per iteration:
 * engines check for interruption in each iteration, which takes as long as adding a vector.
 */

import { madd, maddScalar } from "./madd";

// @ts-ignore: decorator
@inline
export function i32At(list: usize, i: i32): i32 {
  return load<i32>(list + (<usize> i << 2));
}

// @ts-ignore: decorator
@inline
export function rowAt(x: usize, row: i32, width: i32): usize {
  return x + ((<usize> row * <usize> width) << 2);
}

/** Address of a number of a matrix with `width` columns. */
// @ts-ignore: decorator
@inline
export function numberAt(x: usize, row: i32, width: i32, column: i32): usize {
  return rowAt(x, row, width) + (<usize> column << 2);
}

// @ts-ignore: decorator
@inline
export function sumOfLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) +
    f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3);
}

/** to += from, `width` numbers. */
export function addRow(from: usize, to: usize, width: i32): void {
  let rest = width;
  for (; rest >= 16; rest -= 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), v128.load(from, 32)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), v128.load(from, 48)), 48);
    from += 64;
    to += 64;
  }
  for (; rest > 0; rest--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}

/** to += scale * from, `width` numbers. */
export function addScaledRow(scale: f32, from: usize, to: usize, width: i32): void {
  const by = f32x4.splat(scale);
  let rest = width;
  for (; rest >= 16; rest -= 16) {
    v128.store(to, madd(by, v128.load(from), v128.load(to)));
    v128.store(to, madd(by, v128.load(from, 16), v128.load(to, 16)), 16);
    v128.store(to, madd(by, v128.load(from, 32), v128.load(to, 32)), 32);
    v128.store(to, madd(by, v128.load(from, 48), v128.load(to, 48)), 48);
    from += 64;
    to += 64;
  }
  for (; rest > 0; rest--) {
    store<f32>(to, maddScalar(scale, load<f32>(from), load<f32>(to)));
    from += 4;
    to += 4;
  }
}

/** The inner product of two rows. */
// @ts-ignore: decorator
@inline
export function inner(a: usize, b: usize, width: i32): f32 {
  let sums = f32x4.splat(0);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    sums = madd(v128.load(a), v128.load(b), sums);
    a += 16;
    b += 16;
  }
  let total = sumOfLanes(sums);
  for (; c < width; c++) {
    total = maddScalar(load<f32>(a), load<f32>(b), total);
    a += 4;
    b += 4;
  }
  return total;
}
