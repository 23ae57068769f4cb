/**
 * What is needed soon is touched ahead, so that it comes into the cache: WebAssembly knows
 * no other way than to read it. Where places are touched in order and one at a time, the
 * processor sees where that leads and has most of them before they are touched; it would
 * wait for many at once.
 */

/** The two places that are touched next, and how far apart touches are: whole numbers. */
export let nextX: usize = 0;
export let nextY: usize = 0;
export let stepX: usize = 0;
export let stepY: usize = 0;

/** What was read, in one number: engines may leave out what nothing is made of. */
export let touched: i32 = 0;

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
  const most = <usize> max(1, touches);
  nextX = bytesOfX > 0 ? x : y;
  nextY = y;
  stepX = (bytesOfX / most) & ~3;
  stepY = (bytesOfY / most) & ~3;
}

/** Keeps where the touches have come to. */
export function keepTouches(x: usize, y: usize, read: i32): void {
  nextX = x;
  nextY = y;
  touched = read;
}
