/**
 * Streams: items in batches, and several of them under way at once with results in order.
 *
 * @module
 */

/**
 * Gathers items into batches.
 *
 * @param items Read one after another.
 * @param size Items of a batch; the last may have fewer.
 * @param isWanted Others are left out; default: all are wanted.
 * @returns The batches, none of them empty.
 */
export async function* batches<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  isWanted: (item: T) => boolean = () => true,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    if (!isWanted(item)) continue;
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Maps items, some of them at the same time.
 *
 * @param items Read one after another, only as far as needed.
 * @param atOnce How many may be under way or wait to be taken; at least 1.
 * @param map What is done with each.
 * @returns Each item with its result, in the order of the items.
 * @throws Whatever `map` throws, at the item's turn.
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<[item: T, result: R]> {
  const begun: [T, Promise<R>][] = [];
  for await (const item of items) {
    const result = map(item);
    result.catch(() => {}); // is thrown at its turn, if that comes
    begun.push([item, result]);
    if (begun.length < atOnce) continue;
    const [first, its] = begun.shift()!;
    yield [first, await its];
  }
  for (const [item, result] of begun) yield [item, await result];
}
