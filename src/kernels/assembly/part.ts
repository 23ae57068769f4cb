/** Loads and stores the end of a row, which may not fill a vector or a panel. */

/** Loads up to four columns of a row; missing ones are 0. */
// @ts-ignore: decorator
@inline
export function loadPart(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  return loadEnd(from, count);
}

function loadEnd(from: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(from);
  const pair = v128.load64_zero(from);
  return count == 2 ? pair : v128.load32_lane(from, pair, 2, 8);
}

/** Loads the last four columns of a panel; missing ones are 0. */
// @ts-ignore: decorator
@inline
export function rightPart(from: usize, columns: i32): v128 {
  return columns > 4 ? loadPart(from + 16, columns - 4) : f32x4.splat(0);
}

/** Stores up to four columns. */
// @ts-ignore: decorator
@inline
export function storePart(to: usize, values: v128, count: i32): void {
  if (count >= 4) v128.store(to, values);
  else storeEnd(to, values, count);
}

function storeEnd(to: usize, values: v128, count: i32): void {
  if (count == 1) return v128.store32_lane(to, values, 0);
  v128.store64_lane(to, values, 0);
  if (count == 3) v128.store32_lane(to, values, 2, 8);
}
