/**
 * The row operations as plain loops: what the other forms are tested against.
 *
 * @module
 */

/** Sums the rows `[K, width]` of each group into `out` `[G, width]`. */
export function sumRowsPlain(
  x: Float32Array,
  order: Int32Array,
  starts: Int32Array,
  width: number,
  out: Float32Array,
): void {
  out.fill(0);
  for (let g = 0; g + 1 < starts.length; g++) {
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) out[g * width + d] += x[from + d];
    }
  }
}

/** Softmax over the rows `[K, width]` of each group, column by column. */
export function softmaxRowsPlain(
  x: Float32Array,
  order: Int32Array,
  starts: Int32Array,
  width: number,
  out: Float32Array,
): void {
  const greatest = new Float32Array(width);
  const total = new Float32Array(width);
  for (let g = 0; g + 1 < starts.length; g++) {
    greatest.fill(-Infinity);
    total.fill(0);
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) {
        if (x[from + d] > greatest[d]) greatest[d] = x[from + d];
      }
    }
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) {
        total[d] += out[from + d] = Math.exp(x[from + d] - greatest[d]);
      }
    }
    for (let k = starts[g]; k < starts[g + 1]; k++) {
      const from = order[k] * width;
      for (let d = 0; d < width; d++) out[from + d] /= total[d];
    }
  }
}
