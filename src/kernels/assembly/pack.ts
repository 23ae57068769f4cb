/**
 * Rearranges matrices into the order in which the matrix product reads them: panels of
 * 8 columns, each `[k, 8]`, the last one filled up with zeros.
 */

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/** Packs w `[k, n]`, whose rows are `stride` bytes apart. */
export function packColumns(w: usize, packed: usize, k: i32, n: i32, stride: usize): void {
  for (let j = 0; j < n; j += PANEL) {
    let from = w + (<usize> j << 2);
    const columns = n - j;
    if (columns >= PANEL) {
      for (let p = 0; p < k; p++) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
        from += stride;
        packed += 32;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let c = 0; c < PANEL; c++) {
          const value = c < columns ? load<f32>(from + (<usize> c << 2)) : <f32> 0;
          store<f32>(packed + (<usize> c << 2), value);
        }
        from += stride;
        packed += 32;
      }
    }
  }
}

/** Packs the transpose of w `[n, k]`. */
export function packTransposed(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> k << 2;
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(n - j, PANEL);
    const from = w + <usize> j * stride;
    transpose(from, stride, packed, 32, columns, k);
    for (let c = columns; c < PANEL; c++) {
      for (let p = 0; p < k; p++) store<f32>(packed + (<usize> p << 5) + (<usize> c << 2), 0);
    }
    packed += <usize> k << 5;
  }
}

/**
 * Writes the transpose of x `[rows, columns]`; rows are `stride` bytes apart in x and
 * `outStride` in the transpose `[columns, rows]`.
 */
export function transpose(
  x: usize,
  stride: usize,
  out: usize,
  outStride: usize,
  rows: i32,
  columns: i32,
): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let from = x + <usize> i * stride;
    let to = out + (<usize> i << 2);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const a = v128.load(from), b = v128.load(from + stride);
      const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
      v128.store(to + outStride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
      v128.store(to + 2 * outStride, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
      v128.store(to + 3 * outStride, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
      from += 16;
      to += 4 * outStride;
    }
    for (; j < columns; j++) {
      for (let r: usize = 0; r < 4; r++) {
        store<f32>(to + (r << 2), load<f32>(from + r * stride));
      }
      from += 4;
      to += outStride;
    }
  }
  for (; i < rows; i++) {
    let from = x + <usize> i * stride;
    let to = out + (<usize> i << 2);
    for (let j = 0; j < columns; j++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += outStride;
    }
  }
}
