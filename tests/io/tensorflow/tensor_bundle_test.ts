import { assert, assertEquals, assertRejects } from "@std/assert";
import { sourceOf } from "../../../src/io/byte_source.ts";
import { TensorBundle } from "../../../src/io/tensorflow/tensor_bundle.ts";
import { sliceKey } from "../../../src/io/tensorflow/_slice_key.ts";
import { FIXTURES, isMissing } from "../../_fixtures.ts";
import { fixed32, message, openIn, writeBundle, writeTable } from "./_bundle_writer.ts";
import type { TensorToWrite } from "./_bundle_writer.ts";
import { crc32c, maskCrc32c } from "../../../src/io/crc32c.ts";

const folder = `${FIXTURES}/tf-checkpoints`;
const ignore = isMissing(folder);

interface ExpectedEntry {
  key: string;
  binary_key: boolean;
  dtype: string;
  shape: number[];
  shard: number;
  offset: number;
  size: number;
  sha256?: string;
  first?: number[];
  last?: number[];
  sum?: number;
  string_lengths?: number[];
  strings_sha256?: string[];
}

const open = async (path: string) => sourceOf(await Deno.readFile(path), path);

async function sha256(bytes: Uint8Array): Promise<string> {
  const copy = new Uint8Array(bytes);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", copy)).toHex();
}

for (
  const { name } of ignore
    ? []
    : [...Deno.readDirSync(folder)].filter((e) => e.isDirectory)
) {
  Deno.test(`TensorBundle reads "${name}" as expected.json says`, async () => {
    const expected = JSON.parse(
      await Deno.readTextFile(`${folder}/${name}/expected.json`),
    );
    const bundle = await TensorBundle.open(`${folder}/${name}/${expected.prefix}`, open);
    assertEquals(bundle.shards, expected.num_shards);
    const plain = expected.entries.filter((e: ExpectedEntry) => !e.binary_key);
    assertEquals([...bundle.entries.keys()], plain.map((e: ExpectedEntry) => e.key));
    for (const entry of plain as ExpectedEntry[]) {
      const found = bundle.entries.get(entry.key)!;
      assertEquals(
        [found.dtype, found.shape, found.shard, found.offset, found.size],
        [entry.dtype, entry.shape, entry.shard, entry.offset, entry.size],
      );
      if (entry.dtype === "string") {
        const strings = await bundle.readStrings(entry.key);
        assertEquals(strings.map((s) => s.length), entry.string_lengths);
        assertEquals(await Promise.all(strings.map(sha256)), entry.strings_sha256);
        continue;
      }
      const { shape, data } = await bundle.read(entry.key);
      assertEquals(shape, entry.shape);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      if (found.slices.length === 0) assertEquals(await sha256(bytes), entry.sha256);
      const numbers = Array.from(data, Number);
      if (entry.first) assertEquals(numbers.slice(0, entry.first.length), entry.first);
      if (entry.last) assertEquals(numbers.slice(-entry.last.length), entry.last);
      if (entry.sum !== undefined) {
        const sum = numbers.reduce((total, x) => total + x, 0);
        assert(Math.abs(sum - entry.sum) <= 1e-6 * (1 + Math.abs(entry.sum)));
      }
    }
  });
}

Deno.test({
  name: "TensorBundle finds a flipped bit anywhere in index or shards",
  ignore,
  async fn() {
    const prefix = `${folder}/half-plus-two-tf2-cpu/variables`;
    const index = await Deno.readFile(`${prefix}.index`);
    const data = await Deno.readFile(`${prefix}.data-00000-of-00001`);
    for (let bit = 0; bit < 8 * (index.length + data.length); bit += 7) {
      const files = { ".index": index.slice(), ".data-00000-of-00001": data.slice() };
      const [file, at] = bit < 8 * index.length
        ? [files[".index"], bit]
        : [files[".data-00000-of-00001"], bit - 8 * index.length];
      file[at >> 3] ^= 1 << (at & 7);
      // The footer has padding between its two handles and the magic number.
      const isPadding = file === files[".index"] &&
        at >> 3 >= index.length - 44 && at >> 3 < index.length - 8;
      try {
        const bundle = await TensorBundle.open("model", openIn(files));
        for (const [name, { dtype }] of bundle.entries) {
          await (dtype === "string" ? bundle.readStrings(name) : bundle.read(name));
        }
        assert(isPadding, `bit ${bit} went unseen`);
      } catch (error) {
        assert(error instanceof SyntaxError, `bit ${bit}: ${error}`);
      }
    }
  },
});

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const bytesOf = (data: { buffer: ArrayBufferLike }) =>
  new Uint8Array(data.buffer as ArrayBuffer);
const floats = (...numbers: number[]) => bytesOf(Float32Array.from(numbers));

Deno.test("TensorBundle reads every type of number", async () => {
  const cases: [
    string,
    number,
    (number | bigint)[],
    { buffer: ArrayBufferLike },
  ][] = [
    ["float16", 19, [1.5, -2], Float16Array.of(1.5, -2)],
    ["float32", 1, [0.25, 3], Float32Array.of(0.25, 3)],
    ["float64", 2, [1 / 3], Float64Array.of(1 / 3)],
    ["int32", 3, [-7, 9], Int32Array.of(-7, 9)],
    ["int64", 9, [-(2n ** 60n)], BigInt64Array.of(-(2n ** 60n))],
    ["bool", 10, [1, 0, 1], Uint8Array.of(1, 0, 1)],
    ["uint8", 4, [200], Uint8Array.of(200)],
    ["int8", 6, [-3], Int8Array.of(-3)],
    ["int16", 5, [-300], Int16Array.of(-300)],
    ["uint16", 17, [60000], Uint16Array.of(60000)],
    ["uint32", 22, [4e9], Uint32Array.of(4e9)],
    ["uint64", 23, [2n ** 63n], BigUint64Array.of(2n ** 63n)],
  ];
  for (const bigEndian of [false, true]) {
    const files = writeBundle(
      cases.map(([name, dtype, numbers, data]) => {
        const bytes = bytesOf(data).slice();
        const width = bytes.length / numbers.length;
        for (let i = 0; bigEndian && i < bytes.length; i += width) {
          bytes.subarray(i, i + width).reverse();
        }
        return [utf8(name), { dtype, shape: [numbers.length], bytes }];
      }),
      { bigEndian },
    );
    const bundle = await TensorBundle.open("model", openIn(files));
    for (const [name, , numbers] of cases) {
      assertEquals(bundle.entries.get(name)!.dtype, name as never);
      assertEquals(
        Array.from((await bundle.read(name)).data as ArrayLike<unknown>),
        numbers,
      );
    }
  }
});

Deno.test("TensorBundle reads many blocks, with and without Snappy", async () => {
  const tensors = Array.from({ length: 50 }, (_, i): [Uint8Array, TensorToWrite] => [
    utf8(`layer_${String(i).padStart(2, "0")}/weights`),
    { dtype: 1, shape: [2, 1], bytes: floats(i, -i), shard: i % 3 },
  ]);
  for (const snappy of [false, true]) {
    const files = writeBundle(tensors, { shards: 3, rowsPerBlock: 7, snappy });
    const bundle = await TensorBundle.open("model", openIn(files));
    assertEquals(bundle.entries.size, 50);
    for (let i = 0; i < 50; i++) {
      const { shape, data } = await bundle.read(
        `layer_${String(i).padStart(2, "0")}/weights`,
      );
      assertEquals([shape, [...data]], [[2, 1], [i, -i]]);
    }
  }
});

Deno.test("sliceKey() encodes signed numbers as ordered_code does", () => {
  // 0 and 1 take one byte, 64 two; -1 stands for a whole axis. From the tables of
  // tensorflow/core/lib/strings/ordered_code_test.cc: 63 -> bf, 64 -> c0 40, 8191 -> df ff,
  // 8192 -> e0 20 00, -1 -> 7f, -64 -> 40, -65 -> 3f bf.
  const hex = (slice: [number, number][]) => latin1(sliceKey("ab", slice)).toHex();
  assertEquals(hex([]), "00" + "6162" + "0001" + "00");
  assertEquals(hex([[63, 64]]), "00" + "6162" + "0001" + "0101" + "bf" + "c040");
  assertEquals(hex([[8191, 8192]]), "00" + "6162" + "0001" + "0101" + "dfff" + "e02000");
  assertEquals(hex([[0, -1]]), "00" + "6162" + "0001" + "0101" + "80" + "7f");
  assertEquals(hex([[-64, -65]]), "00" + "6162" + "0001" + "0101" + "40" + "3fbf");
  assertEquals(
    latin1(sliceKey("a\0", [])).toHex(),
    "00" + "61" + "00ff" + "0001" + "00",
  );
});

/** A 3 x 4 variable of 0..11, its columns in parts of 3 and 1. */
function partitioned(
  change: (parts: Record<string, TensorToWrite>) => void = () => {},
  changeFiles: (files: Record<string, Uint8Array>) => void = () => {},
) {
  const parts: Record<string, TensorToWrite> = {
    whole: {
      dtype: 1,
      shape: [3, 4],
      bytes: new Uint8Array(),
      slices: [[[0, -1], [0, 3]], [[0, -1], [3, 1]]],
    },
    left: { dtype: 1, shape: [3, 3], bytes: floats(0, 1, 2, 4, 5, 6, 8, 9, 10) },
    right: { dtype: 1, shape: [3, 1], bytes: floats(3, 7, 11), shard: 1 },
  };
  change(parts);
  const files = writeBundle([
    [utf8("w"), parts.whole],
    [latin1(sliceKey("w", [[0, -1], [0, 3]])), parts.left],
    [latin1(sliceKey("w", [[0, -1], [3, 1]])), parts.right],
  ], { shards: 2 });
  changeFiles(files);
  return TensorBundle.open("model", openIn(files));
}

Deno.test("TensorBundle joins the parts of a variable", async () => {
  const bundle = await partitioned();
  assertEquals([...bundle.entries.keys()], ["w"]);
  const { shape, data } = await bundle.read("w");
  assertEquals(shape, [3, 4]);
  assertEquals([...data], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("TensorBundle joins parts along the first of three axes", async () => {
  const slices: [number, number][][] = [[[0, 1], [0, -1], [0, -1]], [[1, 2], [0, -1], [
    0,
    -1,
  ]]];
  const numbers = Array.from({ length: 12 }, (_, i) => i);
  const files = writeBundle([
    [utf8("w"), { dtype: 1, shape: [3, 2, 2], bytes: new Uint8Array(), slices }],
    [latin1(sliceKey("w", slices[0])), {
      dtype: 1,
      shape: [1, 2, 2],
      bytes: floats(...numbers.slice(0, 4)),
    }],
    [latin1(sliceKey("w", slices[1])), {
      dtype: 1,
      shape: [2, 2, 2],
      bytes: floats(...numbers.slice(4)),
    }],
  ]);
  const bundle = await TensorBundle.open("model", openIn(files));
  assertEquals([...(await bundle.read("w")).data], numbers);
});

Deno.test("TensorBundle refuses parts that do not form the variable", async () => {
  const cases: [string, (parts: Record<string, TensorToWrite>) => void][] = [
    ["lack [[0,-1],[2,2]]", ({ whole }) => whole.slices![1] = [[0, -1], [2, 2]]],
    ["lack [[0,-1]]", ({ whole }) => whole.slices![1] = [[0, -1]]],
    ["do not fit its type and shape", ({ right }) => right.dtype = 3],
    ["do not fit its type and shape", ({ right }) => right.shape = [1, 3]],
    ["hold 9 numbers, its shape 12", ({ whole }) => whole.slices!.pop()],
    ["are repeated", ({ whole }) => whole.slices!.push(whole.slices![1])],
  ];
  for (const [problem, change] of cases) {
    await assertRejects(
      async () => await (await partitioned(change)).read("w"),
      SyntaxError,
      problem,
    );
  }
  const cut = await partitioned(() => {}, (files) => {
    files[".data-00001-of-00002"] = new Uint8Array(8);
  });
  await assertRejects(() => cut.read("w"), SyntaxError, "lie past the end of shard 1");
  // Two different parts may still overlap.
  const slices: [number, number][][] = [[[0, 2]], [[1, 2]]];
  const part = { dtype: 1, shape: [2], bytes: floats(1, 2) };
  const bundle = await TensorBundle.open(
    "model",
    openIn(writeBundle([
      [utf8("w"), { dtype: 1, shape: [4], bytes: new Uint8Array(), slices }],
      [latin1(sliceKey("w", slices[0])), part],
      [latin1(sliceKey("w", slices[1])), part],
    ])),
  );
  await assertRejects(() => bundle.read("w"), SyntaxError, `the parts of "w" overlap`);
});

Deno.test("TensorBundle says what is wrong with a checkpoint", async () => {
  const ofOne = (tensor: TensorToWrite) =>
    TensorBundle.open("model", openIn(writeBundle([[utf8("w"), tensor]])));
  const sound = { dtype: 1, shape: [1], bytes: floats(1) };
  const cases: [string, () => Promise<unknown>][] = [
    [`the entry "w" has the unknown type 8`, () => ofOne({ ...sound, dtype: 8 })],
    ["has 4 bytes, float32[2] needs 8", () => ofOne({ ...sound, shape: [2] })],
    ["has the impossible shape [-1]", () => ofOne({ ...sound, shape: [-1] })],
    [
      "has the impossible shape [9007199254740991,2]",
      () => ofOne({ ...sound, shape: [Number.MAX_SAFE_INTEGER, 2] }),
    ],
    [
      `"model.data-00000-of-00001": "w" is damaged: its checksum is`,
      async () => await (await ofOne({ ...sound, crc: 7 })).read("w"),
    ],
    [
      "its strings must take 104 bytes: found 1",
      async () =>
        await (await ofOne({ dtype: 7, shape: [1], bytes: Uint8Array.of(99) }))
          .readStrings("w"),
    ],
    ["it must have 4 bytes at 0: found 3 bytes in all", async () => {
      const files = writeBundle([[utf8("w"), sound]]);
      files[".data-00000-of-00001"] = files[".data-00000-of-00001"].subarray(1);
      return await (await TensorBundle.open("model", openIn(files))).read("w");
    }],
    [
      "has an impossible place: shard 1 of 1",
      () => openTable([[utf8("w"), message([1, 1], [3, 1])]]),
    ],
    [
      `the bytes of "a" and "b" must not overlap`,
      () =>
        openTable(
          ["a", "b"].map((
            key,
          ) => [utf8(key), message([1, 4], [2, message([2, message([1, 1])])], [5, 1])]),
        ),
    ],
    ["the table must begin with a bundle header", () => openTable([], null)],
    ["must be in [1, 99999]: found 0", () => openTable([], message([1, 0]))],
    [
      "it must be readable by version 1: found 9",
      () => openTable([], message([1, 1], [3, message([2, 9])])),
    ],
  ];
  for (const [problem, run] of cases) await assertRejects(run, SyntaxError, problem);

  const bundle = await ofOne(sound);
  await assertRejects(() => bundle.read("v"), RangeError, `Cannot find the variable "v"`);
  await assertRejects(
    () => bundle.readStrings("w"),
    RangeError,
    "its type must be string: found float32",
  );
  const strings = await ofOne({ dtype: 7, shape: [0], bytes: new Uint8Array() });
  await assertRejects(
    () => strings.read("w"),
    RangeError,
    "as its type must be numeric: found string",
  );
});

function openTable(
  rows: [Uint8Array, Uint8Array][],
  header: Uint8Array | null = message([1, 1]),
) {
  const first: [Uint8Array, Uint8Array][] = header ? [[new Uint8Array(), header]] : [];
  const files = { ".index": writeTable([...first, ...rows], 100, false) };
  return TensorBundle.open("model", openIn(files));
}

Deno.test("TensorBundle.readStrings() reads strings and checks both checksums", async () => {
  // "ab" and "": lengths 2 and 0, their checksum, the bytes.
  const ofLengths = crc32c(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0));
  const stored = fixed32(maskCrc32c(ofLengths));
  const rest = Uint8Array.from([...stored, ...utf8("ab")]);
  const bytes = Uint8Array.from([2, 0, ...rest]);
  const crc = maskCrc32c(crc32c(rest, ofLengths));
  const tensor = { dtype: 7, shape: [2], bytes, crc };
  const read = async (change: Partial<TensorToWrite>) => {
    const files = writeBundle([[utf8("w"), { ...tensor, ...change }]]);
    return await (await TensorBundle.open("model", openIn(files))).readStrings("w");
  };
  assertEquals(await read({}), [utf8("ab"), new Uint8Array()]);
  await assertRejects(() => read({ crc: 1 }), SyntaxError, "it is damaged");
  const wrong = bytes.slice();
  wrong[2] ^= 1; // the checksum of the lengths
  const again = maskCrc32c(crc32c(wrong.subarray(2), ofLengths));
  await assertRejects(
    () => read({ bytes: wrong, crc: again }),
    SyntaxError,
    "it is damaged",
  );
});
