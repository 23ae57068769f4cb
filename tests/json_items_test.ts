import { assertEquals, assertRejects } from "@std/assert";
import { jsonItems } from "../src/json_items.ts";

/** The bytes of a text in pieces of so many. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.slice(i, i + size);
}

async function itemsOf(text: string, { size = 1e6, keys = [] as string[] } = {}) {
  const bytes = new TextEncoder().encode(text), found: unknown[][] = [];
  const chunks = pieces(text, size);
  for await (const item of jsonItems(chunks, '"a.json"', keys)) {
    const own = bytes.slice(item.start, item.start + item.bytes.length);
    assertEquals(own, item.bytes); // the offset is right
    found.push([item.key, item.index, JSON.parse(new TextDecoder().decode(item.bytes))]);
  }
  return found;
}

Deno.test("jsonItems() gives the items of a list, in pieces of any size", async () => {
  const items = [
    ...[1, "a, ]}[{", 'the "end"\\', '\\\\"', { "k[": ["]", { x: [1, [2]] }] }, []],
    ...[null, true, "ü€𝄞", {}, -1.5e-3],
  ];
  const wanted = items.map((item, i) => [undefined, i, item]);
  for (const text of [JSON.stringify(items), JSON.stringify(items, null, 2)]) {
    for (const size of [1, 2, 7, 1000]) {
      assertEquals(await itemsOf(text, { size }), wanted);
    }
  }
  assertEquals(await itemsOf("\ufeff [1 , 2]\r\n"), [[undefined, 0, 1], [
    undefined,
    1,
    2,
  ]]);
  assertEquals(await itemsOf(" [ ] "), []);
});

Deno.test("jsonItems() passes over other keys of an object, and lists within", async () => {
  const text = JSON.stringify({
    ...{ info: { images: [9] }, 'ima"ges': [8], note: "images" },
    ...{ annotations: [{ images: [7] }, [6]], images: [{ id: 1 }, [2, [3]]] },
    ...{ licences: "images", categories: [] },
  });
  for (const size of [1, 3, 1000]) {
    const found = await itemsOf(text, { size, keys: ["images", "categories"] });
    assertEquals(found, [["images", 0, { id: 1 }], ["images", 1, [2, [3]]]]);
  }
  assertEquals(await itemsOf('{"im\\u0061ges": [5]}', { keys: ["images"] }), [
    ["images", 0, 5],
  ]);
});

const refused: [text: string, message: string][] = [
  ["", "it must be a list or an object: found nothing"],
  ["  ", "it must be a list or an object: found nothing"],
  ["7", "it is not JSON: it must be a list or an object"],
  ["<!DOCTYPE html><p>", "it is not JSON: it looks like a web page (HTML)"],
  ["[1, [2", "it is cut off: 2 brackets are open at its end"],
  ['["a', "it is cut off: 1 brackets are open at its end"],
  ["[1,,2]", "it is not JSON: [1] is empty; JSON has no comma before ] and }"],
  ["[1, ]", "it is not JSON: [1] is empty; JSON has no comma before ] and }"],
  ["[1]\n[2]", "it goes on after its end; if each line is a value, end its name with"],
];

for (const [text, message] of refused) {
  Deno.test(`jsonItems() refuses ${JSON.stringify(text)}`, async () => {
    // What a file looks like is told by its first piece.
    for (const size of text.startsWith("<") ? [1000] : [1, 1000]) {
      await assertRejects(
        () => itemsOf(text, { size }),
        SyntaxError,
        `Cannot read "a.json": ${message}`,
      );
    }
  });
}
