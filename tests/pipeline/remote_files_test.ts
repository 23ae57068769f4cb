/** Predictions, states and datasets by address: a real server, and the tasks themselves. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sha256 } from "../../src/checksum.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { serveFiles } from "../download/_file_server.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "../tasks/_run_script.ts";

const SIZES = { train: 4, validation: 1, test: 2 };

const PAGE = "<!doctype html><title>Log in</title>";

/** Sends a few bytes, then closes the connection. */
function broken(): Response {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    pull: (controller) => controller.error(new Error("broken")),
  });
  return new Response(body);
}

testInFolder("score and merge take addresses as they take paths", async (folder) => {
  const dataset = await writeWorldDataset(`${folder}/world`, {
    command: "deno task preprocess synthetic",
    sizes: SIZES,
  });
  const { predicates } = dataset.vocabulary;
  const lines: string[] = [];
  for await (const { id, relations } of dataset.examples("test")) {
    const [subject, object, predicate] = relations;
    const row = [subject, object, predicates[predicate], 1];
    lines.push(`${JSON.stringify({ id, relations: [row] })}\n`);
  }
  const mine = new TextEncoder().encode(lines.join(""));
  await Deno.writeFile(`${folder}/mine.jsonl`, mine);
  const files: Record<string, Uint8Array<ArrayBuffer>> = { "p/mine.jsonl": mine };
  for await (const { name } of Deno.readDir(`${folder}/world`)) {
    if (name.startsWith(".")) continue;
    files[`d/world/${name}`] = await Deno.readFile(`${folder}/world/${name}`);
  }
  await using server = serveFiles(files, {
    answer: ({ path }) =>
      path === "p/page.json"
        ? new Response(PAGE, { headers: { "content-type": "text/html" } })
        : path === "p/broken.jsonl"
        ? broken()
        : undefined,
  });
  const at = (path: string) => `${server.url}${path}?signature=SECRET`;
  const flags = ["--task", "preddet", "--json"];
  const run = async (task: string, ...args: string[]) => {
    const found = await runTask(folder, task, ...args);
    assert(!`${found.stdout}${found.stderr}`.includes("SECRET"), found.stderr);
    return found;
  };

  const state = ["--state", "one.safetensors"];
  const one = await run("score", "mine.jsonl", "./world", ...flags, ...state);
  assertEquals(one.code, 0, one.stderr);
  const there = [at("p/mine.jsonl"), at("d/world")];
  assertEquals(await run("score", ...there, ...flags), one, "the same table");
  const asked = (start: number) =>
    server.requests.slice(start).map(({ path }) => path).sort();
  const first = server.requests.length;
  assertEquals(await run("score", ...there, ...flags), one);
  assertEquals(asked(first), [
    "d/world/label_predictor.safetensors",
    "d/world/manifest.json",
    "p/mine.jsonl",
  ], "shards are kept, by the checksums of the manifest");

  // A file whose checksum is known is fetched once.
  const known = `${at("p/mine.jsonl")}#sha256=${sha256(mine)}`;
  assertEquals((await run("score", known, "./world", ...flags)).code, 0);
  const second = server.requests.length;
  assertEquals((await run("score", known, "./world", ...flags)).code, 0);
  assertEquals(asked(second), []);

  const answers = await run("score", ...there, "--lines", ...flags);
  assertEquals(answers.code, 0, answers.stderr);
  const images = answers.stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line).image
  );
  assertEquals(images, lines.map((line) => JSON.parse(line).id));
  files["s/found.jsonl"] = new TextEncoder().encode(answers.stdout);
  files["s/one.safetensors"] = await Deno.readFile(`${folder}/one.safetensors`);
  for (const name of ["s/found.jsonl", "s/one.safetensors"]) {
    const table = await run("merge", at(name), "--dataset", at("d/world"), "--json");
    assertEquals(table, one, name);
  }

  const refused = async (code: number, source: string, ...texts: string[]) => {
    const found = await run("score", source, "./world", ...flags);
    assertEquals(found.code, code, found.stderr);
    for (const text of texts) assertStringIncludes(found.stderr, text);
  };
  const shown = `${server.url}p/`;
  await refused(1, at("p/none.jsonl"), `"${shown}none.jsonl?…"`, "404");
  await refused(1, at("p/page.json"), 'sent a web page ("Log in") instead of the file');
  await refused(1, `${at("p/mine.jsonl")}#sha256=${"0".repeat(64)}`, "expected 000000");
  await refused(1, `${at("p/mine.jsonl")}#page=2`, '"sha256=" and 64 hexadecimal digits');
  await refused(75, at("p/broken.jsonl"), "closed the connection early");
  files["d/world/test-00000.safetensors"] = new Uint8Array(10);
  await Deno.remove(`${folder}/data/remote`, { recursive: true });
  const other = await run("score", ...there, ...flags);
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "SHA-256 is");
});
