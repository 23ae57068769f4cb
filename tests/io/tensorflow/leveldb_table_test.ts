import { assertEquals, assertThrows } from "@std/assert";
import { crc32c, maskCrc32c } from "../../../src/io/crc32c.ts";
import { readTable } from "../../../src/io/tensorflow/leveldb_table.ts";
import { decodeSnappy } from "../../../src/io/tensorflow/snappy.ts";
import { readProtobuf, readVarint } from "../../../src/io/tensorflow/varint.ts";
import { fixed32, varint, writeTable } from "./_bundle_writer.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("crc32c() gives the values of RFC 3720, B.4", () => {
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
});

Deno.test("decodeSnappy() unpacks literals and copies of each kind", () => {
  // "abcabcabc", "xyz" and 61 times "q": a literal, a copy of 6 bytes from 3 back (which
  // overlaps itself), then longer forms.
  const q = "q".repeat(61);
  const packed = [
    ...varint(9 + 4 + 64 + 4),
    ...[2 << 2, ...utf8("abc")],
    ...[((6 - 4) << 2) | 1, 3],
    ...[(4 - 1) << 2 | 2, 4, 0], // 4 bytes from 4 back: "cabc"[-4..] = "cabc"
    ...[60 << 2, 63, ...utf8(q + "xyz")], // a literal whose length has its own byte
    ...[(4 - 1) << 2 | 3, 4, 0, 0, 0], // 4 bytes from 4 back
  ];
  const text = new TextDecoder().decode(decodeSnappy(Uint8Array.from(packed), "f"));
  assertEquals(text, "abcabcabc" + "cabc".slice(-4) + q + "xyz" + "qxyz");
});

Deno.test("decodeSnappy() refuses malformed blocks", () => {
  const cases: [string, number[]][] = [
    ["claims 1000 bytes, its 3 cannot hold them", [...varint(1000), 0]],
    ["ends inside a literal of 3 bytes", [3, 2 << 2, 97]],
    ["ends inside a literal of NaN bytes", [3, 60 << 2]],
    ["unpacks to more than the 1 bytes", [1, 1 << 2, 97, 98]],
    ["unpacks to more than the 3 bytes", [3, 0, 97, 1, 1]],
    ["copies from 2 bytes back, it has 1", [9, 0, 97, 1, 2]],
    ["copies from 0 bytes back, it has 1", [9, 0, 97, 1, 0]],
    ["unpacks to 1 bytes, it claims 2", [2, 0, 97]],
  ];
  for (const [problem, packed] of cases) {
    assertThrows(() => decodeSnappy(Uint8Array.from(packed), "f"), SyntaxError, problem);
  }
});

Deno.test("readVarint() reads up to 64 bits and refuses an integer without an end", () => {
  assertEquals(readVarint(Uint8Array.of(0xac, 0x02), 0, "f"), { value: 300n, next: 2 });
  const most = Uint8Array.of(...new Array(9).fill(255), 1);
  assertEquals(readVarint(most, 0, "f"), { value: 2n ** 64n - 1n, next: 10 });
  const endless = [Uint8Array.of(), Uint8Array.of(128), new Uint8Array(11).fill(128)];
  for (const bytes of endless) {
    assertThrows(() => readVarint(bytes, 0, "f"), SyntaxError, "must end");
  }
});

Deno.test("readProtobuf() reads fields of every wire type except groups", () => {
  const bytes = Uint8Array.from([
    ...[1 << 3, 150, 1],
    ...[2 << 3 | 2, 2, 104, 105],
    ...[3 << 3 | 5, 1, 0, 0, 0],
    ...[4 << 3 | 1, 2, 0, 0, 0, 0, 0, 0, 0],
    ...[5 << 3, ...varint(-1)],
  ]);
  assertEquals([...readProtobuf(bytes, "f")], [
    { field: 1, value: 150 },
    { field: 2, value: utf8("hi") },
    { field: 3, value: 1 },
    { field: 4, value: 2 },
    { field: 5, value: -1 },
  ]);
  const read = (...values: number[]) => [...readProtobuf(Uint8Array.from(values), "f")];
  assertThrows(() => read(1 << 3 | 3), SyntaxError, "has a field of wire type 3");
  assertThrows(
    () => read(1 << 3 | 2, 9, 0),
    SyntaxError,
    "must lie within it: it claims 9 bytes, the message has 1 left",
  );
});

const rows: [Uint8Array, Uint8Array][] = ["", "a", "ab", "abc", "b"].map((
  key,
) => [utf8(key), utf8(key + "!")]);

Deno.test("readTable() returns the rows in order for any division into blocks", () => {
  for (const rowsPerBlock of [1, 2, 10]) {
    for (const snappy of [false, true]) {
      const found = readTable(writeTable(rows, rowsPerBlock, snappy), "f");
      assertEquals(found.map(({ key, value }) => [key, value]), rows);
    }
  }
  assertEquals(readTable(writeTable([], 1, false), "f"), []);
});

Deno.test("readTable() refuses other files and damaged tables", () => {
  const table = writeTable(rows, 2, false);
  const changed = (at: number, byte: number) => {
    const copy = table.slice();
    copy.set([byte], at < 0 ? table.length + at : at);
    return copy;
  };
  const cases: [string, Uint8Array][] = [
    ["must end with a footer of 48 bytes: found 47", table.slice(-47)],
    ["must end with the mark of a LevelDB table", changed(-1, 0)],
    ["the block at 0 is damaged: its checksum is", changed(3, 1)],
    ["claims 99 bytes, the file has", changed(-45, 99)],
    ["must be in ascending order", writeTable([rows[1], rows[0]], 9, false)],
    ["must be in ascending order", writeTable([rows[1], rows[1]], 1, false)],
  ];
  for (const [problem, bytes] of cases) {
    assertThrows(() => readTable(bytes, "f"), SyntaxError, problem);
  }
});

/** A table with a given index block, or a given single block. */
function tableOf(block: number[], compression = 0, index?: number[]): Uint8Array {
  const file: number[] = [];
  const add = (contents: number[], type: number) => {
    const handle = [...varint(file.length), ...varint(contents.length)];
    const typed = Uint8Array.from([...contents, type]);
    file.push(...typed, ...fixed32(maskCrc32c(crc32c(typed))));
    return handle;
  };
  const oneRestart = [0, 0, 0, 0, 1, 0, 0, 0];
  const handle = add(block, compression);
  const row = [0, 1, handle.length, 122, ...handle];
  const footer = [...handle, ...add(index ?? [...row, ...oneRestart], 0)];
  while (footer.length < 40) footer.push(0);
  const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
  return Uint8Array.from([...file, ...footer, ...magic]);
}

Deno.test("readTable() refuses blocks with wrong counts or lengths", () => {
  const cases: [string, Uint8Array][] = [
    ["has compression 2", tableOf([0, 0, 0, 0], 2)],
    ["must hold its restart points: it claims 9", tableOf([9, 0, 0, 0])],
    ["must hold its restart points: it claims NaN", tableOf([9])],
    ["a row must lie within its block", tableOf([5, 0, 0, 0, 0, 0, 0])],
    ["a row must lie within its block", tableOf([0, 9, 0, 0, 0, 0, 0])],
    [
      "the block at 0 must not overlap the one before",
      tableOf([0, 0, 0, 0], 0, [0, 1, 2, 97, 0, 4, 0, 1, 2, 98, 0, 4, 0, 0, 0, 0]),
    ],
    ["its rows must unpack to at most 134217728 bytes", tableOf(longKeys())],
  ];
  for (const [problem, bytes] of cases) {
    assertThrows(() => readTable(bytes, "f"), SyntaxError, problem);
  }
});

/** A key of 100,000 bytes, then 2,000 keys that share it and add a byte each. */
function longKeys(): number[] {
  const length = 100_000;
  const block = [0, ...varint(length), 0, ...new Array(length).fill(97)];
  for (let i = 0; i < 2000; i++) block.push(...varint(length + i), 1, 0, 97);
  return [...block, 0, 0, 0, 0];
}
