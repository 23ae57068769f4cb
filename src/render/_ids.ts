/**
 * Ids of elements that a drawing refers to.
 *
 * @module
 */

import { seedFrom } from "../random.ts";

/**
 * Makes the id of an element from what it is, so that drawings which stand in one page do
 * not take each other's elements; the same parts give the same id.
 *
 * @param kind What the id begins with.
 * @param parts What the element shows, in words and numbers.
 */
export function idOf(kind: string, ...parts: (string | number)[]): string {
  // Two hashes of 32 bits; each of thousands of drawings has its own.
  const [a, b] = [1, 2].map((which) =>
    seedFrom(which, ...parts).toString(36).padStart(7, "0")
  );
  return `${kind}-${a}${b}`;
}
