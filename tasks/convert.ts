/**
 * Converts annotations in other formats, or a processed dataset, to the project's JSON
 * format.
 *
 * @module
 */

import { convertAnnotations, headerOf, imagesOf } from "../src/dataset/convert.ts";
import type { CocoFile } from "../src/dataset/formats/coco_relations.ts";
import { userJsonText } from "../src/dataset/formats/user_json_text.ts";
import { readFile, writeFileAtomically } from "../src/files.ts";
import { parseJson } from "../src/json_value.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { progressBar } from "./_cli/progress.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const file = { type: "string", path: "path", unset: "none" } as const;
const spec = {
  name: "convert",
  summary:
    `Convert a dataset to the JSON format of docs/own_data.md. The source is COCO's JSON with
relations (rel_annotations, one file per split), OpenPSG's JSON, which SGBench uses, or a
processed dataset, which is converted without loss.`,
  positionals: {
    input: {
      path: "path or name",
      help: "A .json file, or the name of a processed dataset",
    },
    output: { path: "path", help: "The .json or .jsonl file to write" },
  },
  flags: {
    validation: { ...file, help: "For COCO: file of the validation images" },
    test: { ...file, help: "For COCO: file of the test images" },
    logits: { default: true, help: "For a processed dataset: write the logits, too" },
  },
  examples: [
    "convert train.json my_data.jsonl --validation val.json --test test.json",
    "convert vrd vrd.jsonl --no-logits",
  ],
} as const;

await runTask(spec, async (options) => {
  const { input, output, json } = options;
  const isLines = /\.(jsonl|ndjson)$/.test(output);
  if (!isLines && !output.endsWith(".json")) {
    throw new RangeError(
      `Cannot write "${output}": its name must end with .json or .jsonl`,
    );
  }
  const bar = progressBar("convert", "images", options);
  let text: AsyncIterable<string>, left = 0;
  if (input.endsWith(".json")) {
    const { converted, problems } = convertAnnotations(await readFiles(options));
    if (converted === undefined) {
      for (const { place, problem } of problems.list) console.log(`${place}: ${problem}`);
      throw new Error(`Cannot convert "${input}": ${problems.count.errors} errors`);
    }
    left = converted.selfRelations;
    text = userJsonText(converted.header, converted.images, isLines);
  } else {
    const dataset = await openDataset(input, listenerOf(options));
    const images = imagesOf(dataset, {
      logits: options.logits,
      onProgress: (done, total) => bar.update(done, total),
    });
    text = userJsonText(headerOf(dataset), images, isLines);
  }
  await writeFileAtomically(output, encoded(text));
  bar.done();
  if (json) console.log(JSON.stringify({ output, selfRelations: left }));
  else {
    const note = left ? `, without ${left} relations of an entity with itself` : "";
    console.log(`${output}${note}`);
  }
});

async function readFiles(
  { input, validation, test }: { input: string; validation?: string; test?: string },
): Promise<CocoFile[]> {
  // A single file may hold the whole dataset, so its split is left open.
  const split = validation || test ? "train" as const : undefined;
  const files = [
    { name: input, split },
    { name: validation, split: "validation" as const },
    { name: test, split: "test" as const },
  ];
  const found: CocoFile[] = [];
  for (const { name, split } of files) {
    if (name === undefined) continue;
    const { value: document } = parseJson(await readFile(name), `"${name}"`);
    found.push({ name, document, split });
  }
  return found;
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const part of text) yield encoder.encode(part);
}
