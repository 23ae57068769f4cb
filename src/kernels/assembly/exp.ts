/**
 * exp and log of four numbers at once, with a relative error of about 1e-7.
 *
 * Their constants are variables, since V8 reads a variable by one instruction but makes a
 * constant by three wherever it is used.
 */

import { madd, nmadd } from "./madd";

let one: v128 = f32x4.splat(1), half: v128 = f32x4.splat(0.5);
let ln2High: v128 = f32x4.splat(0.693359375), ln2Low: v128 = f32x4.splat(-2.12194440e-4);

/** 1.5 x 2^23: adding it to a number below 2^22 puts the nearest integer in the low bits. */
let rounder: v128 = f32x4.splat(12582912);
let least: v128 = f32x4.splat(-87.3), perLn2: v128 = f32x4.splat(1.44269504088896341);

/** Coefficients of e^x, from x^2 to x^7. */
let e2: v128 = f32x4.splat(5.0000001201e-1), e3: v128 = f32x4.splat(1.6666665459e-1);
let e4: v128 = f32x4.splat(4.1665795894e-2), e5: v128 = f32x4.splat(8.3334519073e-3);
let e6: v128 = f32x4.splat(1.3981999507e-3), e7: v128 = f32x4.splat(1.9875691500e-4);

/** Coefficients of log(1 + x), from x^3 to x^11. */
let l3: v128 = f32x4.splat(3.3333331174e-1), l4: v128 = f32x4.splat(-2.4999993993e-1);
let l5: v128 = f32x4.splat(2.0000714765e-1), l6: v128 = f32x4.splat(-1.6668057665e-1);
let l7: v128 = f32x4.splat(1.4249322787e-1), l8: v128 = f32x4.splat(-1.2420140846e-1);
let l9: v128 = f32x4.splat(1.1676998740e-1), l10: v128 = f32x4.splat(-1.1514610310e-1);
let l11: v128 = f32x4.splat(7.0376836292e-2);

/** Mask of the mantissa, the bits of 0.5, its biased exponent, and the square root of 0.5. */
let digits: v128 = i32x4.splat(0x007fffff), halfBits: v128 = i32x4.splat(0x3f000000);
let halfExponent: v128 = i32x4.splat(126);
let rootHalf: v128 = f32x4.splat(0.707106781186547524);

/**
 * e^x for x up to 88. Below -87.3 it is about the smallest normal number; NaN stays NaN.
 *
 * Source: expf of the Cephes library (Moshier, public domain).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f32x4.pmax(x, least); // keeps NaN in the first operand
  const shifted = madd(bounded, perLn2, rounder);
  const n = f32x4.sub(shifted, rounder);
  let r = nmadd(n, ln2High, bounded);
  r = nmadd(n, ln2Low, r);
  let y = madd(e7, r, e6);
  y = madd(y, r, e5);
  y = madd(y, r, e4);
  y = madd(y, r, e3);
  y = madd(y, r, e2);
  y = madd(y, f32x4.mul(r, r), f32x4.add(r, one));
  return f32x4.mul(y, i32x4.add(one, i32x4.shl(shifted, 23))); // times 2^n
}

/**
 * The natural logarithm of positive normal numbers; NaN stays NaN.
 *
 * Source: logf of the Cephes library (Moshier, public domain).
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  let n = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), halfExponent));
  // x = m 2^n with m in [0.5, 1).
  let m = v128.or(v128.and(x, digits), halfBits);
  const isLow = f32x4.lt(m, rootHalf);
  n = f32x4.sub(n, v128.and(one, isLow));
  m = f32x4.add(f32x4.sub(m, one), v128.and(m, isLow));
  const z = f32x4.mul(m, m);
  let y = madd(l11, m, l10);
  y = madd(y, m, l9);
  y = madd(y, m, l8);
  y = madd(y, m, l7);
  y = madd(y, m, l6);
  y = madd(y, m, l5);
  y = madd(y, m, l4);
  y = madd(y, m, l3);
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = madd(n, ln2Low, y);
  y = nmadd(half, z, y);
  y = madd(n, ln2High, f32x4.add(m, y));
  return f32x4.add(y, f32x4.sub(x, x)); // NaN if x is
}
