/** Everything in the documents that is no command: data, Python and TypeScript. */

import { assert, assertEquals } from "@std/assert";
import { checkUserJson } from "../../src/dataset/check.ts";
import { openPredictions } from "../../src/eval/prediction_files/open.ts";
import { readDetectionsJson } from "../../src/foreign/detections/read_json.ts";
import { parseSweep } from "../../src/sweep/sweep_file.ts";
import { parsePredictInput } from "../../tasks/_cli/predict/input.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { testInFolder } from "../_in_folder.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { blocksOf, DOCUMENTS } from "./_documents.ts";

const blocks = [...DOCUMENTS].flatMap(([path, text]) =>
  blocksOf(text).map((block) => ({ path, ...block }))
);
const ofLanguage = (...languages: string[]) =>
  blocks.filter(({ language }) => languages.includes(language));

Deno.test("documents: every block is of a kind that is tested", () => {
  const kinds = ["sh", "console", "ts", "json", "jsonl", "python", "bibtex"];
  assertEquals(blocks.filter(({ language }) => !kinds.includes(language)), []);
});

Deno.test("documents: the task test runs the TypeScript of each", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  const words: string[] = tasks.test.command.split(" ");
  for (const { path } of ofLanguage("ts")) {
    const isListed = words.some((word) => path === word || path.startsWith(word + "/"));
    assert(isListed, `${path} is not in the task test of deno.json`);
  }
});

Deno.test("documents: JSON is what the tasks read", async () => {
  for (const { path, text } of ofLanguage("json", "jsonl")) {
    const chunks = async function* () {
      yield new TextEncoder().encode(text);
    };
    if (text.includes("scene-graph-dataset")) {
      const { problems } = await checkUserJson({ name: "mine.json", chunks });
      // An example of one image has no others for validation and testing.
      const worse = problems.list.filter(({ problem }) => !/^no image is/.test(problem));
      assertEquals(worse, [], path);
    } else if (text.includes("scene-graph-predictions")) {
      await readPredictions(chunks);
    } else if (text.includes('"settings"')) {
      parseSweep(text, path);
    } else {
      const value = JSON.parse(text), size = { imageWidth: 640, imageHeight: 480 };
      if (!readDetectionsJson(value, path, size)) parsePredictInput(value, path);
    }
  }
});

Deno.test("examples: predictions are of the dataset beside them", async () => {
  const mine = JSON.parse(await Deno.readTextFile(`${ROOT}examples/mine.json`));
  const ids = await readPredictions(async function* () {
    yield await Deno.readFile(`${ROOT}examples/predictions.jsonl`);
  });
  const test = mine.images.filter(({ split }: { split: string }) => split === "test");
  assertEquals(ids, test.map(({ id }: { id: string }) => id));
});

/** Reads predictions with the vocabulary of `examples/mine.json`. */
async function readPredictions(
  chunks: () => AsyncGenerator<Uint8Array<ArrayBuffer>>,
): Promise<string[]> {
  const mine = JSON.parse(await Deno.readTextFile(`${ROOT}examples/mine.json`));
  const { entities, predicates } = mine;
  const vocabulary = new Vocabulary({ entities, predicates });
  const source = { name: "a.jsonl", chunks, beside: () => Promise.resolve(undefined) };
  const findImage = (id: string) => ({ id, size: [640, 480] as const });
  const { images } = await openPredictions(source, { vocabulary, findImage });
  return (await Array.fromAsync(images)).map(({ id }) => id);
}

testInFolder("documents: Python compiles", async (folder) => {
  for (const { text } of ofLanguage("python")) {
    await Deno.writeTextFile(`${folder}/block.py`, text);
    const args = ["-m", "py_compile", `${folder}/block.py`];
    let output: Deno.CommandOutput;
    try {
      output = await new Deno.Command("python3", { args }).output();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return console.warn("Skipped: no python3");
    }
    assert(output.success, new TextDecoder().decode(output.stderr));
  }
});
