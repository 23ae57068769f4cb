/** Lines that filters answer are together what one process finds. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { headerOf, imagesOf } from "../../../src/dataset/convert.ts";
import type { Dataset } from "../../../src/dataset/dataset.ts";
import { userJsonText } from "../../../src/dataset/formats/user_json_text.ts";
import {
  type LineScorer,
  openLineEvaluator,
  openLineScorer,
} from "../../../src/pipeline/parts/evaluation_lines.ts";
import { encodeState } from "../../../src/pipeline/parts/evaluation_state.ts";
import { SILENT } from "../../../src/pipeline/listener.ts";
import {
  evaluateState,
  joinedState,
  mergeStates,
} from "../../../src/pipeline/parts/merge_states.ts";
import { evaluateModel } from "../../../src/pipeline/model_evaluation.ts";
import { scoreSystem } from "../../../src/pipeline/system_evaluation.ts";
import { preprocessFits } from "../../../src/preprocess/preprocess.ts";
import { prepareJson, preprocessJson } from "../../../src/preprocess/preprocess_json.ts";
import { openLinePreprocessor } from "../../../src/preprocess/preprocess_lines.ts";
import { writeWorldDataset } from "../../../src/world/write_dataset.ts";
import { testInFolder } from "../../_in_folder.ts";
import { TOY_VOCABULARY, toyImages, toyTraining } from "../../label_predictor/_toy.ts";

const SIZES = { train: 6, validation: 1, test: 5 };

const SETTINGS = {
  split: "test" as const,
  metrics: "R,ngR,mR,zR,accuracy",
  k: [5, 20],
  seed: 3,
  resamples: 50,
};

const encode = (text: string) => new TextEncoder().encode(text);

async function textOf(text: AsyncIterable<string>): Promise<string[]> {
  return (await Array.fromAsync(text)).join("").trimEnd().split("\n");
}

/** The lines of `convert`: the header, and an example each. */
async function examplesOf(dataset: Dataset): Promise<string[]> {
  const images = imagesOf(dataset, { logits: true });
  return await textOf(userJsonText(headerOf(dataset), images, true));
}

/** Writes the answers to lines into two files. */
async function answer(
  folder: string,
  score: LineScorer,
  lines: readonly string[],
): Promise<string[]> {
  const answers: string[] = [];
  for (const line of lines) {
    const found = await score(encode(line));
    if (found) answers.push(JSON.stringify(found));
  }
  // Engines name the parts as they like, and have them in any order.
  const paths = [`${folder}/part-00001`, `${folder}/part-00000`];
  await Deno.writeTextFile(paths[0], `${answers.slice(2).join("\n")}\n`);
  await Deno.writeTextFile(paths[1], `${answers.slice(0, 2).join("\n")}\n\n`);
  return paths;
}

async function makeWorld(folder: string): Promise<[Dataset, string[]]> {
  const dataset = await writeWorldDataset(`${folder}/world`, {
    command: "deno task preprocess synthetic",
    sizes: SIZES,
  });
  const [header, ...lines] = await examplesOf(dataset);
  return [dataset, [header, ...lines.filter((line) => line.includes('"split":"test"'))]];
}

testInFolder(
  "eval as a filter: merged lines are the state of one process",
  async (folder) => {
    const [dataset, lines] = await makeWorld(folder);
    const options = {
      ...{ ...SETTINGS, systems: ["frequency"], dataset: dataset.folder },
      ...{ task: "sgcls,predcls", protocol: "motifs,sgp", command: "", seeds: 1 },
    };
    const state = `${folder}/one.safetensors`;
    const one = await evaluateModel({ ...options, state });
    using evaluator = await openLineEvaluator(options, SILENT);
    const paths = await answer(folder, evaluator.score, lines);
    const [first] = (await Deno.readTextFile(paths[1])).split("\n");
    const { image, results } = JSON.parse(first);
    assertEquals(results.length, 2 * 2 * 2, "two systems, tasks and protocols");
    assertEquals([image, results[0].system, results[0].task], [
      JSON.parse(lines[1]).id,
      "label_predictor",
      "sgcls",
    ]);
    const merged = await mergeStates(paths);
    const found = await evaluateState(merged, dataset);
    assertEquals(found.rows, one.rows, "values, intervals and p-values");
    const joined = encodeState(joinedState(merged, found.evaluations));
    assertEquals(joined, await Deno.readFile(state), "the same bytes");

    const refused = async (
      change: (image: Record<string, unknown>) => void,
      why: string,
    ) => {
      const image = JSON.parse(lines[1]);
      change(image);
      const run = () => evaluator.score(encode(JSON.stringify(image)));
      const { message } = await assertRejects(run, Error);
      assert(message.includes(why), message);
    };
    await refused((image) => image.id = "other", "there is none of that id");
    await refused((image) => image.width = 9999, "its annotations are others");
    await refused((image) => delete image.relationLogits, "must have relationLogits");
  },
);

testInFolder(
  "score as a filter: merged lines are the state of one process",
  async (folder) => {
    const [dataset] = await makeWorld(folder);
    const header = { format: "scene-graph-predictions", version: 1, task: "preddet" };
    const lines = [JSON.stringify(header)];
    const { predicates } = dataset.vocabulary;
    for await (const { id, relations } of dataset.examples("test")) {
      const [subject, object, predicate] = relations;
      const row = [subject, object, predicates[predicate], 1];
      lines.push(JSON.stringify({ id, relations: [row] }));
    }
    const file = `${folder}/mine.jsonl`, state = `${folder}/one.safetensors`;
    await Deno.writeTextFile(file, lines.join("\n"));
    const settings = { ...SETTINGS, protocol: "motifs" };
    const one = await scoreSystem({
      ...{ ...settings, system: file, dataset: dataset.folder, state },
    });
    const score = await openLineScorer("mine", dataset, settings, SILENT);
    assertEquals(await score(encode(lines[0])), undefined, "settings have no answer");
    const paths = await answer(folder, score, lines);
    const [first] = (await Deno.readTextFile(paths[1])).split("\n");
    const [{ triplets, missed, task, protocol }] = JSON.parse(first).results;
    // The only row of the list is right, so all others are missed.
    assertEquals([task, protocol, missed.length], [
      "preddet",
      "motifs",
      triplets.length - 1,
    ]);
    const merged = await mergeStates(paths);
    const found = await evaluateState(merged, dataset);
    assertEquals(found.rows, one.rows);
    const joined = encodeState(joinedState(merged, found.evaluations));
    assertEquals(joined, await Deno.readFile(state), "the same bytes");

    const [, missing] = paths;
    const refused = async (run: () => Promise<unknown>, ...texts: string[]) => {
      const { message } = await assertRejects(run, Error);
      for (const text of texts) assert(message.includes(text), `${message}: ${text}`);
    };
    const ids = lines.slice(1).map((line) => JSON.parse(line).id);
    await refused(
      async () => await evaluateState(await mergeStates([missing]), dataset),
      `missing 3/5 (image "${ids[2]}"), 4/5 (image "${ids[3]}"), 5/5`,
    );
    await refused(() => mergeStates([...paths, missing]), `image "${ids[0]}"`, missing);
    const spoiled = async (change: (text: string) => string) => {
      const path = `${folder}/spoiled`;
      await Deno.writeTextFile(path, change(await Deno.readTextFile(missing)));
      return () => mergeStates([path]);
    };
    await refused(
      await spoiled((text) => text.replace('"ends":[', '"ends":[1')),
      "line 1 of",
      "state.crc32c must be",
    );
    await refused(
      await spoiled((text) => text.replace("evaluation-1", "evaluation-9")),
      'found "scene-graph-evaluation-9"',
    );
    await refused(
      await spoiled((text) => `${text}{"error": "oops", "input": "x"}\n`),
      "line 4 of",
      "mend what it says",
    );
    await refused(await spoiled(() => '{"image": "x"}\n'), "state is missing");
    await refused(await spoiled(() => "\n"), "found no line");
  },
);

testInFolder("preprocess as a filter: the examples of the dataset", async (folder) => {
  const images = ([["train", 8, 1], ["validation", 2, 2], ["test", 2, 3]] as const)
    .flatMap(([split, count, seed]) =>
      toyImages(count, seed).map((image, i) => ({
        split,
        image: { ...image, id: `${split} ${i}` },
      }))
    );
  const header = { vocabulary: TOY_VOCABULARY };
  const lines = await textOf(userJsonText(header, images, true));
  const file = `${folder}/own.jsonl`;
  await Deno.writeTextFile(file, lines.join("\n"));
  const options = {
    ...{ file, out: `${folder}/own`, command: "none", seed: 1 },
    ...{ training: toyTraining(1), workers: 1 },
  };
  await assertRejects(() => openLinePreprocessor(options), RangeError, "missing 6");
  const input = await prepareJson(options);
  await preprocessFits(...input!);
  const dataset = await preprocessJson({
    ...options,
    fits: `${folder}/.fits_own`, // those that jobs share
  });
  const preprocess = await openLinePreprocessor(options);
  const answers: (string | undefined)[] = [];
  for (const line of lines) answers.push(await preprocess(encode(line)));
  const [, ...examples] = await examplesOf(dataset);
  assertEquals(answers, [undefined, ...examples], "what convert writes");

  // An image that nobody fitted on gets the logits of the fit on all, as a test image.
  const test = lines.at(-1)!, renamed = test.replace('"test 1"', '"new"');
  assert(renamed !== test);
  assertEquals(
    await preprocess(encode(renamed)),
    answers.at(-1)!.replace('"test 1"', '"new"'),
  );
  await assertRejects(
    async () => await preprocess(encode(answers.at(-1)!)),
    RangeError,
    "must have no relationLogits",
  );
  await assertRejects(
    async () => await preprocess(encode(lines[0].replace('["', '["x'))),
    RangeError,
    "names of the dataset in its order",
  );
});
