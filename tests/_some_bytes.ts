/**
 * Random bytes for tests that move files.
 *
 * @module
 */

/** Bytes without a pattern; the same seed gives the same bytes. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    words[i] = state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 >>> 0;
  }
  return new Uint8Array(words.buffer).subarray(0, length);
}
