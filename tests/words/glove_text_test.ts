import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readGloveText } from "../../src/words/glove_text.ts";

const utf8 = new TextEncoder();

/** Reads text in pieces of a given number of bytes. */
async function read(text: string, words: string[], pieceBytes = 7) {
  const bytes = utf8.encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / pieceBytes) },
    (_, i) => bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );
  const table = await readGloveText(pieces, new Set(words), "g.txt");
  return Object.fromEntries([...table].map(([word, vector]) => [word, [...vector]]));
}

Deno.test("readGloveText() keeps the wanted words in their order", async () => {
  const text = ", 0 0\nthe 0.5 -1\nman 1e-3 2\ndog 3 4\n";
  assertEquals(await read(text, ["man", "cat", "the"]), {
    man: [Math.fround(1e-3), 2],
    the: [0.5, -1],
  });
});

Deno.test("readGloveText() prefers an exact match to other cases", async () => {
  assertEquals(
    await read("TV 1 1\nPolish 2 2\npolish 3 3\nTv 4 4\nPOLISH 5 5", [
      "tv",
      "polish",
    ]),
    { tv: [1, 1], polish: [3, 3] },
  );
});

Deno.test("readGloveText() skips words with spaces, which the largest GloVe file has", async () => {
  const text = ", 0 0\nat name@domain.com 1 1\nat 2 2\n. . . 3 3\n";
  assertEquals(await read(text, ["at", "."]), { at: [2, 2] });
});

Deno.test("readGloveText() gives the same result for all sizes of pieces", async () => {
  const text = ", 0 0\nnaïve 1 2\r\nmünchen 3 4\n\nend 5 6";
  const words = ["naïve", "münchen", "end"];
  const whole = { naïve: [1, 2], münchen: [3, 4], end: [5, 6] };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (pieceBytes) => {
      assertEquals(await read(text, words, pieceBytes), whole);
    }),
  );
});

for (
  const [what, text, message] of [
    [
      "nothing",
      "",
      `Cannot read "g.txt": it must have lines of a word and its numbers: found none`,
    ],
    [
      "no numbers",
      "hello world\n",
      `Cannot read "g.txt" as word vectors: line 1 must be a word and its numbers: found "hello world"`,
    ],
    [
      "too few numbers",
      ", 0 0\nman 1\n",
      `Cannot read "g.txt": line 2 must have a word and 2 numbers, found 1 after the word`,
    ],
    [
      "words among the numbers",
      ", 0 0\nman 1 x\n",
      `found 2 after the word, not all of them numbers`,
    ],
    ["infinite numbers", ", 0 0\nman 1 1e999\n", "not all of them numbers"],
    [
      "a line without end",
      `, 0 0\n${"1 ".repeat(2 ** 20)}`,
      "a line has more than 1048576 bytes",
    ],
  ]
) {
  Deno.test(`readGloveText() refuses a file with ${what}`, async () => {
    await assertRejects(() => read(text, ["man"], 2 ** 16), SyntaxError, message);
  });
}

Deno.test("readGloveText() passes over the first line of fastText's and word2vec's text", async () => {
  const read = (text: string) =>
    readGloveText([new TextEncoder().encode(text)], new Set(["man", "2"]), "a.vec");
  const words = await read("2 3\nman 1 2 3 \nhat 4 5 6 \n");
  assertEquals([...words], [["man", Float32Array.of(1, 2, 3)]]);
  // A word that is a number has more than one number after it.
  assertEquals([...await read("2 3 4\nman 1 2\n")], [
    ["man", Float32Array.of(1, 2)],
    ["2", Float32Array.of(3, 4)],
  ]);
});
