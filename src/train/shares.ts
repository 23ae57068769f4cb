/**
 * Deals the images of a batch into shares of about equal work.
 *
 * @module
 */

/**
 * Deals items so that the total sizes of the shares differ little: largest items first,
 * each to the share with the smallest total so far.
 *
 * @param sizes Size of each item, above 0.
 * @param numShares Number of shares; fewer if there are fewer items, so none is empty.
 * @returns Indices of the items of each share, ascending; equal input gives equal shares.
 *
 * @example
 * ```ts
 * import { dealBySize } from "./shares.ts";
 * const shares = dealBySize([2, 6, 90, 6], 2);
 * if (`${shares[0]} ${shares[1]}` !== "2 0,1,3") throw new Error();
 * ```
 */
export function dealBySize(sizes: readonly number[], numShares: number): number[][] {
  const shares = Array.from(
    { length: Math.min(numShares, sizes.length) },
    () => ({ items: [] as number[], total: 0 }),
  );
  const largestFirst = sizes.map((_, i) => i).sort((a, b) =>
    sizes[b] - sizes[a] || a - b
  );
  for (const i of largestFirst) {
    const least = shares.reduce((a, b) => b.total < a.total ? b : a);
    least.items.push(i);
    least.total += sizes[i];
  }
  return shares.map(({ items }) => items.sort((a, b) => a - b));
}
