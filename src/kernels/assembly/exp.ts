/** exp and log of four numbers at once, right to about one part in ten million. */

import { madd, nmadd } from "./madd";

/** 1.5 x 2^23: added to a number below 2^22 it leaves the nearest integer in the low bits. */
const ROUNDER: f32 = 12582912;

/**
 * e^x. Below -87.3 the least normal number, above 88.7 infinity; NaN stays NaN.
 *
 * Source: expf of the Cephes library (Moshier, public domain).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax keep a NaN that comes first.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.7)), f32x4.splat(-87.3));
  const rounder = f32x4.splat(ROUNDER);
  const shifted = madd(bounded, f32x4.splat(1.44269504088896341), rounder);
  const n = f32x4.sub(shifted, rounder);
  let r = nmadd(n, f32x4.splat(0.693359375), bounded);
  r = nmadd(n, f32x4.splat(-2.12194440e-4), r);
  let y = f32x4.splat(1.9875691500e-4);
  y = madd(y, r, f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = madd(y, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  // n is added to the exponent; neither 2^128 nor 2^-127 is needed as a number.
  y = i32x4.add(y, i32x4.shl(i32x4.sub(shifted, rounder), 23));
  y = v128.bitselect(f32x4.splat(Infinity), y, f32x4.gt(x, f32x4.splat(88.72)));
  return v128.bitselect(x, y, f32x4.ne(x, x));
}

/**
 * The natural logarithm of positive normal numbers; NaN stays NaN.
 *
 * Source: logf of the Cephes library (Moshier, public domain).
 */
export function log(x: v128): v128 {
  const one = f32x4.splat(1);
  let n = f32x4.convert_i32x4_s(
    i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)),
  );
  // x = m 2^n with m in [0.5, 1).
  let m = v128.or(
    v128.and(x, i32x4.splat(0x007fffff)),
    i32x4.splat(0x3f000000),
  );
  const isLow = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  n = f32x4.sub(n, v128.and(one, isLow));
  m = f32x4.add(f32x4.sub(m, one), v128.and(m, isLow));
  const z = f32x4.mul(m, m);
  let y = f32x4.splat(7.0376836292e-2);
  y = madd(y, m, f32x4.splat(-1.1514610310e-1));
  y = madd(y, m, f32x4.splat(1.1676998740e-1));
  y = madd(y, m, f32x4.splat(-1.2420140846e-1));
  y = madd(y, m, f32x4.splat(1.4249322787e-1));
  y = madd(y, m, f32x4.splat(-1.6668057665e-1));
  y = madd(y, m, f32x4.splat(2.0000714765e-1));
  y = madd(y, m, f32x4.splat(-2.4999993993e-1));
  y = madd(y, m, f32x4.splat(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = madd(n, f32x4.splat(-2.12194440e-4), y);
  y = nmadd(f32x4.splat(0.5), z, y);
  y = madd(n, f32x4.splat(0.693359375), f32x4.add(m, y));
  return v128.bitselect(x, y, f32x4.ne(x, x));
}
