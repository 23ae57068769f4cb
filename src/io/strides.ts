/**
 * Arrays whose axes have strides of their own.
 *
 * @module
 */

/**
 * Visits the elements of an array with the last axis varying fastest.
 *
 * @param array Its shape, the distance of neighbours along each axis, and where it starts.
 * @param count Number of elements to visit, at most the product of the shape.
 * @param visit Called with the place of an element, and its number in this order.
 */
export function eachInOrder(
  { shape, strides, start = 0 }: {
    shape: readonly number[];
    strides: readonly number[];
    start?: number;
  },
  count: number,
  visit: (from: number, i: number) => void,
): void {
  const index = new Array(shape.length).fill(0);
  let from = start;
  for (let i = 0; i < count; i++) {
    visit(from, i);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
