/**
 * Every evaluating task refuses a system with other classes than the dataset, and names
 * both.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import type { VocabularyData } from "../../src/vocabulary.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpointBytes, VOCABULARY } from "../_samples.ts";
import { imageOf } from "../eval/_toy.ts";
import { runTask } from "./_run_script.ts";

/** The arguments that give each task a system and a dataset. */
const COMMANDS: Record<string, (system: string, dataset: string) => string[]> = {
  eval: (system, dataset) => [system, "--dataset", dataset],
  score: (system, dataset) => [system, dataset],
  compare: (system, dataset) => ["label_predictor", system, "--dataset", dataset],
  pipeline: (system, dataset) => ["--control", system, "--dataset", dataset],
};

/** A dataset in which the last thing is beside the first, in every split. */
async function writeDataset(folder: string, vocabulary: VocabularyData): Promise<void> {
  const name = folder.replace(/^.*\//, "");
  const writer = await DatasetWriter.create(folder, {
    name,
    vocabulary,
    labelPredictor: { name: "none", simulated: false },
    source: "by hand",
    licence: "none",
    command: "none",
    inputsHash: "0",
  });
  const c = vocabulary.entities.length, p = vocabulary.predicates.length + 1;
  for (const split of ["train", "validation", "test"] as const) {
    const image = imageOf([0, c - 1], [[1, 0, 0]], { id: split });
    const entityLogits = new Float32Array(2 * c);
    const relationLogits = new Float32Array(4 * p);
    await writer.add(split, { ...image, entityLogits, relationLogits });
  }
  await writer.close();
}

const { entities, predicates } = VOCABULARY;

/** As many classes and predicates as the checkpoint has, under other names. */
const RENAMED = { entities, predicates: ["on", "near", "riding"] };
const SMALLER = { entities: entities.slice(0, 3), predicates };

const HEADER = { format: "scene-graph-predictions", version: 1, task: "sgcls" };

testInFolder("a system of another vocabulary is refused by each task", async (folder) => {
  await writeDataset(`${folder}/data/processed/renamed`, RENAMED);
  await writeDataset(`${folder}/data/processed/smaller`, SMALLER);
  await writeDataset(`${folder}/data/processed/same`, { entities, predicates });
  const checkpoint = smallCheckpointBytes("gpi_mean");
  await Deno.mkdir(`${folder}/checkpoints`);
  await Deno.writeFile(`${folder}/checkpoints/model.safetensors`, checkpoint);
  const image = { id: "test", labels: ["man", "hat"], relations: [[1, 0, "wearing", 1]] };
  const write = (name: string, header: object) =>
    Deno.writeTextFile(
      `${folder}/${name}`,
      `${JSON.stringify(header)}\n${JSON.stringify(image)}\n`,
    );
  await write("named.jsonl", { ...HEADER, entities, predicates });
  await write("plain.jsonl", HEADER);
  const run = (task: string, system: string, dataset: string) =>
    runTask(
      folder,
      task,
      ...COMMANDS[task](system, dataset),
      ...["--quiet", "--k", "20", "--metrics", "R", "--backend", "wasm"],
      ...["--workers", "1"],
    );
  const pairs = ["model", "named.jsonl", "plain.jsonl"].flatMap((system) =>
    ["renamed", "smaller"].map((dataset) => [system, dataset])
  );
  for (const task of Object.keys(COMMANDS)) {
    for (const [system, dataset] of pairs) {
      const { code, stdout, stderr } = await run(task, system, dataset);
      assertEquals([code, stdout], [1, ""], `${task} ${system} ${dataset}: ${stderr}`);
      assertStringIncludes(stderr, `"${system}"`);
      assertStringIncludes(stderr, `"${dataset}"`);
    }
    if (task === "pipeline") continue; // it would train
    for (const system of ["model", "named.jsonl", "plain.jsonl"]) {
      const { code, stderr } = await run(task, system, "same");
      assertEquals(code, 0, `${task} ${system}: ${stderr}`);
    }
  }
});
