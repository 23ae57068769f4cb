import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Dataset, DatasetWriter, type ReadOptions } from "../../src/dataset/dataset.ts";
import type { Example } from "../../src/example.ts";
import type { SplitName } from "../../src/dataset/manifest.ts";
import { testInFolder } from "../_in_folder.ts";
import { anyExample, emptyImage, INFO, manOnHorse } from "./_examples.ts";

fc.configureGlobal({ seed: 1 });

/** Writes training images and opens the dataset. */
async function written(
  folder: string,
  examples: Example[],
  info: Partial<typeof INFO> = {},
): Promise<Dataset> {
  const writer = await DatasetWriter.create(folder, { ...INFO, ...info });
  for (const example of examples) await writer.add("train", example);
  await writer.close();
  return await Dataset.open(folder);
}

/** Small images named 0, 1, 2, ... */
const images = (count: number) =>
  Array.from({ length: count }, (_, i) => emptyImage(`${i}`));

async function idsOf(dataset: Dataset, options?: ReadOptions): Promise<number[]> {
  const ids = [];
  for await (const { id } of dataset.examples("train", options)) ids.push(Number(id));
  return ids;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

testInFolder("Dataset returns the examples given to DatasetWriter", async (folder) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(anyExample, fc.constantFrom("train", "test")), {
        selector: ([{ id }]) => id,
        maxLength: 6,
      }),
      async (pairs) => {
        const writer = await DatasetWriter.create(folder, INFO);
        for (const [example, split] of pairs) {
          await writer.add(split as SplitName, example);
        }
        const manifest = await writer.close();
        const dataset = await Dataset.open(folder);
        assertEquals(dataset.manifest, manifest);
        assertEquals(dataset.vocabulary.toJSON(), INFO.vocabulary);
        for (const split of ["train", "validation", "test"] as const) {
          const expected = pairs.filter(([, s]) => s === split).map(([e]) => e);
          assertEquals(await Array.fromAsync(dataset.examples(split)), expected);
          assertEquals(dataset.size(split), expected.length);
        }
      },
    ),
    { numRuns: 20 },
  );
});

testInFolder("DatasetWriter counts images, entities and relations", async (folder) => {
  const { manifest } = await written(folder, [
    manOnHorse(),
    emptyImage("2"),
    manOnHorse({ id: "3", relations: Int32Array.of(0, 1, 0, 1, 0, 1) }),
  ]);
  const { images, entities, relations, shards } = manifest.splits.train;
  assertEquals([images, entities, relations], [3, 4, 3]);
  assertEquals(shards.map(({ file }) => file), ["train-00000.safetensors"]);
  assertEquals(manifest.splits.test, {
    images: 0,
    entities: 0,
    relations: 0,
    shards: [],
  });
  assertEquals(manifest.logitsType, "float16");
});

testInFolder(
  "DatasetWriter writes the same bytes for the same examples",
  async (folder) => {
    const examples = [manOnHorse(), ...images(3).map((e) => ({ ...e, id: `_${e.id}` }))];
    await written(`${folder}/a`, examples);
    await written(`${folder}/b`, examples);
    for await (const { name } of Deno.readDir(`${folder}/a`)) {
      const [a, b] = ["a", "b"].map((part) =>
        Deno.readFileSync(`${folder}/${part}/${name}`)
      );
      assertEquals(a, b, name);
    }
  },
);

testInFolder(
  "DatasetWriter begins a new shard after a thousand images",
  async (folder) => {
    const dataset = await written(folder, images(2001));
    assertEquals(
      dataset.manifest.splits.train.shards.map(({ images }) => images),
      [1000, 1000, 1],
    );
    assertEquals(await idsOf(dataset), upTo(2001));
  },
);

testInFolder("DatasetWriter begins a new shard after 32 MB", async (folder) => {
  // 1,000 entities: 1,000,000 pairs x 3 x 2 bytes = 6 MB, so five of them, not six.
  const n = 1000;
  const large = (id: string): Example => ({
    ...emptyImage(id),
    boxes: Float32Array.from({ length: 4 * n }, (_, i) => i % 4 < 2 ? 0 : 1),
    entityLabels: new Int32Array(n),
    entityLogits: new Float32Array(2 * n),
    relationLogits: new Float32Array(3 * n * n),
  });
  const dataset = await written(folder, upTo(6).map((i) => large(`${i}`)));
  assertEquals(
    dataset.manifest.splits.train.shards.map(({ images }) => images),
    [5, 1],
  );
});

testInFolder("Dataset.examples() shuffles by a seed", async (folder) => {
  const dataset = await written(folder, images(3500));
  const order = await idsOf(dataset, { shuffleSeed: 1 });
  assertEquals(order.toSorted((a, b) => a - b), upTo(3500));
  assertEquals(await idsOf(dataset, { shuffleSeed: 1 }), order);
  assertNotEquals(await idsOf(dataset, { shuffleSeed: 2 }), order);
  // Two shards together: the first thousand comes from both, about half and half.
  const shards = new Map<number, number>();
  for (const id of order.slice(0, 1000)) {
    const shard = Math.floor(id / 1000);
    shards.set(shard, (shards.get(shard) ?? 0) + 1);
  }
  assertEquals(shards.size, 2);
  for (const count of shards.values()) assert(count > 250, `${count}`);
});

testInFolder(
  "Dataset.examples() reads only the first images up to a limit",
  async (folder) => {
    const dataset = await written(folder, images(1500));
    for (const limit of [0, 1, 999, 1000, 1001, 1500, 9999]) {
      const expected = upTo(Math.min(limit, 1500));
      assertEquals(await idsOf(dataset, { limit }), expected);
      const shuffled = await idsOf(dataset, { limit, shuffleSeed: 3 });
      assertEquals(shuffled.sort((a, b) => a - b), expected);
    }
    for (const limit of [-1, 1.5, NaN]) {
      await assertRejects(
        () => idsOf(dataset, { limit }),
        RangeError,
        `Cannot read examples as limit must be an integer >= 0: current value is ${limit}`,
      );
    }
  },
);

testInFolder(
  "Dataset.examples() can be read twice at the same time, and left early",
  async (folder) => {
    const dataset = await written(folder, [...images(1200), manOnHorse({ id: "1200" })]);
    const first = dataset.examples("train")[Symbol.asyncIterator]();
    const begun = await first.next();
    assertEquals(await idsOf(dataset), upTo(1201));
    assertEquals(begun.value, emptyImage("0"));
    assertEquals((await first.next()).value, emptyImage("1"));
    for await (const { id } of dataset.examples("train", { shuffleSeed: 1 })) {
      if (id !== "") break;
    }
    assertEquals((await Array.fromAsync(first)).at(-1), manOnHorse({ id: "1200" }));
  },
);

testInFolder(
  "Dataset.examples() returns examples that later ones do not change",
  async (folder) => {
    const examples = upTo(1001).map((i) =>
      manOnHorse({ id: `${i}`, entityLogits: new Float32Array(4).fill(i) })
    );
    const dataset = await written(folder, examples);
    assertEquals(await Array.fromAsync(dataset.examples("train")), examples);
  },
);

testInFolder("Dataset.openIfMadeFrom() recognizes finished work", async (folder) => {
  assertEquals(await Dataset.openIfMadeFrom(folder, "abc"), undefined);
  const writer = await DatasetWriter.create(folder, INFO);
  await writer.add("train", manOnHorse());
  assertEquals(await Dataset.openIfMadeFrom(folder, "abc"), undefined);
  await writer.close();
  const dataset = await Dataset.openIfMadeFrom(folder, "abc");
  assertEquals(dataset?.size("train"), 1);
  assertEquals(await Dataset.openIfMadeFrom(folder, "abd"), undefined);
});

testInFolder("Dataset.open() refuses a folder without a manifest", async (folder) => {
  await assertRejects(
    () => Dataset.open(`${folder}/vrd`),
    RangeError,
    `Cannot open the dataset "${folder}/vrd": it has no manifest.json; preprocess it first`,
  );
});

testInFolder("Dataset.open() refuses a manifest that is broken", async (folder) => {
  await written(folder, [manOnHorse()]);
  const path = `${folder}/manifest.json`;
  const bytes = await Deno.readFile(path);
  for (const length of [0, 1, bytes.length >> 1, bytes.length - 3]) {
    await Deno.writeFile(path, bytes.subarray(0, length));
    await assertRejects(
      () => Dataset.open(folder),
      SyntaxError,
      `Cannot read "${path}": it is not JSON (`,
    );
  }
  await Deno.writeFile(path, Uint8Array.of(0x22, 0xff, 0x22));
  await assertRejects(
    () => Dataset.open(folder),
    SyntaxError,
    `"${path}": it is not JSON`,
  );
  await Deno.writeTextFile(path, "{}");
  await assertRejects(() => Dataset.open(folder), TypeError, `Cannot use "${path}": `);
});

testInFolder("Dataset.open() refuses a shard that is missing or cut", async (folder) => {
  const { manifest } = await written(folder, [manOnHorse()]);
  const [{ file, bytes }] = manifest.splits.train.shards;
  const path = `${folder}/${file}`;
  await Deno.truncate(path, bytes - 1);
  await assertRejects(
    () => Dataset.open(folder),
    RangeError,
    `Cannot use "${path}": size is ${bytes - 1}, expected ${bytes}; preprocess again`,
  );
  await Deno.remove(path);
  await assertRejects(
    () => Dataset.open(folder),
    RangeError,
    `Cannot use "${path}": size is undefined, expected ${bytes}; preprocess again`,
  );
});

testInFolder(
  "a damaged dataset names the command that made it, and no other",
  async (folder) => {
    const cases = [
      ["deno task preprocess json --raw 'my data.json'", "json --raw 'my data.json'"],
      // A manifest may come from elsewhere.
      ["deno task preprocess vrd; rm -rf .", "<dataset> --name mine"],
      ["deno task preprocess \u001b[2J", "<dataset> --name mine"],
      ["curl example.org", "<dataset> --name mine"],
    ];
    for (const [command, remedy] of cases) {
      const mine = `${folder}/mine`;
      const { manifest } = await written(mine, [manOnHorse()], { command });
      const path = `${mine}/${manifest.splits.train.shards[0].file}`;
      await Deno.truncate(path, 9);
      const error = await assertRejects(() => Dataset.open(mine), RangeError);
      assert(
        error.message.endsWith(`; preprocess again: deno task preprocess ${remedy}`),
        error.message,
      );
      await Deno.remove(mine, { recursive: true });
    }
  },
);

testInFolder("Dataset.examples() refuses a shard with any wrong bit", async (folder) => {
  const dataset = await written(folder, [manOnHorse()]);
  const [{ file, sha256 }] = dataset.manifest.splits.train.shards;
  const path = `${folder}/${file}`;
  const bytes = await Deno.readFile(path);
  for (let at = 0; at < bytes.length; at += 7) {
    const flipped = bytes.slice();
    flipped[at] ^= 1 << (at % 8);
    await Deno.writeFile(path, flipped);
    const error = await assertRejects(() => idsOf(dataset), RangeError);
    assert(error.message.startsWith(`Cannot use "${path}": SHA-256 is `), error.message);
    assert(
      error.message.includes(`, expected ${sha256}; preprocess again: deno task`),
      error.message,
    );
  }
  await Deno.writeFile(path, bytes);
  assertEquals(await idsOf(dataset), [1]);
});

testInFolder(
  "Dataset.examples() refuses a shard that changed after opening",
  async (folder) => {
    const dataset = await written(folder, [manOnHorse()]);
    const [{ file, bytes }] = dataset.manifest.splits.train.shards;
    const path = `${folder}/${file}`;
    await Deno.truncate(path, 10);
    await assertRejects(
      () => idsOf(dataset),
      RangeError,
      `Cannot use "${path}": size is 10, expected ${bytes}; preprocess again`,
    );
  },
);

testInFolder(
  "Dataset.examples() refuses a count other than the manifest's",
  async (folder) => {
    await written(folder, [manOnHorse()]);
    const path = `${folder}/manifest.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replaceAll(`"images": 1`, `"images": 2`));
    const dataset = await Dataset.open(folder);
    await assertRejects(
      () => idsOf(dataset),
      RangeError,
      `Cannot use "${folder}/train-00000.safetensors": number of images is 1, expected 2`,
    );
  },
);
