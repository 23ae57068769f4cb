import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type ArrayData,
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../../src/io/safetensors.ts";
import { FIXTURES, isMissing } from "../_fixtures.ts";

fc.configureGlobal({ seed: 1 });

/** A file of this header, without padding, and these bytes after it. */
function fileOf(header: unknown, numBytes: number, length?: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + numBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

/** An array of four float32 in the right place. */
const good = { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] };

function assertRefused(file: Uint8Array, message: string): void {
  assertThrows(
    () => decodeSafetensors(file, "w.safetensors"),
    SyntaxError,
    `Cannot read "w.safetensors": ${message}`,
  );
}

Deno.test("encodeSafetensors() writes the bytes that the format describes", () => {
  const header = `{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`;
  const expected = [
    ...[56, 0, 0, 0, 0, 0, 0, 0], // 54 and two spaces
    ...new TextEncoder().encode(`${header}  `),
    ...[0x00, 0x00, 0x80, 0x3f], // 1: sign 0, exponent 127, fraction 0
    ...[0x00, 0x00, 0x00, 0xc0], // -2: sign 1, exponent 128, fraction 0
  ];
  const bytes = encodeSafetensors({ w: { shape: [2], data: new Float32Array([1, -2]) } });
  assertEquals([...bytes], expected);
  assertEquals([...encodeSafetensors({})], [
    ...[8, 0, 0, 0, 0, 0, 0, 0],
    ...new TextEncoder().encode("{}      "),
  ]);
});

Deno.test("encodeSafetensors() sorts wide types first, then by name", () => {
  const bytes = encodeSafetensors({
    b: { shape: [1], data: new Float32Array([1]) },
    c: { shape: [3], data: new Uint8Array([1, 2, 3]) },
    d: { shape: [], data: new Float64Array([1]) },
    a: { shape: [1], data: new Float32Array([2]) },
  }, { y: "2", x: "1" });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assertEquals(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd(),
    `{"__metadata__":{"x":"1","y":"2"},` +
      `"d":{"dtype":"F64","shape":[],"data_offsets":[0,8]},` +
      `"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},` +
      `"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},` +
      `"c":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}`,
  );
  assertEquals(length % 8, 0);
});

const typed: fc.Arbitrary<ArrayData> = fc.oneof(
  fc.uint8Array(),
  fc.int8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.float32Array().map((values) => new Float16Array(values)),
  fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)).map((v) => BigInt64Array.from(v)),
  fc.array(fc.bigInt(0n, 2n ** 64n - 1n)).map((v) => BigUint64Array.from(v)),
);

const named: fc.Arbitrary<NamedArray> = typed.chain((data) =>
  fc.constantFrom<number[]>(
    [data.length],
    [1, data.length],
    data.length === 1 ? [] : [data.length, 1, 1],
  ).map((shape) => ({ shape, data }))
);

const name = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "1"))
  .filter((text) => text !== "__metadata__");

Deno.test("decodeSafetensors() returns the arrays that encodeSafetensors() wrote", () => {
  fc.assert(fc.property(
    fc.dictionary(name, named),
    fc.dictionary(fc.string(), fc.string()),
    (arrays, metadata) => {
      const decoded = decodeSafetensors(encodeSafetensors(arrays, metadata), "x");
      assertEquals(
        new Map(Object.entries(decoded.arrays)),
        new Map(Object.entries(arrays)),
      );
      assertEquals(
        new Map(Object.entries(decoded.metadata)),
        new Map(Object.entries(metadata)),
      );
    },
  ));
});

Deno.test("encodeSafetensors() gives the same bytes for any order of names", () => {
  fc.assert(fc.property(fc.array(fc.tuple(name, named)), (pairs) => {
    const forward = new Map(pairs);
    const backward = [...forward].reverse();
    assertEquals(
      encodeSafetensors(Object.fromEntries(forward)),
      encodeSafetensors(Object.fromEntries(backward)),
    );
  }));
});

Deno.test("decodeSafetensors() copies only arrays that are not aligned", () => {
  const bytes = encodeSafetensors({ w: { shape: [2], data: new Float32Array([1, 2]) } });
  assert(decodeSafetensors(bytes, "w").arrays.w.data.buffer === bytes.buffer);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  const { data } = decodeSafetensors(shifted, "w").arrays.w;
  assertEquals(data, new Float32Array([1, 2]));
  assert(data.buffer !== shifted.buffer);
});

Deno.test("decodeSafetensors() reads BOOL as bytes, and arrays without numbers", () => {
  const file = fileOf({
    empty: { dtype: "F64", shape: [0, 3], data_offsets: [0, 0] },
    mask: { dtype: "BOOL", shape: [2], data_offsets: [0, 2] },
  }, 2);
  const { arrays, metadata } = decodeSafetensors(file, "w");
  assertEquals(arrays.mask, { shape: [2], data: new Uint8Array(2) });
  assertEquals(arrays.empty, { shape: [0, 3], data: new Float64Array(0) });
  assertEquals(metadata, {});
});

const fixture = `${FIXTURES}/parity/small_none_t2_n2.safetensors`;

Deno.test({
  name: "decodeSafetensors() reads a file that another program wrote",
  ignore: isMissing(fixture),
  fn: async () => {
    const bytes = await Deno.readFile(fixture);
    const { arrays, metadata } = decodeSafetensors(bytes, fixture);
    assertEquals(metadata, { case: "small_none_t2_n2" });
    const { loss } = JSON.parse(
      await Deno.readTextFile(fixture.replace(".safetensors", ".json")),
    );
    // The JSON file of the fixture has the loss in float64.
    assertEquals(arrays["out/loss"].data[0], Math.fround(loss));
    assertEquals(arrays["raw/relation_logits"].shape, [2, 2, 5]); // N = 2, P = 5
    assertEquals(arrays["raw/entity_class"].data.constructor, Int32Array);
    assertEquals(Object.keys(arrays).length, 71);
  },
});

Deno.test("encodeSafetensors() refuses arrays and metadata that it cannot write", () => {
  const data = new Float32Array(3);
  assertThrows(
    () => encodeSafetensors({ w: { shape: [2, 2], data } }),
    RangeError,
    `Cannot write safetensors as "w" of shape [2,2] must hold 4 numbers: found 3`,
  );
  assertThrows(
    () => encodeSafetensors({ __metadata__: { shape: [3], data } }),
    RangeError,
    `Cannot write safetensors as no array must have the name "__metadata__", which is reserved`,
  );
  assertThrows(
    () =>
      encodeSafetensors({
        w: { shape: [3], data: [1, 2, 3] as unknown as Float32Array },
      }),
    TypeError,
    `Cannot write safetensors as the numbers of "w" must be a typed array: found Array`,
  );
  assertThrows(
    () => encodeSafetensors({}, { steps: 2 as unknown as string }),
    TypeError,
    `Cannot write safetensors as metadata "steps" must be a string: found number`,
  );
});

Deno.test("decodeSafetensors() refuses a file that is too short for its header", () => {
  assertRefused(
    new Uint8Array(7),
    "a safetensors file must have at least 8 bytes, found 7",
  );
  assertRefused(
    fileOf("{}", 0, 912),
    "header claims 912 bytes, file has 2 after its length",
  );
  const huge = new Uint8Array(10).fill(0xff);
  assertRefused(huge, "header claims 18446744073709551615 bytes, file has 2");
});

Deno.test("decodeSafetensors() refuses a header longer than the format allows", () => {
  const bytes = new Uint8Array(8 + 100_000_001);
  new DataView(bytes.buffer).setBigUint64(0, 100_000_001n, true);
  assertRefused(bytes, "header claims 100000001 bytes, at most 100000000 are read");
});

Deno.test("decodeSafetensors() refuses a header that is not a JSON object", () => {
  assertRefused(fileOf("{", 0), "header is not JSON (");
  assertRefused(fileOf("", 0), "header is not JSON (");
  assertRefused(fileOf("\ufeff{}", 0), "header is not JSON (");
  assertRefused(fileOf("[]", 0), "header must be a JSON object, found []");
  const notText = fileOf("{}", 0);
  notText[8] = 0xff;
  assertRefused(notText, "header is not JSON (");
});

Deno.test("decodeSafetensors() refuses a repeated key", () => {
  const entry = JSON.stringify(good);
  assertRefused(
    fileOf(`{"a":${entry},"\\u0061":${entry}}`, 16),
    `header has the key "a"`,
  );
  assertRefused(
    fileOf(`{"a":{"dtype":"F32","dtype":"I32","shape":[4],"data_offsets":[0,16]}}`, 16),
    `header has the key "dtype" twice`,
  );
  assertRefused(
    fileOf(`{"__metadata__":{"x":"1","x":"2"}}`, 0),
    `header has the key "x" twice`,
  );
  // These repeat no key: equal values, a name within another, punctuation in strings.
  const fine = fileOf(
    `{"__metadata__":{"x":"y","y":"y","a":"{\\"a\\"","z":"}"},"a":${entry}}`,
    16,
  );
  assertEquals(Object.keys(decodeSafetensors(fine, "w").arrays), ["a"]);
});

Deno.test("decodeSafetensors() refuses metadata other than strings", () => {
  assertRefused(
    fileOf({ __metadata__: { steps: 2 } }, 0),
    `metadata "steps" must be a string, found 2`,
  );
  for (const __metadata__ of [null, [], "x"]) {
    assertRefused(fileOf({ __metadata__ }, 0), `"__metadata__" must be an object`);
  }
});

Deno.test("decodeSafetensors() refuses a wrong description of an array", () => {
  const describe = (change: unknown) =>
    fileOf({ w: change && { ...good, ...change as Record<string, unknown> } }, 16);
  assertRefused(describe(null), `array "w" must be an object with dtype, shape`);
  assertRefused(describe({ dtype: "BF16" }), `array "w" must have a dtype of BOOL, U8`);
  assertRefused(describe({ dtype: "constructor" }), `array "w" must have a dtype of`);
  for (const shape of [undefined, "2,2", [2, -2], [2, 2.5], [2, null], [2, 2 ** 53]]) {
    assertRefused(
      describe({ shape }),
      `shape of "w" must be a list of whole numbers >= 0`,
    );
  }
  for (const offsets of [undefined, [0], [0, 16, 32], [16, 0], [-16, 0], ["0", "16"]]) {
    assertRefused(
      describe({ data_offsets: offsets }),
      `data_offsets of "w" must be two whole numbers, first <= second`,
    );
  }
});

Deno.test("decodeSafetensors() refuses a shape that does not fit its bytes", () => {
  const message = (bytes: string) => `array "w" of F32 and shape ${bytes}`;
  assertRefused(
    fileOf({ w: { ...good, shape: [2, 3] } }, 16),
    message("[2,3] needs 24 bytes, its data_offsets give it 16"),
  );
  const most = Number.MAX_SAFE_INTEGER;
  assertRefused(
    fileOf({ w: { ...good, shape: [most, most] } }, 16),
    message(`[${most},${most}] needs 3.2`),
  );
});

Deno.test("decodeSafetensors() refuses arrays that do not fill the file exactly", () => {
  const from = (begin: number) => ({ ...good, data_offsets: [begin, begin + 16] });
  assertRefused(
    fileOf({ a: good, b: from(12) }, 28),
    `arrays "a" and "b" overlap at byte 12`,
  );
  assertRefused(fileOf({ a: good, b: from(20) }, 36), `hole of 4 bytes before array "b"`);
  assertRefused(fileOf({ a: from(4) }, 20), `hole of 4 bytes before array "a"`);
  assertRefused(
    fileOf({ a: good }, 12),
    `array "a" ends at byte 16 of the numbers, file has 12`,
  );
  assertRefused(
    fileOf({ a: good }, 20),
    `arrays end at byte 16 of the numbers, file has 20`,
  );
});

const small = encodeSafetensors({
  a: { shape: [2], data: new Float32Array([1, 2]) },
  b: { shape: [1, 2], data: new Int32Array([3, 4]) },
}, { format: "test" });

Deno.test("decodeSafetensors() refuses a file that is cut off anywhere", () => {
  for (let length = 0; length < small.length; length++) {
    assertRefused(small.subarray(0, length), "");
  }
});

Deno.test("decodeSafetensors() reads a header with a wrong bit or says what is wrong", () => {
  const end = small.length - 16;
  for (let bit = 0; bit < 8 * end; bit++) {
    const flipped = small.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      const { arrays } = decodeSafetensors(flipped, "w.safetensors");
      for (const { shape, data } of Object.values(arrays)) {
        assertEquals(shape.reduce((size, axis) => size * axis, 1), data.length);
      }
    } catch (error) {
      assert(error instanceof SyntaxError, `bit ${bit}: ${error}`);
      assert(error.message.startsWith(`Cannot read "w.safetensors": `), error.message);
    }
  }
});
