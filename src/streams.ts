/**
 * Streams of items: grouped into batches, or mapped concurrently with results in order; and
 * streams of bytes, in every browser.
 *
 * @module
 */

/**
 * Gathers items into batches.
 *
 * @param items The items, read one after another.
 * @param size Items per batch; the last batch may have fewer.
 * @param isWanted Selects the items to keep; default: all.
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
 * Maps items concurrently and yields the results in order.
 *
 * @param items The items, read one after another and only as far as needed.
 * @param atOnce Greatest number of items that are being mapped or whose results wait to be
 * taken; at least 1.
 * @param map Maps one item.
 * @returns Each item with its result, in the order of the items.
 * @throws The error of a `map`, when its item's turn comes.
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<[item: T, result: R]> {
  const begun: [T, Promise<R>][] = [];
  for await (const item of items) {
    const result = map(item);
    result.catch(() => {}); // its error is thrown when it is awaited below
    begun.push([item, result]);
    if (begun.length < atOnce) continue;
    const [first, its] = begun.shift()!;
    yield [first, await its];
  }
  for (const [item, result] of begun) yield [item, await result];
}

/**
 * Reads a stream piece by piece, also in WebKit, whose streams are not iterable. A stream that
 * is not read to its end is cancelled.
 *
 * @param stream The stream, such as the body of a response.
 * @returns Its pieces.
 * @throws The error of the stream.
 */
export async function* chunksOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // the error of the stream is on its way
  }
}
