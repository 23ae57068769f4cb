/**
 * What is needed soon is touched ahead, so that it comes into the cache: WebAssembly knows
 * no other way than to read it. Where places are touched in order and a few at a time, the
 * processor has them before it would wait for them.
 */

/** The three places that are touched next, and how far apart touches are: whole numbers. */
export let nextX: usize = 0;
export let nextY: usize = 0;
export let nextW: usize = 0;
export let stepX: usize = 0;
export let stepY: usize = 0;
export let stepW: usize = 0;

/** What was read, in one number: engines may leave out what nothing is made of. */
export let touched: i32 = 0;

/** Touches of w at a time, and how far apart they may be: a line of the cache. */
const TOUCHES_OF_W: i32 = 4, LINE: usize = 64;

/**
 * Spreads so many touches over x and y, of so many bytes, of which y has some to read even
 * where it shall not be touched.
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

/** Spreads so many times four touches over w: over each line of it, or over none. */
export function planTouchesOfW(touches: i32, w: usize, bytes: usize): void {
  const step = stepOver(bytes, TOUCHES_OF_W * touches);
  nextW = w;
  stepW = step <= LINE ? step : 0;
}

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
