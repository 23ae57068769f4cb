/** Parts of a dataset that jobs wrote become the bytes that one process writes. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Example } from "../../src/example.ts";
import { Dataset, DatasetWriter } from "../../src/dataset/dataset.ts";
import { makeDataset } from "../../src/dataset/make.ts";
import { type DatasetInfo, SPLITS } from "../../src/dataset/manifest.ts";
import { mergeParts } from "../../src/dataset/merge_parts.ts";
import { partFolder, partOf } from "../../src/dataset/part.ts";
import type { JobShard } from "../../src/job_shard.ts";
import { testInFolder } from "../_in_folder.ts";
import { emptyImage, INFO, manOnHorse } from "./_examples.ts";
import { assertSameFiles, filesOf } from "./_same_files.ts";

/** The second file of the training images begins with image 1001. */
const IMAGES: Record<string, Example[]> = {
  train: Array.from({ length: 1003 }, (_, i) => manOnHorse({ id: `train ${i}` })),
  validation: [emptyImage("nothing")],
  test: Array.from(
    { length: 5 },
    (_, i) => manOnHorse({ id: `${i}`, fileName: i === 3 ? "ä.jpg" : undefined }),
  ),
};

/** Writes the images of one job. */
async function write(
  folder: string,
  shard?: JobShard,
  more: Partial<DatasetInfo> = {},
  images = IMAGES,
): Promise<string> {
  const { train, validation, test } = images;
  const part = partOf(shard, {
    train: train.length,
    validation: validation.length,
    test: test.length,
  });
  const info = { ...INFO, ...part.info, ...more };
  const dataset = await makeDataset(folder, { info }, async (aside) => {
    const writer = await DatasetWriter.create(aside, info);
    for (const split of SPLITS) {
      const { first, end } = part.ranges[split];
      for (const image of images[split].slice(first, end)) await writer.add(split, image);
    }
    await writer.close();
  });
  assertEquals(dataset.folder, partFolder(folder, shard));
  return dataset.folder;
}

testInFolder(
  "merge: 1, 2, 7 and 64 parts of a dataset give the bytes of one process",
  async (folder) => {
    const one = await write(`${folder}/one`);
    assertEquals(
      Object.keys(await filesOf(one)).length,
      2 + 1 + 1 + 1,
      "train has two files",
    );
    for (const count of [1, 2, 7, 64]) {
      const parts: string[] = [];
      for (let index = 1; index <= count; index++) {
        parts.push(await write(`${folder}/${count}`, { index, count }));
      }
      const out = `${folder}/merged ${count}`;
      await mergeParts(parts.toReversed(), out);
      await assertSameFiles(out, one);
    }
  },
);

testInFolder(
  "merge: parts of a dataset that do not belong together are named",
  async (folder) => {
    const images = { train: [], validation: [], test: IMAGES.test };
    const part = (name: string, index: number, more?: Partial<DatasetInfo>, count = 3) =>
      write(`${folder}/${name}`, { index, count }, more, images);
    const refused = async (folders: string[], ...texts: string[]) => {
      const out = `${folder}/out`;
      const { message } = await assertRejects(() => mergeParts(folders, out), RangeError);
      for (const text of texts) assert(message.includes(text), `${message}: ${text}`);
      await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
    };
    const one = await part("a", 1), two = await part("a", 2), three = await part("a", 3);
    await refused([three, one], '"test"', "missing 2/3");
    await refused([one, two, await part("b", 2), three], two, "b.2-of-3", "part 2/3");
    await refused(
      [one, await part("c", 2, { inputsHash: "x" }), three],
      '"inputsHash"',
      "c.2",
    );
    await refused(
      [one, await part("d", 2, { seed: 4 }), three],
      '"seed"',
      "d.2-of-3",
      "4",
    );
    await refused([one, await part("e", 2, {}, 4)], '"jobs"', "e.2-of-4", "3 and 4");
    const fewer = { ...images, test: IMAGES.test.slice(1) };
    const other = await write(`${folder}/f`, { index: 2, count: 3 }, {}, fewer);
    await refused([one, other, three], '"images"', "f.2-of-3", "5 and 4");
    await refused([one, await write(`${folder}/whole`, undefined, {}, images)], "whole");

    const predictor = `${two}/label_predictor.safetensors`;
    await Deno.writeTextFile(predictor, "another fit");
    await refused([one, two, three], "label_predictor.safetensors", one, two);
    await Deno.remove(predictor);

    const path = `${two}/test-00000.safetensors`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await Deno.writeFile(path, bytes);
    await refused([one, two, three], path, "SHA-256", "--shard 2/3");
    await Deno.remove(path);
    await refused([one, two, three], path, "size is undefined");
    const manifest = await Deno.readTextFile(`${three}/manifest.json`);
    await Deno.writeTextFile(
      `${three}/manifest.json`,
      manifest.replace('"formatVersion": 1', '"formatVersion": 2'),
    );
    await refused([one, three], three, "formatVersion", "--shard 3/3");
  },
);

testInFolder(
  "Dataset.open() refuses a part, which has not all images",
  async (folder) => {
    const part = await write(`${folder}/a`, { index: 1, count: 2 });
    await assertRejects(
      () => Dataset.open(part),
      RangeError,
      "found part 1/2; join the parts",
    );
  },
);
