/**
 * The rules for the shapes of numbers from outside.
 *
 * @module
 */

/**
 * Guesses what is wrong with lists in lists.
 *
 * @param value Lists of another shape than wanted.
 * @param shape The shape that is wanted.
 * @returns Such as `82 lists of 3: transposed?`, or `undefined`.
 */
export function shapeSuggestion(
  value: unknown,
  shape: readonly number[],
): string | undefined {
  const found = shapeOf(value, shape.length);
  if (found.length < 2) return undefined;
  const isSame = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((size, i) => size === b[i]);
  if (isSame(found, shape)) return undefined;
  const isTransposed = isSame(found.toSorted(), shape.toSorted());
  return isTransposed ? `${shapeText(found)}: transposed?` : undefined;
}

/** `82 lists of 3`. */
export function shapeText(shape: readonly number[]): string {
  return shape.join(" lists of ");
}

/** The lengths of lists in lists, by the first of each. */
export function shapeOf(value: unknown, depth: number): number[] {
  const shape: number[] = [];
  for (let inner = value; shape.length < depth && isListLike(inner); inner = inner[0]) {
    shape.push(inner.length);
  }
  return shape;
}

/** A list, or a typed array. */
export function isListLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) ||
    ArrayBuffer.isView(value) && !(value instanceof DataView);
}
