import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { generateImage } from "../../src/world/world.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { testInFolder } from "../_in_folder.ts";

const SIZES = { train: 12, validation: 3, test: 4 };

testInFolder(
  "writeWorldDataset() stores the images of generateImage(), and only once",
  async (folder) => {
    const calls: string[] = [];
    const options = {
      seed: 9,
      sizes: SIZES,
      command: "test",
      onProgress: (done: number, total: number) => calls.push(`${done}/${total}`),
    };
    const dataset = await writeWorldDataset(folder, options);
    assertEquals(dataset.manifest.labelPredictor.simulated, true);
    assertEquals(dataset.manifest.seed, 9);
    for (const split of ["train", "validation", "test"] as const) {
      let index = 0;
      for await (const example of dataset.examples(split)) {
        assertEquals(example, generateImage(9, split, index++).example);
      }
      assertEquals(index, SIZES[split]);
    }
    assertEquals(calls.length, 19);
    assertEquals(calls.at(-1), "19/19");

    const again = await writeWorldDataset(folder, options);
    assertEquals(calls.length, 19);
    assertEquals(again.manifest, dataset.manifest);

    const other = await writeWorldDataset(folder, { ...options, seed: 10 });
    assertEquals(calls.length, 38);
    assertNotEquals(
      other.manifest.splits.train.shards[0].sha256,
      dataset.manifest.splits.train.shards[0].sha256,
    );
  },
);

Deno.test("writeWorldDataset() refuses sizes and seeds that are not counts", async () => {
  const prefix = "Cannot generate the built-in dataset as";
  await assertRejects(
    () => writeWorldDataset("nowhere", { command: "test", seed: 0.5 }),
    RangeError,
    `${prefix} seed must be an integer >= 0: current value is 0.5`,
  );
  const sizes = { ...SIZES, test: -1 };
  await assertRejects(
    () => writeWorldDataset("nowhere", { command: "test", sizes }),
    RangeError,
    `${prefix} size of "test" must be an integer >= 0: current value is -1`,
  );
});
