/** Files of predictions are searched as datasets are. */

import { assertEquals, assertRejects } from "@std/assert";
import { openIndex } from "../../../src/pipeline/graphs/graph_index.ts";
import { generateImage, WORLD_VOCABULARY } from "../../../src/world/world.ts";
import { testInFolder } from "../../_in_folder.ts";
import { writeScenes } from "../../view/_opened_view.ts";

testInFolder("openIndex() indexes predictions of a dataset's images", async (folder) => {
  const dataset = `${folder}/scenes`, ids = ["a", "b", "c", "d"];
  await writeScenes(dataset, ids);
  // A system that says what is annotated of all images but the last.
  const { entities, predicates } = WORLD_VOCABULARY;
  const lines = ids.slice(0, 3).map((id, i) => {
    const { entityLabels, relations } = generateImage(3, "test", i).example;
    const rows = Array.from({ length: relations.length / 3 }, (_, r) => {
      const [subject, object, predicate] = relations.slice(3 * r, 3 * r + 3);
      return [subject, object, predicates[predicate], 0.5];
    });
    const labels = Array.from(entityLabels, (label) => entities[label]);
    return JSON.stringify({ id, labels, relations: rows });
  });
  const head = { format: "scene-graph-predictions", version: 1, task: "sgcls" };
  const file = `${folder}/mine.jsonl`, path = `${folder}/mine.sqlite`;
  await Deno.writeTextFile(file, [JSON.stringify(head), ...lines].join("\n"));
  using annotated = (await openIndex(dataset, { path: `${folder}/all.sqlite` })).index;
  const of = { dataset, split: "test" } as const;
  const opened = await openIndex(file, { path, of });
  using index = opened.index;
  assertEquals([opened.isNew, index.size], [true, 3]);
  for (const pattern of [index.commonTriplet("test")!, "?a on ?b", "?a"]) {
    const there = annotated.images(pattern, "test").filter((id) => id !== "d");
    assertEquals(index.images(pattern, "test"), there, pattern);
  }
  const [{ score, clauses: [{ subject }] }] = index.find("?a ?b ?c", 1);
  assertEquals(score, 0.5);
  assertEquals(subject.box.length, 4);
  using again = (await openIndex(file, { path, of })).index;
  assertEquals(again.source.hash, index.source.hash);

  await assertRejects(
    () => openIndex(file, { path: `${folder}/other.sqlite` }),
    RangeError,
    "must be named with --dataset",
  );
  // Nothing of what could not be made stays.
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(files.filter((name) => name.startsWith("other")), []);
});
