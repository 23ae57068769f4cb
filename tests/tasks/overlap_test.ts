import { assertEquals } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { INFO, manOnHorse } from "../dataset/_examples.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

testInFolder("overlap compares splits of processed datasets", async (cwd) => {
  const folder = `${cwd}/data/processed/toy`;
  const writer = await DatasetWriter.create(folder, INFO);
  await writer.add("train", manOnHorse());
  const relations = Int32Array.of(0, 1, 0, 0, 1, 1);
  await writer.add("test", manOnHorse({ id: "2", relations }));
  await writer.close();
  const { code, stdout, stderr } = await runTask(
    cwd,
    "overlap",
    ...["toy:test", "toy:train", "--json", "--quiet"],
  );
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    {
      ...{ of: "toy:test", in: "toy:train" },
      ...{ relations: 2, predicate: 0.5, pair: 1, triplet: 0.5 },
    },
    {
      ...{ of: "toy:train", in: "toy:test" },
      ...{ relations: 1, predicate: 1, pair: 1, triplet: 1 },
    },
  ]);
});
