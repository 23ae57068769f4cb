import { assert, assertEquals } from "@std/assert";
import { sourceOf } from "../../src/io/byte_source.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readNpy } from "../../src/io/numpy/npy.ts";
import { unpickle, unpickleItems } from "../../src/io/pickle/pickle.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { TensorBundle } from "../../src/io/tensorflow/tensor_bundle.ts";
import { readTorchLegacy } from "../../src/io/pickle/torch_legacy.ts";
import { fuzz, FUZZ_INPUTS } from "../_fuzz.ts";
import { sliceKey } from "../../src/io/tensorflow/_slice_key.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { writeBundle } from "./tensorflow/_bundle_writer.ts";

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const floats = (...numbers: number[]) =>
  new Uint8Array(Float32Array.from(numbers).buffer);

/** A pickled array as Python 2 writes it, in protocol 2 and in protocol 0. */
const BINARY_ARRAY =
  "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85U\x01btR" +
  "(K\x01K\x02K\x03\x86cnumpy\ndtype\nU\x02f8K\0K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xff" +
  "J\xff\xff\xff\xffK\0tb\x89U\x30" + "\0".repeat(48) + "tb";
const TEXT_ARRAY =
  "cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\n" +
  "S'b'\np3\ntp4\nRp5\n(I1\n(I2\ntp6\ncnumpy\ndtype\np7\n(S'f4'\np8\nI0\nI1\ntp9\nRp10\n" +
  "(I3\nS'<'\np11\nNNNI-1\nI-1\nI0\ntp12\nbI00\nS'\\x00\\x00\\x80?abc\\n'\np13\ntp14\nb";

const PICKLES = [
  `\x80\x02]q\0(${BINARY_ARRAY}K\x05M\x01\x02G?\xf0\0\0\0\0\0\0U\x03abcq\x01h\x01` +
  "}q\x02(U\x01aK\x01U\x01bNu(isome.module\nOld\nq\x03}U\x01xh\x02sb\x88\x8a\x03abce.",
  `(lp0\n${TEXT_ARRAY}aI1\naL12345678901234567890L\naF1.5\naV\\u4e2d\np20\na(dp21\ng20\nI2\nsa.`,
  "\x80\x04\x95\x40\0\0\0\0\0\0\0](\x8c\x03abc\x94C\x03xyz\x94\x8f\x94(K\x01K\x02\x90" +
  "\x8c\x0bcollections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94\x8c\x01aK\x01se.",
].map(latin1);

const nested = (open: string, close: string, depth: number) =>
  latin1(open.repeat(depth) + close.repeat(depth));
const HOSTILE_PICKLES = [
  latin1("(".repeat(100_000) + "."),
  nested("(", "t", 100_000),
  latin1(`${"]".repeat(100_000)}${"a".repeat(99_999)}.`),
  latin1("]q\0" + "h\0a".repeat(100_000) + "."),
  latin1("N" + "\x85".repeat(1_000_000) + "."),
  latin1("(l" + "h\x05".repeat(10) + "."),
  latin1("(lp0\n0" + "(g0\ng0\nlp0\n0".repeat(20_000) + "g0\n."), // 2^20000 by reference
  latin1(`L${"9".repeat(1_000_000)}L\n.`),
  latin1("\x8b\xff\xff\xff\x7f"),
  latin1("\x96\xff\xff\xff\xff\xff\xff\xff\x7f"),
  latin1("r\xff\xff\xff\xff."),
  latin1("Nr\xff\xff\xff\xff\x94\x94."),
  latin1(
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n" +
      "(I1000000000000\nI0\ntcnumpy\ndtype\n(S'f4'\ntRI00\nS''\ntb.",
  ),
  latin1(
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n" +
      "(I1000000000\ntcnumpy\ndtype\n(S'S0'\ntRI00\nS''\ntb.",
  ),
  // 100,000 references to one array.
  latin1("(lp0\n0c__builtin__\nlist\np1\n0(" + "g1\n(g0\ntR".repeat(100_000) + "l."),
];

Deno.test("unpickle() refuses or reads every spoiled file", async () => {
  const { inputs, refused } = await fuzz({
    name: "fuzz.p",
    samples: PICKLES,
    hostile: HOSTILE_PICKLES,
    read: (bytes) => unpickle(bytes, "fuzz.p", { classes: ["some.module.*"] }),
  });
  assert(inputs >= FUZZ_INPUTS && refused > inputs / 2);
});

Deno.test("unpickleItems() refuses or reads every spoiled file", async () => {
  const { inputs } = await fuzz({
    name: "fuzz.p",
    samples: PICKLES,
    hostile: HOSTILE_PICKLES,
    read: (bytes) =>
      Array.fromAsync(
        unpickleItems(sourceOf(bytes, "fuzz.p"), { classes: ["some.module.*"] }),
      ),
  });
  assert(inputs >= FUZZ_INPUTS);
});

const npy = (header: string, data: string) => {
  const padded = header.padEnd(54) + "\n";
  return latin1(
    `\x93NUMPY\x01\0${String.fromCharCode(padded.length, 0)}${padded}${data}`,
  );
};

Deno.test("readNpy() refuses or reads every spoiled file", async () => {
  const { inputs } = await fuzz({
    name: "fuzz.npy",
    samples: [
      npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", "\0".repeat(48)),
      npy(
        "{'descr': [('a', '<i2'), ('b', '|S3', (2,))], 'fortran_order': False, 'shape': (2,)}",
        "\x01".repeat(16),
      ),
    ],
    hostile: [
      npy("(".repeat(60_000), ""),
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,)}", ""),
      npy("{'descr': '|V0', 'fortran_order': False, 'shape': (9999999999,)}", ""),
      npy("{'descr': '<U999999999', 'fortran_order': False, 'shape': (0,)}", ""),
    ],
    read: (bytes) => readNpy(bytes, "fuzz.npy"),
  });
  assert(inputs >= FUZZ_INPUTS);
});

Deno.test("readTorchLegacy() refuses or reads every spoiled file", async () => {
  const { inputs } = await fuzz({
    name: "fuzz.pt",
    samples: [latin1(
      "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03." +
        "\x80\x02}X\x0d\0\0\0little_endian\x88s." +
        "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\n" +
        "S'a'\nS'cpu'\nK\x02NtQK\0K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR." +
        "\x80\x02]S'a'\na.\x02\0\0\0\0\0\0\0" + "\0".repeat(8),
    )],
    read: (bytes) => readTorchLegacy(bytes, "fuzz.pt"),
  });
  assert(inputs >= FUZZ_INPUTS);
});

Deno.test("TensorBundle refuses or reads every spoiled file, and returns no wrong number", async () => {
  // Index and data are one array of bytes, so both are spoiled.
  const slices: [number, number][][] = [[[0, -1], [0, 1]], [[0, -1], [1, 1]]];
  const bundles = [false, true].map((snappy) =>
    writeBundle([
      [latin1("a/weights"), { dtype: 1, shape: [2, 2], bytes: floats(1, 2, 3, 4) }],
      [latin1("a/biases"), { dtype: 1, shape: [2], bytes: floats(5, 6) }],
      [latin1("w"), { dtype: 1, shape: [2, 2], bytes: new Uint8Array(), slices }],
      ...slices.map((slice, i): [Uint8Array, Parameters<typeof writeBundle>[0][0][1]] => [
        latin1(sliceKey("w", slice)),
        { dtype: 1, shape: [2, 1], bytes: floats(i, i + 2) },
      ]),
    ], { snappy, rowsPerBlock: 2 })
  );
  const [index, data] = [".index", ".data-00000-of-00001"];
  const samples = bundles.map((files) => {
    const both = new Uint8Array(files[index].length + files[data].length);
    both.set(files[data]);
    both.set(files[index], files[data].length);
    return both;
  });
  const dataLength = bundles[0][data].length;
  const expected = { "a/biases": [5, 6], "a/weights": [1, 2, 3, 4], w: [0, 1, 2, 3] };
  const { inputs, refused } = await fuzz({
    name: "model",
    samples,
    async read(bytes) {
      const open = (path: string) => {
        const part = path === "model.index"
          ? bytes.subarray(dataLength)
          : bytes.subarray(0, dataLength);
        return Promise.resolve(sourceOf(part, path));
      };
      const bundle = await TensorBundle.open("model", open);
      const found: Record<string, number[]> = {};
      for (const name of bundle.entries.keys()) {
        found[name] = Array.from((await bundle.read(name)).data, Number);
      }
      return found;
    },
    check: (found) => assertEquals(found, expected),
  });
  assert(inputs >= FUZZ_INPUTS && refused > 0.9 * inputs);
});

/** A safetensors file with a given header and number of bytes after it. */
function safetensors(header: string, numBytes = 0, claimed = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + numBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
  bytes.set(latin1(header), 8);
  return bytes;
}

const HOSTILE_SAFETENSORS = [
  safetensors("[".repeat(100_000)),
  safetensors(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`),
  safetensors("{}", 0, 2 ** 60),
  safetensors('{"a":{"dtype":"F32","shape":[4e15],"data_offsets":[0,16e15]}}'),
  safetensors('{"a":{"dtype":"U8","shape":[0,1e308],"data_offsets":[0,0]}}'),
  safetensors(
    `{${
      Array.from(
        { length: 20_000 },
        (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
      )
    }}`,
  ),
  safetensors(
    `{"a":{"dtype":"U8","shape":[${"1,".repeat(1e5)}1],"data_offsets":[0,1]}}`,
    1,
  ),
];

Deno.test("decodeSafetensors() refuses or reads every spoiled file", async () => {
  const { inputs, refused } = await fuzz({
    name: "fuzz.safetensors",
    samples: [encodeSafetensors({
      a: { shape: [2], data: new Float32Array([1, 2]) },
      b: { shape: [1, 3], data: new Int16Array([3, 4, 5]) },
    }, { format: "test" })],
    hostile: HOSTILE_SAFETENSORS,
    read: (bytes) => decodeSafetensors(bytes, "fuzz.safetensors"),
    check(result) {
      const { arrays } = result as ReturnType<typeof decodeSafetensors>;
      for (const { shape, data } of Object.values(arrays)) {
        assertEquals(shape.reduce((size, axis) => size * axis, 1), data.length);
      }
    },
  });
  assert(inputs >= FUZZ_INPUTS && refused > inputs / 2);
});

Deno.test("decodeCheckpoint() refuses or reads every spoiled file, and returns no wrong number", async () => {
  const sample = smallCheckpointBytes("gpi_mean");
  const expected = decodeCheckpoint(sample, "sound");
  const { inputs, refused } = await fuzz({
    name: "fuzz.safetensors",
    samples: [sample],
    hostile: HOSTILE_SAFETENSORS,
    read: (bytes) => decodeCheckpoint(bytes, "fuzz.safetensors"),
    check: (checkpoint) => assertEquals(checkpoint, expected),
  });
  assert(inputs >= FUZZ_INPUTS && refused > 0.9 * inputs, `${refused} of ${inputs}`);
});
