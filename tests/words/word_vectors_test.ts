import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { ENTITY_NAMES } from "../../src/world/classes.ts";
import { PREDICATE_NAMES } from "../../src/world/predicates.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import {
  builtInWords,
  decodeWordTable,
  encodeWordTable,
  loadWordTable,
  nameVectors,
  wordsOf,
} from "../../src/words/word_vectors.ts";
import { assertClose } from "../_assert.ts";
import { DATA, isMissing } from "../_fixtures.ts";

const TABLE = new Map([
  ["traffic", Float32Array.of(1, -2)],
  ["light", Float32Array.of(0.5, 1)],
]);

Deno.test("wordsOf() splits at characters other than letters and digits", () => {
  assertEquals(wordsOf("Traffic-light, 2 café_tables"), [
    "traffic",
    "light",
    "2",
    "café",
    "tables",
  ]);
});

Deno.test("nameVectors() takes the mean over the known words of a name", () => {
  const names = ["light", "Traffic light", "traffic blorp"];
  const { size, data, unknown } = nameVectors(names, TABLE);
  assertEquals(size, 2);
  assertClose(data, [0.5, 1, 0.75, -0.5, 1, -2], 1e-7);
  assertEquals(unknown, []);
});

Deno.test("nameVectors() draws a vector for an unknown name, with the scale of the table", () => {
  // The mean square of TABLE is (1 + 4 + 1/4 + 1) / 4.
  const names = Array.from({ length: 2000 }, (_, i) => `blorp${i}`);
  const { data, unknown } = nameVectors(names, TABLE);
  assertEquals(unknown, names);
  let squares = 0;
  for (const value of data) squares += value * value;
  assertAlmostEquals(squares / data.length, 6.25 / 4, 0.1);
  const again = nameVectors(["BLORP7", "blorp8"], TABLE).data;
  assertEquals(again, data.slice(14, 18));
  assert(data[14] !== data[16]);
});

Deno.test("nameVectors() refuses a table without words", () => {
  assertThrows(
    () => nameVectors(["a"], new Map()),
    RangeError,
    'Cannot look up words as "table" must not be empty',
  );
});

Deno.test("encodeWordTable() keeps 8 bits of each number", () => {
  const table = decodeWordTable(encodeWordTable(TABLE, "by hand"), "t.safetensors");
  assertEquals([...table.keys()], ["traffic", "light"]);
  // The scale of "traffic" is 2/127, so an error is at most half of that.
  assertClose(table.get("traffic")!, [1, -2], 1 / 127 + 1e-6);
  assertClose(table.get("light")!, [0.5, 1], 0.5 / 127 + 1e-6);
});

Deno.test("decodeWordTable() refuses another file", () => {
  const other = encodeSafetensors({
    values: { shape: [1, 2], data: Float32Array.of(1, 2) },
  }, {});
  assertThrows(
    () => decodeWordTable(other, "other.safetensors"),
    SyntaxError,
    'Cannot read "other.safetensors": it must hold words, values and scales',
  );
});

Deno.test("loadWordTable() says which file the server does not have", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("no", { status: 404 }),
  );
  const url = new URL(`http://127.0.0.1:${server.addr.port}/words.safetensors`);
  await assertRejects(
    () => loadWordTable(url),
    TypeError,
    `Cannot fetch "${url}": the server answers 404`,
  );
  await server.shutdown();
});

Deno.test("builtInWords() has the numbers of GloVe", async () => {
  const table = await builtInWords();
  // The first numbers of "person" in the package that the table is built from; its
  // greatest is 1.8132, so an error is at most half of 1.8132/127.
  assertClose(
    table.get("person")!.subarray(0, 6),
    [0.38709, 0.32629, 0.64524, 0.012882, -0.11051, 1.1922],
    0.5 * 1.8132 / 127 + 1e-6,
  );
  assertEquals(table.get("person")!.length, 100);
  // Meaning: a cup is nearer to a bowl than to a horse.
  const cosine = (a: string, b: string) => {
    const [x, y] = [table.get(a)!, table.get(b)!];
    const dot = (p: Float32Array, q: Float32Array) =>
      p.reduce((sum, value, d) => sum + value * q[d], 0);
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };
  assert(cosine("cup", "bowl") > cosine("cup", "horse") + 0.2);
});

Deno.test("builtInWords() knows every name of the built-in world", async () => {
  const names = [...ENTITY_NAMES, ...PREDICATE_NAMES];
  assertEquals(nameVectors(names, await builtInWords()).unknown, []);
});

const VG = `${DATA}/vg150-metadata/VG-SGG-dicts-with-attri.json`;
Deno.test("builtInWords() knows every name of VRD and of VG150", {
  ignore: isMissing(VG),
}, async () => {
  const read = async (path: string) => JSON.parse(await Deno.readTextFile(path));
  const { label_to_idx, predicate_to_idx } = await read(VG);
  const names = [
    ...Object.keys(label_to_idx),
    ...Object.keys(predicate_to_idx),
    ...await read(`${DATA}/vrd/objects.json`),
    ...await read(`${DATA}/vrd/predicates.json`),
  ];
  assertEquals(names.length, 150 + 50 + 100 + 70);
  const { unknown } = nameVectors(names, await builtInWords());
  assertEquals(unknown, []);
});
