import { pathToFileURL } from "node:url";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { Dataset, DatasetWriter } from "../../src/dataset/dataset.ts";
import {
  downloadPackedDataset,
  packDataset,
  unpackDataset,
} from "../../src/download/packed_dataset.ts";
import type { Example } from "../../src/example.ts";
import { sha256 } from "../../src/checksum.ts";
import { lockFolder } from "../../src/lock.ts";
import { LABEL_PREDICTOR_FILE } from "../../src/dataset/manifest.ts";
import { testInFolder } from "../_in_folder.ts";
import { type TarItem, tarOf } from "../archive/_archives.ts";
import { serveFiles } from "./_file_server.ts";

/** A man with a hat, and the same hat without the man. */
function example(id: string, n: 1 | 2): Example {
  return {
    ...{ id, width: 100, height: 80 },
    boxes: new Float32Array([0, 0, 50, 80, 10, 0, 40, 20].slice(0, 4 * n)),
    entityLabels: new Int32Array([0, 1].slice(0, n)),
    relations: new Int32Array(n === 2 ? [0, 1, 0] : []),
    entityLogits: new Float32Array([2, 0, 0, 1].slice(0, 2 * n)),
    relationLogits: new Float32Array(n * n * 2),
  };
}

async function makeDataset(folder: string): Promise<void> {
  const writer = await DatasetWriter.create(folder, {
    name: "hats",
    vocabulary: { entities: ["man", "hat"], predicates: ["wearing"] },
    labelPredictor: { name: "none", simulated: false },
    ...{ source: "a test", licence: "none", command: "none", inputsHash: "0" },
  });
  await writer.add("train", example("a", 2));
  await writer.add("test", example("b", 1));
  await writer.close();
}

/** Each test gets a folder with the dataset "hats" in it. */
function test(name: string, run: (folder: string) => Promise<void>): void {
  testInFolder(name, async (folder) => {
    await makeDataset(`${folder}/hats`);
    await run(folder);
  });
}

async function filesIn(folder: string): Promise<Record<string, Uint8Array>> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await Deno.readFile(`${folder}/${name}`)]),
    ),
  );
}

/** The files of the dataset as the items of a tar. */
async function itemsOf(folder: string): Promise<TarItem[]> {
  const files = await filesIn(`${folder}/hats`);
  return Object.entries(files)
    .map(([name, content]) => ({ path: `hats/${name}`, content }));
}

test("packDataset() and unpackDataset() pass a dataset on byte for byte", async (folder) => {
  const path = `${folder}/hats.tar.gz`;
  const progress: number[][] = [];
  const packed = await packDataset(
    `${folder}/hats`,
    path,
    (...numbers) => progress.push(numbers),
  );
  const bytes = await Deno.readFile(path);
  assertEquals(packed, {
    ...{ name: "hats", path, bytes: bytes.length },
    ...{ sha256: sha256(bytes), state: "packed" },
  });
  assertEquals(progress.length, 3);
  assertEquals(progress[2][0], progress[2][1]);

  const unpacked = await unpackDataset(path, `${folder}/out`);
  const files = await filesIn(`${folder}/hats`);
  assertEquals(await filesIn(`${folder}/out/hats`), files);
  const size = Object.values(files).reduce((sum, file) => sum + file.length, 0);
  const manifest = sha256(files["manifest.json"]);
  assertEquals(unpacked, {
    ...{ name: "hats", path: `${folder}/out/hats`, bytes: size },
    ...{ sha256: manifest, state: "unpacked" },
  });
  assertEquals((await Dataset.open(`${folder}/out/hats`)).size("train"), 1);

  await packDataset(`${folder}/out/hats`, `${folder}/again.tar.gz`);
  assertEquals(await Deno.readFile(`${folder}/again.tar.gz`), bytes);
  assertEquals(Array.from(Deno.readDirSync(`${folder}/out`), ({ name }) => name), [
    "hats",
  ]);
});

test("packDataset() leaves out moments, owners and other files", async (folder) => {
  await Deno.writeTextFile(`${folder}/hats/notes.txt`, "mine");
  await packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`);
  const zipped = await Deno.readFile(`${folder}/hats.tar.gz`);
  assertEquals([...zipped.subarray(4, 8)], [0, 0, 0, 0]); // when, in the header of gzip
  const tar = gunzipSync(zipped);
  const text = (start: number, end: number) =>
    new TextDecoder().decode(tar.subarray(start, end));
  assertEquals(text(0, 18), "hats/manifest.json");
  assertEquals(
    text(100, 148),
    "0000644\0" + "0000000\0".repeat(2) +
      text(124, 136) + "00000000000\0",
  );
  assertEquals(text(265, 345).replaceAll("\0", ""), "");
  assertEquals(new TextDecoder().decode(tar).includes("notes.txt"), false);
});

test("packDataset() includes the label predictor of the dataset", async (folder) => {
  const predictor = new TextEncoder().encode("a label predictor");
  await Deno.writeFile(`${folder}/hats/${LABEL_PREDICTOR_FILE}`, predictor);
  await packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`);
  await unpackDataset(`${folder}/hats.tar.gz`, `${folder}/out`);
  assertEquals(await filesIn(`${folder}/out/hats`), await filesIn(`${folder}/hats`));
});

test("packDataset() refuses a damaged dataset and leaves nothing", async (folder) => {
  const shard = `${folder}/hats/test-00000.safetensors`;
  const bytes = await Deno.readFile(shard);
  bytes[bytes.length - 1] ^= 1;
  await Deno.writeFile(shard, bytes);
  await assertRejects(
    () => packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`),
    Error,
    `Cannot pack "${shard}": SHA-256 is `,
  );
  assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["hats"]);
});

test("packDataset() reports a missing dataset", async (folder) => {
  await assertRejects(
    () => packDataset(`${folder}/caps`, `${folder}/caps.tar.gz`),
    RangeError,
    `Cannot open the dataset "${folder}/caps": it has no manifest.json`,
  );
});

test("unpackDataset() recognizes an existing dataset", async (folder) => {
  await packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`);
  const { state } = await unpackDataset(`${folder}/hats.tar.gz`, folder);
  assertEquals(state, "present");
});

test("unpackDataset() does not overwrite another dataset", async (folder) => {
  await packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`);
  const manifest = `${folder}/hats/manifest.json`;
  const text = (await Deno.readTextFile(manifest)).replace("a test", "another");
  await Deno.writeTextFile(manifest, text);
  const rejects = () =>
    assertRejects(
      () => unpackDataset(`${folder}/hats.tar.gz`, folder),
      Error,
      `Cannot unpack "hats.tar.gz": "${folder}/hats" holds another dataset; rename or remove it and run it again`,
    );
  await rejects();
  assertEquals(await Deno.readTextFile(manifest), text);
  await Deno.remove(manifest);
  await rejects();
});

for (
  const [what, change, message] of [
    [
      "two folders",
      (items) => [...items, { path: "caps/x", content: "x" }],
      "it must hold one folder and nothing beside it",
    ],
    [
      "a file beside the folder",
      (items) => [...items, { path: "x", content: "x" }],
      "it must hold one folder and nothing beside it",
    ],
    [
      "no manifest",
      (items) => items.filter(({ path }) => !path.endsWith(".json")),
      `it has no manifest.json; preprocess it first`,
    ],
    [
      "no JSON in its manifest",
      ([, ...items]) => [{ path: "hats/manifest.json", content: "{" }, ...items],
      "hats/manifest.json",
    ],
    [
      "a shard too few",
      (items) => items.filter(({ path }) => !path.includes("train")),
      "train-00000.safetensors",
    ],
    [
      "a damaged shard",
      (items) =>
        items.map(({ path, content }) =>
          path.includes("train")
            ? { path, content: (content as Uint8Array).map((byte) => byte ^ 1) }
            : { path, content }
        ),
      `"hats/train-00000.safetensors" is damaged: SHA-256 is `,
    ],
    [
      "a file too many",
      (items) => [...items, { path: "hats/x.sh", content: "x" }],
      `its manifest does not list "hats/x.sh"`,
    ],
    [
      "a name that a terminal would obey",
      (items) => [...items, { path: "hats/\x1b[2J", content: "x" }],
      String.raw`its manifest does not list "hats/\u{1b}[2J"`,
    ],
    [
      "a folder too many",
      (items) => [...items, { path: "hats/x/y", content: "x" }],
      `its manifest does not list "hats/x"`,
    ],
  ] as [string, (items: TarItem[]) => TarItem[], string][]
) {
  test(`unpackDataset() refuses a file with ${what}`, async (folder) => {
    const tar = tarOf(change(await itemsOf(folder)));
    await Deno.writeFile(`${folder}/x.tar`, tar);
    const error = await assertRejects(() =>
      unpackDataset(`${folder}/x.tar`, `${folder}/out`)
    );
    assertStringIncludes(error.message, `Cannot use "x.tar" as a dataset: `);
    assertStringIncludes(error.message, message);
    assertEquals([...Deno.readDirSync(`${folder}/out`)], []);
  });
}

test("unpackDataset() refuses very many files at once, before it makes them", async (folder) => {
  const empty = Array.from({ length: 60_000 }, (_, i) => ({
    path: `hats/${i}`,
    content: "",
  }));
  await Deno.writeFile(`${folder}/x.tar`, tarOf(empty));
  await assertRejects(
    () => unpackDataset(`${folder}/x.tar`, `${folder}/out`),
    RangeError,
    'Cannot unpack "x.tar": "hats/0" must not be empty',
  );
  assertEquals([...Deno.readDirSync(`${folder}/out`)], []);
});

test("unpackDataset() refuses other files, and a path out of the folder", async (folder) => {
  await Deno.writeTextFile(`${folder}/x.tar`, "hello");
  await assertRejects(
    () => unpackDataset(`${folder}/x.tar`, `${folder}/out`),
    SyntaxError,
    `Cannot read "x.tar": it is not a zip, tar or tar.gz`,
  );
  await Deno.writeFile(`${folder}/x.tar`, tarOf([{ path: "../evil", content: "x" }]));
  await assertRejects(
    () => unpackDataset(`${folder}/x.tar`, `${folder}/out`),
    RangeError,
    `Cannot unpack "x.tar": the path "../evil" leads out of the folder`,
  );
  assertEquals([...Deno.readDirSync(`${folder}/out`)], []);
});

test("downloadPackedDataset() takes a path, a file: URL and a web URL", async (folder) => {
  const { bytes } = await packDataset(`${folder}/hats`, `${folder}/my hats.tar.gz`);
  await using server = serveFiles({
    "my hats.tar.gz": await Deno.readFile(`${folder}/my hats.tar.gz`),
  });
  const addresses = [
    `${folder}/my hats.tar.gz`,
    String(pathToFileURL(`${folder}/my hats.tar.gz`)),
    `${server.url}my%20hats.tar.gz?version=1`,
  ];
  for (const [i, address] of addresses.entries()) {
    const progress: number[][] = [];
    const bundle = await downloadPackedDataset(address, {
      raw: `${folder}/raw`,
      processed: `${folder}/out${i}`,
      onProgress: (...numbers) => progress.push(numbers),
    });
    assertEquals(bundle.state, "unpacked");
    assertEquals(
      await filesIn(`${folder}/out${i}/hats`),
      await filesIn(`${folder}/hats`),
    );
    assertEquals(progress.at(-1), [bundle.bytes, bundle.bytes]);
    if (i === 2) assertEquals(progress.some(([done]) => done === bytes), true);
  }
  const left = Array.from(Deno.readDirSync(`${folder}/raw`), ({ name }) => name);
  assertEquals(left, [".lock"]);
});

test("downloadPackedDataset() lets one process at a time write", async (folder) => {
  await packDataset(`${folder}/hats`, `${folder}/hats.tar.gz`);
  await using server = serveFiles({
    "hats.tar.gz": await Deno.readFile(`${folder}/hats.tar.gz`),
  });
  const raw = `${folder}/raw`;
  using _lock = await lockFolder(raw);
  await assertRejects(
    () => downloadPackedDataset(`${server.url}hats.tar.gz`, { raw, processed: folder }),
    Error,
    `Cannot write to "${raw}": another process is writing to it`,
  );
  assertEquals(server.requests, []);
});

test("downloadPackedDataset() reports a missing file", async (folder) => {
  await assertRejects(
    () => downloadPackedDataset(`${folder}/no.tar.gz`),
    Error,
    `Cannot find "${folder}/no.tar.gz": no such file`,
  );
  await using server = serveFiles({});
  await assertRejects(
    () => downloadPackedDataset(`${server.url}no.tar.gz`, { raw: `${folder}/raw` }),
    Error,
    `Cannot download "${server.url}no.tar.gz": answered 404 Not Found`,
  );
});
