import { assertEquals, assertRejects } from "@std/assert";
import { batches, chunksOf, mapInOrder } from "../src/streams.ts";

Deno.test("batches() gathers the wanted items", async () => {
  assertEquals(await Array.fromAsync(batches([1, 2, 3, 4, 5], 2)), [[1, 2], [3, 4], [5]]);
  assertEquals(await Array.fromAsync(batches([1, 2], 2)), [[1, 2]]);
  assertEquals(await Array.fromAsync(batches([], 2)), []);
  const isOdd = (x: number) => x % 2 === 1;
  assertEquals(await Array.fromAsync(batches([1, 2, 3, 4, 5], 2, isOdd)), [[1, 3], [5]]);
});

/** A task that ends on demand. */
function jobs() {
  const ends: (() => void)[] = [];
  const map = async (item: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    ends[item] = resolve;
    await promise;
    return 10 * item;
  };
  return { ends, map };
}

Deno.test("mapInOrder() yields results in order, whichever is ready first", async () => {
  const { ends, map } = jobs();
  const results = Array.fromAsync(mapInOrder([0, 1, 2, 3], 2, map));
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  await turn();
  assertEquals(ends.length, 2, "two are under way");
  ends[1]();
  await turn();
  assertEquals(ends.length, 2, "the first is waited for");
  ends[0]();
  await turn();
  assertEquals(ends.length, 4, "both are taken");
  ends[3]();
  ends[2]();
  assertEquals(await results, [[0, 0], [1, 10], [2, 20], [3, 30]]);
});

Deno.test("mapInOrder() with one at a time begins the next item afterwards", async () => {
  const log: string[] = [];
  const map = (item: number) => {
    log.push(`begin ${item}`);
    return Promise.resolve(item);
  };
  for await (const [item] of mapInOrder([1, 2], 1, map)) log.push(`take ${item}`);
  assertEquals(log, ["begin 1", "take 1", "begin 2", "take 2"]);
});

Deno.test("mapInOrder() throws at the turn of the failed item", async () => {
  const seen: number[] = [];
  const map = (item: number) =>
    item > 1 ? Promise.reject(new RangeError(`not ${item}`)) : Promise.resolve(item);
  const take = async () => {
    for await (const [item] of mapInOrder([1, 2, 3], 3, map)) seen.push(item);
  };
  await assertRejects(take, RangeError, "not 2");
  assertEquals(seen, [1]);
});

/** A stream of numbers as in WebKit, which cannot be iterated; tells whether it was cancelled. */
function plainStream(numbers: number[], error?: Error) {
  let isCancelled = false;
  const stream = new ReadableStream<number>({
    pull(controller) {
      const next = numbers.shift();
      if (next !== undefined) controller.enqueue(next);
      else if (error) controller.error(error);
      else controller.close();
    },
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });
  Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
  return { stream, isCancelled: () => isCancelled };
}

Deno.test("chunksOf() reads a stream that cannot be iterated, and cancels it when it is left", async () => {
  const whole = plainStream([1, 2, 3]);
  assertEquals(await Array.fromAsync(chunksOf(whole.stream)), [1, 2, 3]);
  assertEquals(whole.isCancelled(), false);

  const left = plainStream([1, 2, 3]);
  for await (const item of chunksOf(left.stream)) if (item === 2) break;
  assertEquals(left.isCancelled(), true);

  const broken = plainStream([1], new TypeError("the network is gone"));
  await assertRejects(
    () => Array.fromAsync(chunksOf(broken.stream)),
    TypeError,
    "the network is gone",
  );
});
