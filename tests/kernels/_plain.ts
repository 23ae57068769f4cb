/**
 * The dense layer as plain loops in double precision.
 *
 * @module
 */

/** What is added to a product; see `DenseOptions`. */
export interface PlainOptions {
  biases?: ArrayLike<number>;
  groups?: { table: ArrayLike<number>; group: ArrayLike<number> }[];
  scaled?: {
    table: ArrayLike<number>;
    labels: ArrayLike<number>;
    scales: ArrayLike<number>;
  };
  isRelu?: boolean;
}

/** `relu(x W + ..)` of x `[m, k]` and W `[k, n]`. */
export function densePlain(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  [m, k, n]: readonly number[],
  { biases, groups = [], scaled, isRelu }: PlainOptions = {},
): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = biases?.[j] ?? 0;
      for (let p = 0; p < k; p++) sum += x[i * k + p] * w[p * n + j];
      for (const { table, group } of groups) sum += table[group[i] * n + j];
      if (scaled) sum += scaled.scales[i] * scaled.table[scaled.labels[i] * n + j];
      y[i * n + j] = isRelu && sum < 0 ? 0 : sum;
    }
  }
  return y;
}

/** The sum of products of two lists, to make one number of many for a gradient. */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
