/**
 * Intervals of means of a few values, by Student's t-distribution.
 *
 * @module
 */

/** The 0.025 quantile of the normal distribution. */
const NORMAL = -1.959963984540054;

/** Share outside of the interval. */
const OUTSIDE = 0.05;

/**
 * The 0.975 quantile of Student's t-distribution: G. W. Hill, Algorithm 396, CACM 13
 * (1970), which is right to four digits or more.
 *
 * @param freedom Degrees of freedom, at least 1; may be a fraction.
 * @throws {RangeError} If there is less than 1.
 */
export function studentQuantile(freedom: number): number {
  if (!(freedom >= 1)) {
    throw new RangeError(
      `Cannot compute a quantile as "freedom" must be 1 or more: current value is ${freedom}`,
    );
  }
  const n = freedom;
  if (n === 1) return 1 / Math.tan(OUTSIDE * Math.PI / 2);
  if (n === 2) return Math.sqrt(2 / (OUTSIDE * (2 - OUTSIDE)) - 2);
  const a = 1 / (n - 0.5), b = 48 / a ** 2;
  let c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt(a * Math.PI / 2) * n;
  let y = (d * OUTSIDE) ** (2 / n);
  if (y > 0.05 + a) {
    const x = NORMAL;
    y = x ** 2;
    if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y ** 2);
  } else {
    const inner = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3);
    y = ((inner + 0.5 / (n + 4)) * y - 1) * (n + 1) / (n + 2) + 1 / y;
  }
  return Math.sqrt(n * y);
}

/** A mean, or a difference of means, and its 95 % interval. */
export interface MeanInterval {
  mean: number;
  /** Ends of the interval; null where there are too few values for one. */
  low: number | null;
  high: number | null;
}

/**
 * The mean of a few independent values with its 95 % interval.
 *
 * @param values At least one; a single one has no interval.
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const { mean, variance } = momentsOf(values);
  const n = values.length;
  if (n < 2) return { mean, low: null, high: null };
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * The difference of the means of two groups with its 95 % interval (Welch's, which allows
 * their variances to differ).
 *
 * @param values One group, of at least one value.
 * @param others The other group; if either has a single value, there is no interval.
 */
export function welchInterval(
  values: readonly number[],
  others: readonly number[],
): MeanInterval {
  const [a, b] = [values, others].map(momentsOf);
  const mean = a.mean - b.mean;
  if (values.length < 2 || others.length < 2) return { mean, low: null, high: null };
  const [s, t] = [a.variance / values.length, b.variance / others.length];
  if (s + t === 0) return { mean, low: mean, high: mean };
  const freedom = (s + t) ** 2 /
    (s ** 2 / (values.length - 1) + t ** 2 / (others.length - 1));
  const half = studentQuantile(freedom) * Math.sqrt(s + t);
  return { mean, low: mean - half, high: mean + half };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
