/**
 * Pairs of an entity with itself: the published form computes them, what the model
 * returns says "no relation" of them.
 *
 * @module
 */

/**
 * Relation logits `[N, N, P]` as the published program gets them: "no relation" of an
 * entity with itself as a one-hot vector (model.md, point 3).
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

/** Relation logits `[N, N, P]` with zeros for an entity and itself: for comparing. */
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
