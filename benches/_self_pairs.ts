/**
 * Pairs of an entity with itself: the published form computes logits for them, our model
 * always returns "no relation".
 *
 * @module
 */

/**
 * Makes relation logits `[N, N, P]` in the form of the published program's input: "no
 * relation" of an entity with itself as a one-hot vector.
 */
export function withSelfPairs(
  logits: Float32Array,
  n: number,
  numPredicates: number,
): Float32Array {
  const all = Float32Array.from(logits);
  for (let i = 0; i < n; i++) {
    const from = (i * n + i) * numPredicates;
    all.fill(0, from, from + numPredicates);
    all[from + numPredicates - 1] = 1;
  }
  return all;
}

/** Sets the logits of an entity with itself in `[N, N, P]` to zero, for comparisons. */
export function withoutSelfPairs(
  logits: ArrayLike<number>,
  n: number,
  numPredicates: number,
): Float32Array {
  const others = Float32Array.from(logits);
  for (let i = 0; i < n; i++) {
    const from = (i * n + i) * numPredicates;
    others.fill(0, from, from + numPredicates);
  }
  return others;
}
