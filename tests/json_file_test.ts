import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkUserJson } from "../src/dataset/check.ts";
import { checkJsonSize, isJson, isJsonLines } from "../src/json_file.ts";

Deno.test("isJson() and isJsonLines() know endings in any case", () => {
  assertEquals(["a.json", "A.JSON", "a.jsonl", "json"].map(isJson), [
    true,
    true,
    false,
    false,
  ]);
  assertEquals(["a.jsonl", "A.JSONL", "a.NdJson", "a.json"].map(isJsonLines), [
    true,
    true,
    true,
    false,
  ]);
});

Deno.test("checkJsonSize() refuses what is longer than a text can be", () => {
  const most = 536_870_888; // V8's longest string
  for (const size of [0, most - 1, most]) checkJsonSize("a.json", size);
  assertThrows(
    () => checkJsonSize("a.json", most + 1),
    RangeError,
    'Cannot read "a.json" as it must have at most 536 MB: found 537 MB; write it as .jsonl, one image a line, which is read line by line',
  );
});

Deno.test("checkUserJson() refuses a large .json before it reads it, not a .jsonl", async () => {
  let isRead = false;
  async function* chunks() {
    isRead = true;
    yield new TextEncoder().encode("{}");
  }
  const check = (name: string) => checkUserJson({ name, size: 600e6, chunks });
  await assertRejects(() => check("large.json"), RangeError, 'Cannot read "large.json"');
  assertEquals(isRead, false);
  await check("large.jsonl");
  assertEquals(isRead, true);
});
