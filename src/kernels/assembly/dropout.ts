/** Dropout, with the random numbers of `src/random.ts`. */

/**
 * out = x times `kept` or 0. Each number of sfc32, seeded and warmed up as in `Random`,
 * gives two draws of 16 bits; draws below `threshold` mean 0.
 */
export function drop(
  x: usize,
  out: usize,
  size: i32,
  seed1: u32,
  seed2: u32,
  seed3: u32,
  threshold: u32,
  kept: f32,
): void {
  let a = seed1, b = seed2, c = seed3, counter: u32 = 1;
  for (let i = -24; i < size; i += 2) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + sum;
    if (i < 0) continue;
    const at = <usize> i << 2;
    store<f32>(out + at, (sum & 0xffff) >= threshold ? load<f32>(x + at) * kept : 0);
    if (i + 1 < size) {
      store<f32>(out + at, sum >> 16 >= threshold ? load<f32>(x + at, 4) * kept : 0, 4);
    }
  }
}
