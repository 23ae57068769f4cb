import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type ByteSource, sourceOf } from "../../../src/io/byte_source.ts";
import { readNpy } from "../../../src/io/numpy/npy.ts";
import {
  CsrMatrix,
  NumpyArray,
  PyObject,
  unpickle,
  unpickleItems,
} from "../../../src/io/pickle/pickle.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

/** Describes a value as `_pickles.py` does. */
function describe(value: unknown): unknown {
  if (typeof value === "bigint") {
    const isSafe = Number.isSafeInteger(Number(value));
    return isSafe ? Number(value) : { int: String(value) };
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { float: String(value).replace("Infinity", "inf").replace("NaN", "nan") };
  }
  if (value instanceof Uint8Array) return { bytes: value.toHex() };
  if (Array.isArray(value)) return value.map(describe);
  if (value instanceof Map) {
    return { dict: [...value].map(([k, v]) => [describe(k), describe(v)]) };
  }
  if (value instanceof Set) {
    return { set: [...value].map((item) => JSON.stringify(describe(item))).sort() };
  }
  if (value instanceof NumpyArray) {
    const data = Array.from(value.data as ArrayLike<unknown>, describe);
    return { dtype: value.dtype, shape: value.shape, data };
  }
  if (value instanceof CsrMatrix) {
    const { shape, data, indices, indptr } = value;
    return {
      csr: shape,
      data: Array.from(data),
      indices: Array.from(indices),
      indptr: Array.from(indptr),
    };
  }
  if (value instanceof PyObject) {
    const fields = Object.entries(value.fields).sort(([a], [b]) => a < b ? -1 : 1);
    return {
      class: value.className,
      fields: Object.fromEntries(fields.map(([k, v]) => [k, describe(v)])),
    };
  }
  if (typeof value === "object" && value !== null) {
    return { record: Object.entries(value).map(([k, v]) => [k, describe(v)]) };
  }
  return value;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
const classes = ["some.module.*"];

interface Line {
  name: string;
  pickle?: string;
  npy?: string;
  expected: unknown;
}

/** Pickles written by Python; empty, with a notice, if there is no Python. */
function linesFromPython(): Line[] {
  try {
    const script = fileURLToPath(new URL("./_pickles.py", import.meta.url));
    const { success, stdout } = new Deno.Command("python3", { args: [script] })
      .outputSync();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    if (success) return lines.map((line) => JSON.parse(line));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.warn("Skipped: no python3 to write pickles");
  return [];
}

const lines = linesFromPython();

Deno.test({
  name: "unpickle() reads what Python writes, in every protocol",
  ignore: lines.length === 0,
  fn() {
    for (const { name, pickle, expected } of lines) {
      if (pickle === undefined) continue;
      const found = describe(unpickle(Uint8Array.fromBase64(pickle), name, { classes }));
      assertEquals(found, expected, name);
    }
  },
});

Deno.test({
  name: "readNpy() reads what NumPy writes",
  ignore: !lines.some(({ npy }) => npy),
  fn() {
    for (const { name, npy, expected } of lines) {
      if (npy === undefined) continue;
      const found = describe(readNpy(Uint8Array.fromBase64(npy), name));
      assertEquals(JSON.stringify(found), JSON.stringify(expected), name);
    }
  },
});

/** A source that records its longest read. */
function watched(bytes: Uint8Array): { source: ByteSource; longest: () => number } {
  let longest = 0;
  const source = sourceOf(bytes, "watched.p");
  return {
    longest: () => longest,
    source: {
      ...source,
      read(offset, length) {
        longest = Math.max(longest, length);
        return source.read(offset, length);
      },
    },
  };
}

Deno.test({
  name: "unpickleItems() yields the elements that unpickle() returns",
  ignore: lines.length === 0,
  async fn() {
    for (const { name, pickle, expected } of lines) {
      if (pickle === undefined) continue;
      const items: unknown[] = [];
      const bytes = Uint8Array.fromBase64(pickle);
      const isList = Array.isArray(unpickle(bytes, name, { classes })) &&
        !name.startsWith("scalar complex");
      for await (const item of unpickleItems(sourceOf(bytes, name), { classes })) {
        items.push(describe(item));
      }
      assertEquals(isList ? items : items[0], expected, name);
    }
  },
});

Deno.test("unpickleItems() reads a long file in pieces", async () => {
  // 3,000 strings of 2,000 bytes in batches of 1,000, each memoized, as Python 2 writes
  // them; the first is used again at the end.
  const parts: string[] = ["\x80\x02]q\x00"];
  const memo = (id: number) => "r" + String.fromCharCode(id & 255, id >> 8, 0, 0);
  for (let i = 0; i < 3000; i++) {
    if (i % 1000 === 0) parts.push("(");
    parts.push("T\xd0\x07\0\0", `${i}`.padEnd(2000, "."), memo(i + 1));
    if (i % 1000 === 999) parts.push("e");
  }
  const bytes = bytesOf(parts.join("") + "j\x01\0\0\0a.");
  const { source, longest } = watched(bytes);
  let count = 0;
  for await (const item of unpickleItems(source)) {
    assertEquals((item as string).replace(/\.+$/, ""), String(count++ % 3000));
  }
  assertEquals(count, 3001);
  assert(longest() < bytes.length / 4, `${longest()} bytes at once`);
});

Deno.test("unpickleItems() yields the elements of a list in each notation", async () => {
  const lists = ["(I1\n(I2\nlI3\nl.", "(lI1\na(I2\nlaI3\na.", "](K\x01](K\x02eK\x03e."];
  for (const pickle of [...lists, "(I1\n(I2\nllp0\n0](K\x01](K\x02eK\x03e."]) {
    const items: unknown[] = [];
    for await (const item of unpickleItems(sourceOf(bytesOf(pickle), "list.p"))) {
      items.push(item);
    }
    assertEquals(lists.includes(pickle) ? items : items[0], [1, [2], 3]);
  }
});

Deno.test("unpickleItems() yields a list that contains itself as one item", async () => {
  const items: unknown[] = [];
  const source = sourceOf(bytesOf("(lp0\nI1\nag0\na."), "self.p");
  for await (const item of unpickleItems(source)) items.push(item);
  assertEquals(items.length, 1);
  const [list] = items as [unknown[]];
  assertEquals([list[0], list[1] === list], [1, true]);
});

Deno.test("unpickle() keeps identity and cycles through the memo", () => {
  const list = unpickle(bytesOf("(lp0\ng0\na(dp1\nag1\na."), "cycle.p") as unknown[];
  assert(list[0] === list);
  assert(list[1] === list[2] && list[1] instanceof Map);
});

Deno.test("unpickle() reads strings of Python 2, with their escapes", () => {
  const text = (literal: string) => unpickle(bytesOf(`S${literal}\n.`), "f");
  assertEquals(text("'a\\'b\\\\\\n\\x41\\101\\0'"), "a'b\\\nAA\0");
  assertEquals(text(`"it's"`), "it's");
  assertEquals(unpickle(bytesOf("U\x03\xe9ab."), "f"), "\xe9ab");
  assertEquals(unpickle(bytesOf("V\\u4e2d\\U0001f600\\x\n."), "f"), "\u4e2d\u{1f600}\\x");
  const long = "q".repeat(5000);
  assertEquals(unpickle(bytesOf(`(S'${long}'\nt.`), "f"), [long]);
  assertEquals(unpickle(bytesOf(`((S'${long}'\ntl.`), "f"), [[long]]);
});

Deno.test("unpickle() reads old-style instances, by INST and by OBJ", () => {
  const inst = unpickle(bytesOf("(isome.module\nOld\np0\n(dS'x'\nI1\nsb."), "f", {
    classes,
  });
  const obj = unpickle(bytesOf("(csome.module\nOld\nI7\no(dS'x'\nI1\nsb."), "f", {
    classes: ["some.module.Old"],
  });
  assert(inst instanceof PyObject && obj instanceof PyObject);
  assertEquals([inst.className, inst.args, { ...inst.fields }], [
    "some.module.Old",
    [],
    { x: 1 },
  ]);
  assertEquals([obj.className, obj.args, { ...obj.fields }], [
    "some.module.Old",
    [7],
    { x: 1 },
  ]);
});

Deno.test("unpickle() refuses unknown classes and names them", () => {
  const hostile = [
    ["posix.system", "cposix\nsystem\n(S'echo'\ntR."],
    ["os.system", "\x80\x04\x8c\x02os\x8c\x06system\x93."],
    ["__builtin__.eval", "c__builtin__\neval\n(S'1'\ntR."],
    ["builtins.getattr", "cbuiltins\ngetattr\n."],
    ["numpy.load", "cnumpy\nload\n."],
    [
      "collections.OrderedDict.fromkeys",
      "\x80\x04\x8c\x0bcollections\x8c\x14OrderedDict.fromkeys\x93.",
    ],
    ["some.module.Old", "(isome.module\nOld\n."],
    ["some.module.sub.Old", "(isome.module.sub\nOld\n."],
  ];
  for (const [name, pickle] of hostile) {
    const allowed = name === "some.module.Old" ? [] : classes;
    assertThrows(
      () => unpickle(bytesOf(pickle), "evil.p", { classes: allowed }),
      RangeError,
      `Cannot read "evil.p" as it must name known classes only: found "${name}" at byte`,
    );
  }
});

Deno.test("unpickle() refuses malformed pickles and says where", () => {
  const cases: [string, string][] = [
    ["an opcode of 1 bytes in a file of 0 at byte 0", ""],
    [
      "an opcode of 1 bytes in a file of 2 at byte 2",
      "I1\n".slice(0, 0) + "]q".slice(0, 1) + "]",
    ],
    ["an opcode of 104 bytes in a file of 9 at byte 1", "NT\x63\0\0\0abc"],
    ["a line without an end at byte 0", "I12"],
    ["unknown opcode 0xff at byte 1", "N\xff"],
    ["protocol 6, known are 0 to 5 at byte 0", "\x80\x06N."],
    ["no single result at byte 2", "NN."],
    ["no single result at byte 2", "(N."],
    ["an empty stack at byte 0", "0."],
    ["an empty stack at byte 1", "(2."],
    ["an empty stack at byte 1", "N\x86."],
    ["an empty stack at byte 0", "q\0."],
    ["no mark at byte 1", "Nt."],
    ["a reference to the missing memo entry 5 at byte 0", "h\x05."],
    ["an append to a value that is not a list at byte 2", "NNa."],
    ["an addition to a value that is not a set at byte 2", "](\x90."],
    ["items for a value that is not a dict at byte 3", "]NNs."],
    ["a key without a value at byte 3", "}(Nu."],
    ["a malformed integer at byte 0", "I1x\n."],
    ["a malformed integer at byte 0", `L${"9".repeat(3000)}L\n.`],
    ["an integer of 2000 bytes at byte 0", `\x8b\xd0\x07\0\0${"\x01".repeat(2000)}.`],
    ["a malformed number at byte 0", "F\n."],
    ["a malformed number at byte 0", "F0x1\n."],
    ["a string without quotes at byte 0", "Sabc\n."],
    ["a string with an unknown escape at byte 0", "S'\\q'\n."],
    ["a string with an unknown escape at byte 0", "S'\\x4'\n."],
    ["text that is not UTF-8 at byte 0", "X\x01\0\0\0\xff."],
    ["a call of a value that is not a class at byte 2", "N)R."],
    ["arguments that are not a tuple at byte", "c__builtin__\nset\nNR."],
    ["arguments that are not a tuple at byte 2", "NN\x81."],
    ["an instance of a value that is not a class at byte 2", "N)\x81."],
    ["named arguments at byte", "c__builtin__\nset\n)N\x92."],
    ["a call of __builtin__.object, which is not a class", "c__builtin__\nobject\n)R."],
    [
      "a collection made from a value that is not one at byte",
      "c__builtin__\nset\n(I1\ntR.",
    ],
    [
      "a dict made from values that are not pairs",
      "ccollections\nOrderedDict\n((I1\nltR.",
    ],
    [
      "a bytearray made from a value that is not bytes",
      "c__builtin__\nbytearray\n(I1\ntR.",
    ],
    ["text to encode that is not latin1", "c_codecs\nencode\n(I1\nS'latin1'\ntR."],
    ["text to encode that is not latin1", "c_codecs\nencode\n(S'a'\nS'utf8'\ntR."],
    ["an instance whose base is not object", "ccopy_reg\n_reconstructor\n(NNNtR."],
    ["an instance of a value that is not a class", "ccopy_reg\n__newobj__\n(NtR."],
    ["an instance whose state is not a dict", "(isome.module\nOld\nI1\nb."],
    ["a state for a value that has none", "I1\n}b."],
    ["a reference to a value outside the file", "P1\n."],
    ["extension 3 of a registry", "\x82\x03."],
    ["a buffer that is not in the file", "\x97."],
    ["a sparse matrix without its parts", "cscipy.sparse.csr\ncsr_matrix\n)\x81}b."],
    [
      "an array of the class something else",
      "cnumpy.core.multiarray\n_reconstruct\n(NtR.",
    ],
    ["an array without a shape or a dtype", `${array}}b.`],
    ["a dtype without a code", "cnumpy\ndtype\n(NtR."],
    [`the unknown dtype "q9"`, "cnumpy\ndtype\n(S'q9'\ntR."],
    ["a dtype without details", "cnumpy\ndtype\n(S'f4'\ntRNb."],
    [
      "an array of float32[2] in 7 bytes instead of 8",
      `${array}(I1\n(I2\nt${float32}I00\nS'1234567'\ntb.`,
    ],
    [
      "an array of the impossible shape [-1]",
      `${array}(I1\n(I-1\nt${float32}I00\nS''\ntb.`,
    ],
    ["an array without its bytes", `${array}(I1\n(I2\nt${float32}I00\nNtb.`],
    ["an array of shape [2] with 0 objects", `${array}(I1\n(I2\nt${float32}I00\n]tb.`],
    [
      "a scalar without a dtype",
      "cnumpy.core.multiarray\nscalar\n(NS'a'\ntR.",
    ],
    [
      "a scalar of float32 in 1 bytes",
      `cnumpy.core.multiarray\nscalar\n(${float32}S'a'\ntR.`,
    ],
    [
      "an array without bytes, dtype or shape",
      `cnumpy.core.numeric\n_frombuffer\n(NNNtR.`,
    ],
    [
      "a dtype whose subtype is not a dtype",
      "cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\n(Nttb.",
    ],
    [
      "a dtype without fields",
      "cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\nN(S'a'\ntNtb.",
    ],
    [
      "a dtype without its fields",
      "cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\nN(S'a'\nt}tb.",
    ],
    [
      "a dtype whose fields overlap",
      `cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\nN(S'a'\nS'b'\nt}S'a'\n(${float32}I0\ntsS'b'\n(${float32}I2\ntsI8\ntb.`,
    ],
    [
      "a dtype of 4 bytes with fields of 6 bytes",
      `cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\nN(S'a'\nt}S'a'\n(${float32}I2\ntsI4\ntb.`,
    ],
    [
      "a field without a shape",
      `cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\n(${float32}(I-2\ntttb.`,
    ],
    [
      "elements of void without bytes",
      `${array}(I1\n(I2\ntcnumpy\ndtype\n(S'V0'\ntRI00\nS''\ntb.`,
    ],
  ];
  for (const [problem, pickle] of cases) {
    const error = assertThrows(
      () => unpickle(bytesOf(pickle), "bad.p", { classes }),
      SyntaxError,
      `Cannot read "bad.p"`,
    );
    assert(error.message.includes(problem), `${problem}: ${error.message}`);
  }
});

const float32 = "cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR";
const array = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR";

Deno.test("unpickle() refuses records that are nested too deep", () => {
  // Each dtype is a record with the previous one, from the memo, as its field.
  let pickle = `${float32}p0\n0`;
  for (let i = 1; i < 50; i++) {
    pickle += `cnumpy\ndtype\n(S'V4'\ntRp${i}\n` +
      `(I3\nS'|'\nN(S'a'\nt}S'a'\n(g${i - 1}\nI0\ntsI4\ntb0`;
  }
  assertThrows(
    () => unpickle(bytesOf(pickle + "N."), "deep.p"),
    SyntaxError,
    "a dtype of records nested deeper than 32",
  );
});

Deno.test("unpickle() refuses values that multiply by copies", () => {
  const list = "(lp0\n" + "(" + "N".repeat(10000) + "e0";
  const bomb = list + "c__builtin__\nset\np1\n0".repeat(1) +
    "g1\n(g0\ntR0".repeat(20000) + "N.";
  assertThrows(
    () => unpickle(bytesOf(bomb), "bomb.p"),
    SyntaxError,
    "values far larger than the file",
  );
});

Deno.test("unpickle() refuses a sparse matrix whose parts do not fit", () => {
  const part = (code: string, shape: number, bytes: string) =>
    `${array}(I1\n(I${shape}\ntcnumpy\ndtype\n(S'${code}'\ntRI00\nS'${bytes}'\ntb`;
  const matrix = (column: string) =>
    "cscipy.sparse.csr\ncsr_matrix\n)\x81}" +
    "S'_shape'\n(I1\nI2\ntsS'data'\n" + part("u1", 1, "a") + "sS'indices'\n" +
    part("u1", 1, column) + "sS'indptr'\n" + part("u1", 2, "\\0\\x01") + "sb.";
  const sound = unpickle(bytesOf(matrix("\\x01")), "csr.p") as CsrMatrix;
  assertEquals(describe(sound), {
    csr: [1, 2],
    data: [97],
    indices: [1],
    indptr: [0, 1],
  });
  assertThrows(
    () => unpickle(bytesOf(matrix("\\x02")), "csr.p"),
    SyntaxError,
    "a sparse matrix whose parts do not fit",
  );
});

Deno.test("unpickleItems() refuses a damaged file", async () => {
  const drain = async (pickle: string) => {
    for await (const _ of unpickleItems(sourceOf(bytesOf(pickle), "bad.p")));
  };
  await assertRejects(() => drain("(lp0\nI1\na"), SyntaxError, "in a file of 9");
  await assertRejects(() => drain("a."), SyntaxError, "an empty stack at byte 0");
  await assertRejects(() => drain("cos\nsystem\n."), RangeError, `found "os.system"`);
});

const vg = `${DATA}/vg-100-graphs`;
Deno.test({
  name:
    "unpickle() reads the scene graphs of vg-100-graphs with the counts of its README",
  ignore: isMissing(vg),
  async fn() {
    const bytes = await Deno.readFile(`${vg}/entities.p`);
    const options = { classes: ["Data.VisualGenome.models.*"] };
    const graphs = unpickle(bytes, "entities.p", options) as PyObject[];
    const items: unknown[] = [];
    for await (const item of unpickleItems(sourceOf(bytes, "entities.p"), options)) {
      items.push(item);
    }
    for (const found of [graphs, items as PyObject[]]) {
      assertEquals(found.length, 100);
      const all = (field: string) => found.flatMap((g) => g.fields[field] as PyObject[]);
      assertEquals(all("objects").length, 3671);
      assertEquals(all("relationships").length, 2615);
      assertEquals(all("attributes").length, 3671);
      const predicates = all("relationships").map(({ fields }) => fields.predicate);
      assertEquals(new Set(predicates).size, 258);
      assertEquals(new Set(found.map((g) => g.className)).size, 1);
    }
    const weights = unpickle(
      await Deno.readFile(`${vg}/last_layer_weights.p`),
      "last_layer_weights.p",
    ) as NumpyArray;
    assertEquals([weights.dtype, weights.shape], ["float32", [2048, 51]]);
    const first = Array.from(
      weights.data.slice(0, 3) as Float32Array,
      (x) => x.toFixed(8),
    );
    assertEquals(first, ["-0.02451115", "0.00635938", "0.03388622"]);
    assertThrows(
      () => unpickle(bytes, "entities.p"),
      RangeError,
      "Data.VisualGenome.models",
    );
  },
});

const metadata = `${DATA}/vg150-metadata`;
Deno.test({
  name: "unpickle() and readNpy() read the files of vg150-metadata as its README says",
  ignore: isMissing(metadata),
  async fn() {
    const read = async (name: string) =>
      unpickle(await Deno.readFile(`${metadata}/${name}`), name) as NumpyArray;
    const cases: [string, number[], string, string[]][] = [
      ["object_embeddings.p", [150, 300], "876.63", [
        "-0.06703167",
        "2.350813",
        "0.3469535",
      ]],
      ["predicate_embeddings.p", [50, 300], "-728.28", [
        "-1.776459",
        "1.166732",
        "-0.6875172",
      ]],
    ];
    for (const [name, shape, sum, first] of cases) {
      const { data, ...array } = await read(name);
      assertEquals({ ...array }, { dtype: "float32", shape });
      const numbers = Array.from(data as Float32Array);
      assertEquals(numbers.reduce((a, b) => a + b).toFixed(2), sum);
      assertEquals(numbers.slice(0, 3).map((x) => x.toPrecision(7)), first);
    }
    const counts = readNpy(
      await Deno.readFile(`${metadata}/co_occour_count.npy`),
      "co_occour_count.npy",
    );
    assertEquals([counts.dtype, counts.shape], ["float64", [150, 150]]);
    assertEquals((counts.data as Float64Array).reduce((a, b) => a + b), 27_089_730);
  },
});

const dsr = `${DATA}/vrd/dsr`;
Deno.test({
  name: "unpickle() reads the pickles of vrd/dsr with the counts of its README",
  ignore: isMissing(dsr),
  async fn() {
    type Image = Map<string, unknown> | null;
    const read = async (name: string) =>
      unpickle(await Deno.readFile(`${dsr}/${name}`), name);
    const cases: [string, number[]][] = [
      ["train.pkl", [4000, 26287, 26931, 29857]],
      ["test.pkl", [1000, 6693, 6794, 7474]],
    ];
    for (const [name, expected] of cases) {
      const images = await read(name) as Image[];
      let boxes = 0, pairs = 0, relations = 0;
      for (const image of images) {
        if (image === null) continue;
        const array = image.get("boxes") as NumpyArray;
        assertEquals(array.dtype, "uint16");
        boxes += array.shape[0];
        pairs += (image.get("ix1") as NumpyArray).shape[0];
        relations += (image.get("rel_classes") as unknown[][]).flat().length;
      }
      assertEquals([images.length, boxes, pairs, relations], expected);
    }
    const proposals = await read("proposal.pkl") as Map<string, NumpyArray>;
    assertEquals(proposals.get("cls")!.shape, [1000]);
    const boxes = proposals.get("boxes")!.data as NumpyArray[];
    assertEquals(boxes.reduce((sum, array) => sum + array.shape[0], 0), 7221);
    const words = await read("params_emb.pkl") as NumpyArray;
    assertEquals([words.dtype, words.shape], ["float64", [100, 300]]);
    const lengths = Array.from(
      { length: 100 },
      (_, i) =>
        Math.hypot(...(words.data as Float64Array).subarray(300 * i, 300 * i + 300)),
    );
    // Two classes, whose names are of two words, have shorter ones.
    assertEquals(lengths.filter((length) => Math.abs(length - 1) < 1e-6).length, 98);
  },
});

const npy = (header: string, data = "", version = 1) => {
  const length = String.fromCharCode(header.length & 255, header.length >> 8);
  const field = version === 1 ? length : length + "\0\0";
  return bytesOf(`\x93NUMPY${String.fromCharCode(version)}\0${field}${header}${data}`);
};

Deno.test("readNpy() reads all versions and refuses what is no array of numbers", () => {
  const header = "{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }\n";
  for (const version of [1, 2, 3]) {
    const { dtype, shape, data } = readNpy(npy(header, "\x01\0\x02\0", version), "f");
    assertEquals([dtype, shape, [...data as Uint16Array]], ["uint16", [2], [1, 2]]);
  }
  const cases: [string, Uint8Array][] = [
    ["no .npy header", bytesOf("PK\x03\x04")],
    ["no .npy header", bytesOf("\x93NUMPY\x02\0\0")],
    ["format version 4, known are 1 to 3", npy(header, "", 4)],
    ["a header of 58 bytes, and 60 in all", npy(header).slice(0, 60)],
    ["a header that is no dict", npy("(1, 2)")],
    [`a header without "shape" or "fortran_order"`, npy("{'descr': '<u2'}")],
    ["no Python literal at character 1", npy("{!")],
    ["no Python literal at character", npy("[1 2]")],
    ["no Python literal at character", npy("{1, 2}")],
    ["no Python literal at character", npy("(1,) 2")],
    ["no Python literal at character", npy("]")],
    ["no Python literal at character", npy("(".repeat(100))],
    ["pickled Python objects", npy(header.replace("<u2", "|O"))],
    ["the unknown dtype", npy(header.replace("<u2", "<u3"))],
    ["an unknown dtype", npy(header.replace("'<u2'", "7"))],
    ["an unknown dtype", npy(header.replace("'<u2'", "[7]"))],
    ["a field without a name", npy(header.replace("'<u2'", "[(7, '<u2')]"))],
    ["in 5 bytes instead of 4", npy(header, "12345")],
    ["the impossible shape [-2]", npy(header.replace("(2,)", "(-2,)"))],
  ];
  for (const [problem, bytes] of cases) {
    const error = assertThrows(() => readNpy(bytes, "bad.npy"), SyntaxError, '"bad.npy"');
    assert(error.message.includes(problem), `${problem}: ${error.message}`);
  }
});
