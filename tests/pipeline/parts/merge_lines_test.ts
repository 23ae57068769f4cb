/** Files of lines that jobs wrote become the one that a single process writes. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { isPart, mergeLines } from "../../../src/pipeline/parts/merge_lines.ts";
import { partName, writePart } from "../../../src/pipeline/parts/part_lines.ts";
import { testInFolder } from "../../_in_folder.ts";

const HEADER = '{"format":"scene-graph-predictions","version":1}\n';

testInFolder("merge: parts are joined in the order of their jobs", async (folder) => {
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${folder}/${name}`, text);
  await write("g.1-of-11.jsonl", HEADER + '{"id":"1"}\n');
  for (let i = 2; i <= 11; i++) {
    // The last line may lack its end; the tenth job had no image.
    const text = i === 10 ? "" : `{"id":"${i}"}${i === 2 ? "" : "\n"}`;
    await write(`g.${i}-of-11.jsonl`, HEADER + text);
  }
  const paths = Array.from({ length: 11 }, (_, i) => `${folder}/g.${i + 1}-of-11.jsonl`);
  assertEquals(await mergeLines(paths.toReversed(), `${folder}/g.jsonl`), 11);
  const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
  assertEquals(
    await Deno.readTextFile(`${folder}/g.jsonl`),
    HEADER + ids.map((id) => `{"id":"${id}"}\n`).join(""),
  );

  const refused = async (paths: string[], ...texts: string[]) => {
    const out = `${folder}/none.jsonl`;
    const { message } = await assertRejects(() => mergeLines(paths, out), RangeError);
    for (const text of texts) assert(message.includes(text), `${message}: ${text}`);
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  };
  await refused(paths.slice(1, 10), "missing 1/11, 11/11");
  await refused([...paths, paths[3]], "each part must be there once");
  await write("h.1-of-2.jsonl", "{}\n");
  await refused([paths[0], `${folder}/h.1-of-2.jsonl`], "their names differ");
  await write("h.2-of-2.jsonl", HEADER);
  const two = [1, 2].map((i) => `${folder}/h.${i}-of-2.jsonl`);
  await refused(two, "first lines must be the same", two[1]);
  await refused([`${folder}/g.jsonl`], "must say which part it is");
});

Deno.test("merge: the name of a part", () => {
  const shard = { index: 2, count: 8 };
  assertEquals(partName("a.b/graphs.jsonl", shard), "a.b/graphs.2-of-8.jsonl");
  assertEquals(partName("graphs", shard), "graphs.2-of-8");
  assertEquals(partName("graphs.jsonl", undefined), "graphs.jsonl");
  assertEquals(isPart("a/graphs.2-of-8.jsonl"), true);
  assertEquals(isPart("state.2-of-8.safetensors"), false);
});

testInFolder("merge: parts of other settings or inputs are named", async (folder) => {
  const write = (
    index: number,
    command = "deno task detect",
    inputs: string[] = ["a", "b"],
    text = `${index}\n`,
  ) => writePart(`${folder}/g.jsonl`, { index, count: 2 }, text, { command, inputs });
  const paths = [1, 2].map((index) => `${folder}/g.${index}-of-2.jsonl`);
  const out = `${folder}/out.jsonl`;
  const refused = async (...texts: string[]) => {
    const { message } = await assertRejects(() => mergeLines(paths, out), Error);
    for (const text of [...texts, paths[1]]) assert(message.includes(text), message);
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  };
  await write(1);
  await write(2, "deno task detect --min-belief 0.4");
  await refused("settings", '"deno task detect" and "deno task detect --min-belief 0.4"');
  await write(2, undefined, ["a", "c"]);
  await refused("inputs");
  await write(2);
  const record = `${paths[1]}.part.json`;
  const right = await Deno.readTextFile(record);
  await Deno.writeTextFile(record, right.replace("part-1", "part-2"));
  await refused("format must be", "part-2");
  await Deno.remove(record);
  await refused("is missing", record);
  await Deno.writeTextFile(record, right);
  await Deno.writeTextFile(paths[1], "other\n");
  await refused("must be the file of its record", "2/2");
  await write(2); // the job runs again
  assertEquals(await mergeLines(paths, out), 2);
  assertEquals(await Deno.readTextFile(out), "1\n2\n");
});
