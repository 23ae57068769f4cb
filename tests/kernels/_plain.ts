/**
 * The computations of the kernels as plain loops in double precision.
 *
 * @module
 */

/** Terms to add to a product; see `DenseOptions`. */
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

/** The inner product of two lists; it makes a scalar, which gradients need. */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The transpose of x `[rows, columns]`. */
export function transposed(
  x: ArrayLike<number>,
  rows: number,
  columns: number,
): Float64Array {
  const turned = new Float64Array(rows * columns);
  return turned.map((_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);
}

/** The softmax of a row. */
export function softmaxPlain(x: ArrayLike<number>): Float64Array {
  const greatest = Array.from(x).reduce(
    (most, value) => Math.max(most, value),
    -Infinity,
  );
  const e = Float64Array.from(x, (value) => Math.exp(value - greatest));
  const total = e.reduce((sum, value) => sum + value, 0);
  return e.map((value) => value / total);
}

/** The group of each row, and the widths of values and scores. */
export interface PoolShape {
  group: ArrayLike<number>;
  numGroups: number;
  width: number;
  scoreWidth: number;
}

/** Sums of each group's rows, weighted by the softmax of their scores; and the weights. */
export function poolPlain(
  values: ArrayLike<number>,
  scores: ArrayLike<number>,
  { group, numGroups, width, scoreWidth }: PoolShape,
): { out: Float64Array; weights: Float64Array } {
  const out = new Float64Array(numGroups * width);
  const weights = new Float64Array(scores.length);
  for (let g = 0; g < numGroups; g++) {
    const rows = Array.from(group, (_, r) => r).filter((r) => group[r] === g);
    for (let c = 0; c < scoreWidth; c++) {
      softmaxPlain(rows.map((r) => scores[r * scoreWidth + c])).forEach((weight, k) => {
        weights[rows[k] * scoreWidth + c] = weight;
      });
    }
    for (const r of rows) {
      for (let c = 0; c < width; c++) {
        const weight = weights[r * scoreWidth + (scoreWidth === 1 ? 0 : c)];
        out[g * width + c] += weight * values[r * width + c];
      }
    }
  }
  return { out, weights };
}
