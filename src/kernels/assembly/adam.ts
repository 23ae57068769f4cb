/** The update of Adam (arXiv 1412.6980) in one pass. */

import { madd, maddScalar, nmadd } from "./madd";

/**
 * Updates `size` parameters and their moments in place:
 * `value -= rate * first / (sqrt(second) + epsilon)`.
 */
export function adam(
  value: usize,
  first: usize,
  second: usize,
  gradient: usize,
  size: i32,
  beta1: f64,
  beta2: f64,
  rate: f32,
  epsilon: f32,
): void {
  const old1 = <f32> beta1, new1 = <f32> (1 - beta1);
  const old2 = <f32> beta2, new2 = <f32> (1 - beta2);
  const b1 = f32x4.splat(old1), c1 = f32x4.splat(new1);
  const b2 = f32x4.splat(old2), c2 = f32x4.splat(new2);
  const rates = f32x4.splat(rate), epsilons = f32x4.splat(epsilon);
  let i = 0;
  // Four vectors per iteration: see `row.ts`.
  for (; i + 16 <= size; i += 16) {
    adam4(value, first, second, gradient, 0, b1, c1, b2, c2, rates, epsilons);
    adam4(value, first, second, gradient, 16, b1, c1, b2, c2, rates, epsilons);
    adam4(value, first, second, gradient, 32, b1, c1, b2, c2, rates, epsilons);
    adam4(value, first, second, gradient, 48, b1, c1, b2, c2, rates, epsilons);
    value += 64;
    first += 64;
    second += 64;
    gradient += 64;
  }
  for (; i < size; i++) {
    const g = load<f32>(gradient);
    const m = maddScalar(old1, load<f32>(first), new1 * g);
    const v = maddScalar(old2, load<f32>(second), new2 * (g * g));
    store<f32>(first, m);
    store<f32>(second, v);
    const step = m / (sqrt<f32>(v) + epsilon);
    store<f32>(value, maddScalar(-rate, step, load<f32>(value)));
    value += 4;
    first += 4;
    second += 4;
    gradient += 4;
  }
}

/** Updates the four parameters `at` bytes after the addresses. */
// @ts-ignore: decorator
@inline
function adam4(
  value: usize,
  first: usize,
  second: usize,
  gradient: usize,
  at: usize,
  b1: v128,
  c1: v128,
  b2: v128,
  c2: v128,
  rates: v128,
  epsilons: v128,
): void {
  const g = v128.load(gradient + at);
  const m = madd(b1, v128.load(first + at), f32x4.mul(c1, g));
  const v = madd(b2, v128.load(second + at), f32x4.mul(c2, f32x4.mul(g, g)));
  v128.store(first + at, m);
  v128.store(second + at, v);
  const step = f32x4.div(m, f32x4.add(f32x4.sqrt(v), epsilons));
  v128.store(value + at, nmadd(rates, step, v128.load(value + at)));
}
