/**
 * Prefetching: memory that is needed soon is read ahead ("touched") so that it is in the
 * cache in time, as WebAssembly has no prefetch instruction. A few reads at a time, in the
 * order of addresses, arrive before the processor would have to wait for them.
 */

import { TOUCHES_OF_W } from "./tile";

/** The next address to touch in x, y and w, and the bytes from one touch to the next. */
export let nextX: usize = 0;
export let nextY: usize = 0;
export let nextW: usize = 0;
export let stepX: usize = 0;
export let stepY: usize = 0;
export let stepW: usize = 0;

/** Collects all numbers read, as engines may remove reads whose results are not used. */
export let touched: i32 = 0;

/** Bytes of a cache line. */
const LINE: usize = 64;

/**
 * Spreads a number of touches over ranges of x and of y. If the range of x is empty, the
 * first number of y is read instead, which always exists.
 */
export function planTouches(
  touches: i32,
  x: usize,
  bytesOfX: usize,
  y: usize,
  bytesOfY: usize,
): void {
  nextX = bytesOfX > 0 ? x : y;
  nextY = y;
  stepX = stepOver(bytesOfX, touches);
  stepY = stepOver(bytesOfY, touches);
}

/**
 * Spreads the touches of some panels over a range of w. If there are fewer touches than
 * cache lines, w is not touched: it is read in order soon, and gaps would hide this from the
 * processor's own prefetching.
 */
export function planTouchesOfW(panels: i32, w: usize, bytes: usize): void {
  const step = stepOver(bytes, TOUCHES_OF_W * panels);
  nextW = w;
  stepW = step <= LINE ? step : 0;
}

/** Bytes from one touch to the next, a multiple of 4. */
function stepOver(bytes: usize, touches: i32): usize {
  return bytes / <usize> max(1, touches) & ~3;
}

/** Stores the next addresses to touch. */
export function keepTouches(x: usize, y: usize, w: usize, read: i32): void {
  nextX = x;
  nextY = y;
  nextW = w;
  touched = read;
}
