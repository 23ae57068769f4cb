/** The end of a row that does not fill a vector. */

/** Four columns of a row, or as many as there are, the rest being 0. */
// @ts-ignore: decorator
@inline
export function loadPart(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  return loadEnd(from, count);
}

function loadEnd(from: usize, count: i32): v128 {
  let part = v128.load32_zero(from);
  if (count > 1) part = f32x4.replace_lane(part, 1, load<f32>(from, 4));
  if (count > 2) part = f32x4.replace_lane(part, 2, load<f32>(from, 8));
  return part;
}

/** Stores four columns, or as many as there are. */
// @ts-ignore: decorator
@inline
export function storePart(to: usize, values: v128, count: i32): void {
  if (count >= 4) v128.store(to, values);
  else storeEnd(to, values, count);
}

function storeEnd(to: usize, values: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(values, 2), 8);
}
