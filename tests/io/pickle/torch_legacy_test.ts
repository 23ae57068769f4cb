import { assert, assertEquals, assertThrows } from "@std/assert";
import { readTorchLegacy, TorchTensor } from "../../../src/io/pickle/torch_legacy.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

const path = `${DATA}/vg150-metadata/zeroshot_triplet.pytorch`;

Deno.test({
  name: "readTorchLegacy() reads the zero-shot triplets of VG150 as their README says",
  ignore: isMissing(path),
  async fn() {
    const triplets = readTorchLegacy(
      await Deno.readFile(path),
      "zeroshot_triplet.pytorch",
    );
    assert(triplets instanceof TorchTensor);
    assertEquals(triplets.shape, [5971, 3]);
    const first = Array.from(triplets.data.slice(0, 9) as BigInt64Array, Number);
    assertEquals(first, [1, 1, 33, 1, 22, 22, 1, 23, 29]);
  },
});

const header = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." + // the magic number
  "\x80\x02M\xe9\x03." + // protocol 1001
  "\x80\x02}X\x0d\0\0\0little_endian\x88s.";
const storage = (key: string, length: number, type = "Float") =>
  `(S'storage'\nctorch\n${type}Storage\nS'${key}'\nS'cpu'\nI${length}\nNtQ`;
const tensor = (of: string, offset: number, shape: number[], strides: number[]) =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${of}I${offset}\n${tuple(shape)}${
    tuple(strides)
  }` +
  "I00\nccollections\nOrderedDict\n)RtR";
const tuple = (numbers: number[]) => `(${numbers.map((n) => `I${n}\n`).join("")}t`;
const keys = (...names: string[]) => `(${names.map((name) => `S'${name}'\n`).join("")}l.`;

/** A file, with storages of float32. */
function file(value: string, list: string, ...storages: number[][]): Uint8Array {
  const text = `${header}${value}.${list}`;
  const parts = [Uint8Array.from(text, (c) => c.charCodeAt(0))];
  for (const numbers of storages) {
    parts.push(new Uint8Array(BigInt64Array.of(BigInt(numbers.length)).buffer));
    parts.push(new Uint8Array(Float32Array.from(numbers).buffer));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

Deno.test("readTorchLegacy() reads tensors that share a storage, in any order of axes", () => {
  const numbers = [0, 1, 2, 3, 4, 5];
  const value = "(" + tensor(storage("a", 6), 0, [2, 3], [3, 1]) +
    tensor(storage("a", 6), 0, [3, 2], [1, 3]) +
    tensor(storage("b", 1), 0, [], []) + tensor(storage("a", 6), 4, [2], [1]) + "l";
  const found = readTorchLegacy(file(value, keys("b", "a"), [7], numbers), "t");
  assertEquals((found as TorchTensor[]).map(({ shape, data }) => [shape, [...data]]), [
    [[2, 3], numbers],
    [[3, 2], [0, 3, 1, 4, 2, 5]],
    [[], [7]],
    [[2], [4, 5]],
  ]);
});

Deno.test("readTorchLegacy() refuses malformed files", () => {
  const one = tensor(storage("a", 2), 0, [2], [1]);
  const cases: [string, Uint8Array][] = [
    ["no header of torch.save", Uint8Array.from("N.", (c) => c.charCodeAt(0))],
    ["protocol 5, known is 1001", file("", "").with(18, 5).with(19, 0)],
    ["numbers that are not little-endian", file("", "").with(42, 0x89)],
    ["no list of its storages", file(one, "N.", [1, 2])],
    [`a storage "b" that no tensor uses`, file(one, keys("b"), [1, 2])],
    ["a storage of 3 numbers where 2 are expected", file(one, keys("a"), [1, 2, 3])],
    ["a storage of -1 numbers where 2", file(one, keys("a"))],
    ["a storage of 2 numbers where 2", file(one, keys("a"), [1, 2]).slice(0, -1)],
    ["a tensor whose numbers are missing", file(one, keys())],
    [
      "a tensor of shape [3] in a storage of 2 numbers",
      file(tensor(storage("a", 2), 0, [3], [0]), keys("a"), [1, 2]),
    ],
    [
      "a tensor of shape [2] in a storage of 2 numbers",
      file(tensor(storage("a", 2), 1, [2], [1]), keys("a"), [1, 2]),
    ],
    [
      "a tensor without storage, shape or strides",
      file(tensor("N", 0, [2], [1]), keys("a"), [1, 2]),
    ],
    [
      "a tensor without storage, shape or strides",
      file(tensor(storage("a", 2), 0, [2], [1, 1]), keys("a"), [1, 2]),
    ],
    ["a storage of an unknown kind", file("NQ", keys())],
    ["a call of torch.FloatStorage", file("ctorch\nFloatStorage\n)R", keys())],
    [
      `two different storages "a"`,
      file(`(${storage("a", 2)}${storage("a", 3)}l`, keys("a"), [1, 2]),
    ],
  ];
  for (const [problem, bytes] of cases) {
    const error = assertThrows(() => readTorchLegacy(bytes, "bad.pt"), SyntaxError);
    assert(error.message.includes(problem), `${problem}: ${error.message}`);
  }
  assertThrows(
    () => readTorchLegacy(file("cos\nsystem\n", keys()), "bad.pt"),
    RangeError,
    `found "os.system"`,
  );
  // 20,000 tensors by a memoized call, each of the same 100,000 numbers.
  const long = new Array(100_000).fill(0);
  const call = "ctorch._utils\n_rebuild_tensor\np0\n0" +
    `(${storage("a", long.length)}I0\n${tuple([1])}${tuple([1])}tp1\n0` +
    `(${"g0\ng1\nR".repeat(20_000)}l`;
  assertThrows(
    () => readTorchLegacy(file(call, keys("a"), long), "bomb.pt"),
    SyntaxError,
    "tensors that share more numbers than there are bytes",
  );
});
