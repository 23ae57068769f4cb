import { fileURLToPath } from "node:url";
import { assertEquals, assertRejects } from "@std/assert";
import { Dataset, DatasetWriter } from "../../src/dataset/dataset.ts";
import { listFiles } from "../../src/files.ts";
import { testInFolder } from "../_in_folder.ts";
import { emptyImage, INFO, manOnHorse } from "./_examples.ts";

/** Many small images, so that shards are written before the end. */
async function addMany(writer: DatasetWriter, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await writer.add("train", emptyImage(`${i}`));
}

testInFolder("DatasetWriter.create() removes an earlier dataset", async (folder) => {
  const first = await DatasetWriter.create(folder, INFO);
  await addMany(first, 1001);
  await first.close();
  await Deno.writeTextFile(`${folder}/manifest.json.partial`, "{");
  await Deno.writeTextFile(`${folder}/label_predictor.safetensors`, "not ours");
  const second = await DatasetWriter.create(folder, INFO);
  assertEquals(await listFiles(folder), ["label_predictor.safetensors"]);
  await assertRejects(() => Dataset.open(folder), RangeError, "it has no manifest.json");
  await second.add("test", manOnHorse());
  await second.close();
  assertEquals(
    await listFiles(folder),
    ["label_predictor.safetensors", "manifest.json", "test-00000.safetensors"],
  );
});

testInFolder(
  "DatasetWriter.create() checks the description of the dataset",
  async (folder) => {
    await assertRejects(
      () => DatasetWriter.create(folder, { ...INFO, name: 1 as unknown as string }),
      TypeError,
      "name must be a text: found 1",
    );
    await assertRejects(
      () => DatasetWriter.create(folder, { ...INFO, seed: 0.5 }),
      RangeError,
      "seed must be a whole number >= 0: found 0.5",
    );
  },
);

testInFolder(
  "DatasetWriter.add() leaves out an example that it refuses",
  async (folder) => {
    const writer = await DatasetWriter.create(folder, INFO);
    await writer.add("train", manOnHorse());
    await assertRejects(
      () => writer.add("test", manOnHorse()),
      RangeError,
      `Cannot add image "1" to the dataset as ids must differ: it has this one`,
    );
    await assertRejects(
      () => writer.add("train", manOnHorse({ id: "2", width: 0 })),
      RangeError,
      `Cannot use image "2" as its width and height must be above 0`,
    );
    const huge = manOnHorse({ id: "3", entityLogits: Float32Array.of(0, 0, 0, 1e6) });
    await assertRejects(
      () => writer.add("train", huge),
      RangeError,
      `Cannot store "3" as float16`,
    );
    const { boxes, entityLabels, relations } = manOnHorse();
    const annotated = { boxes, entityLabels, relations };
    await assertRejects(
      () => writer.add("train", manOnHorse({ id: "4", annotated })),
      RangeError,
      `Cannot add image "4" to the dataset as all images of a split must have detected boxes, or none: "1" differs`,
    );
    await writer.add("train", manOnHorse({ id: "2" }));
    await writer.close();
    const dataset = await Dataset.open(folder);
    assertEquals(
      (await Array.fromAsync(dataset.examples("train"))).map(({ id }) => id),
      ["1", "2"],
    );
  },
);

testInFolder("DatasetWriter.add() takes any finite logit as float32", async (folder) => {
  const writer = await DatasetWriter.create(folder, { ...INFO, logitsType: "float32" });
  const example = manOnHorse({ entityLogits: Float32Array.of(1 / 3, -1e30, 0, 1e6) });
  await writer.add("validation", example);
  await writer.close();
  const dataset = await Dataset.open(folder);
  assertEquals(await Array.fromAsync(dataset.examples("validation")), [example]);
});

testInFolder(
  "DatasetWriter removes everything if a shard cannot be written",
  async (folder) => {
    const writer = await DatasetWriter.create(folder, INFO);
    await addMany(writer, 1001); // the first shard is written
    await Deno.mkdir(`${folder}/train-00001.safetensors.partial`);
    await assertRejects(() => writer.close(), Error, "train-00001.safetensors.partial");
    assertEquals(await listFiles(folder), []);
    await assertRejects(
      () => writer.add("train", manOnHorse()),
      Error,
      `Cannot write the dataset "${folder}": its writer is closed`,
    );
  },
);

testInFolder(
  "DatasetWriter removes everything if the manifest cannot be written",
  async (folder) => {
    const writer = await DatasetWriter.create(folder, INFO);
    await writer.add("train", manOnHorse());
    await Deno.mkdir(`${folder}/manifest.json.partial`);
    await assertRejects(() => writer.close(), Error, "manifest.json.partial");
    assertEquals(await listFiles(folder), []);
  },
);

testInFolder(
  "DatasetWriter.discard() removes all files that were written",
  async (folder) => {
    const writer = await DatasetWriter.create(folder, INFO);
    await addMany(writer, 1001);
    assertEquals(await listFiles(folder), ["train-00000.safetensors"]);
    await writer.discard();
    assertEquals(await listFiles(folder), []);
  },
);

testInFolder(
  "DatasetWriter cannot be used after close() or discard()",
  async (folder) => {
    for (const end of ["close", "discard"] as const) {
      const writer = await DatasetWriter.create(folder, INFO);
      await writer[end]();
      for (
        const run of [
          () => writer.add("train", manOnHorse()),
          () => writer.close(),
          () => writer.discard(),
        ]
      ) {
        await assertRejects(run, Error, `"${folder}": its writer is closed`);
      }
    }
  },
);

testInFolder(
  "DatasetWriter leaves no dataset behind when it is killed",
  async (folder) => {
    const program = fileURLToPath(new URL("_unfinished_dataset.ts", import.meta.url));
    const data = `${folder}/data`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--allow-read", "--allow-write", program, data],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assertEquals(new TextDecoder().decode(value), "begun\n");
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
    assertEquals(await listFiles(data), ["train-00000.safetensors"]);
    await assertRejects(() => Dataset.open(data), RangeError, "it has no manifest.json");
    const writer = await DatasetWriter.create(data, INFO);
    await writer.add("test", manOnHorse());
    await writer.close();
    assertEquals(await listFiles(data), ["manifest.json", "test-00000.safetensors"]);
  },
);
