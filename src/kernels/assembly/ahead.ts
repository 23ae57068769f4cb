/**
 * What is needed soon is touched ahead, so that it comes into the cache: WebAssembly knows
 * no other way than to read it. Where places are touched in order and a few at a time, the
 * processor has them before it would wait for them.
 */

import { TOUCHES_OF_W } from "./tile";

/** The three places that are touched next, and how many bytes apart touches are. */
export let nextX: usize = 0;
export let nextY: usize = 0;
export let nextW: usize = 0;
export let stepX: usize = 0;
export let stepY: usize = 0;
export let stepW: usize = 0;

/** What was read, in one number: engines may leave out what nothing is made of. */
export let touched: i32 = 0;

/** Bytes of a line of the cache. */
const LINE: usize = 64;

/**
 * Spreads touches over bytes of x and of y. A number at y is there in any case: it is read
 * where there is nothing of x to touch.
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
 * Spreads touches, some for each panel, over each line of w. If there are too few of them it
 * is left alone: w is read in order very soon, and with gaps the processor would not see
 * that.
 */
export function planTouchesOfW(panels: i32, w: usize, bytes: usize): void {
  const step = stepOver(bytes, TOUCHES_OF_W * panels);
  nextW = w;
  stepW = step <= LINE ? step : 0;
}

/** Bytes from one touch to the next, whole numbers. */
function stepOver(bytes: usize, touches: i32): usize {
  return bytes / <usize> max(1, touches) & ~3;
}

/** Keeps where the touches have come to. */
export function keepTouches(x: usize, y: usize, w: usize, read: i32): void {
  nextX = x;
  nextY = y;
  nextW = w;
  touched = read;
}
