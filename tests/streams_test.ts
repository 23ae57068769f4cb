import { assertEquals, assertRejects } from "@std/assert";
import { batches, mapInOrder } from "../src/streams.ts";

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
