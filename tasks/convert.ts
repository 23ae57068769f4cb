/**
 * Converts annotations in other formats, or a processed dataset, to the project's JSON
 * format.
 *
 * @module
 */

import { convertAnnotations, headerOf, imagesOf } from "../src/dataset/convert.ts";
import {
  type CocoFile,
  isCoco,
  isCocoRelations,
} from "../src/dataset/formats/coco_relations.ts";
import type { Problem } from "../src/dataset/formats/user_json.ts";
import { userJsonText } from "../src/dataset/formats/user_json_text.ts";
import { exists, fileSize, readFile, writeFileAtomically } from "../src/files.ts";
import { type MendedCounts, mendedText } from "../src/foreign/mended.ts";
import { checkJsonSize, isJson, isJsonLines } from "../src/json_file.ts";
import { parseJson } from "../src/json_value.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { datasetChoices } from "./_cli/flags/choices.ts";
import { FOREIGN_FLAGS } from "./_cli/flags/foreign_flags.ts";
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
    relations: {
      type: "string",
      unset: "rel.json beside the input if that has no relations",
      help: "For COCO: the rel.json of RelTR and EGTR",
    },
    ...FOREIGN_FLAGS,
    logits: { default: true, help: "For a processed dataset: write the logits, too" },
  },
  choices: async () => [
    await datasetChoices((name) => `convert ${name} ${name}.jsonl`),
  ],
  examples: [
    "convert train.json my_data.jsonl --validation val.json --test test.json",
    "convert train.json my_data.jsonl --relations rel.json",
    "convert vrd vrd.jsonl --no-logits",
  ],
} as const;

await runTask(spec, async (options) => {
  const { input, output, json } = options;
  const isLines = isJsonLines(output);
  if (!isLines && !isJson(output)) {
    throw new RangeError(
      `Cannot write "${output}": its name must end with .json or .jsonl`,
    );
  }
  const bar = progressBar("convert", "images", options);
  let text: AsyncIterable<string>, mended: MendedCounts | undefined;
  if (isJson(input)) {
    const { strict, cutBoxes } = options;
    const files = await readFiles(options);
    const relations = await readRelations(options, files[0]);
    const rules = { strict, cutBoxes, relations };
    const { converted, problems } = convertAnnotations(files, rules);
    for (const problem of problems.list) {
      const line = problemLine(problem);
      if (!problem.isWarning) console.log(line);
      else if (converted) listenerOf(options).warn(line);
    }
    if (converted === undefined) {
      throw new Error(
        `Cannot convert "${input}": ${problems.count.errors} errors; mend what is listed above`,
      );
    }
    mended = converted.mended;
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
  const { selfRelations = 0 } = mended ?? {};
  if (json) console.log(JSON.stringify({ output, selfRelations, mended }));
  else console.log(mended ? `${output}: ${mendedText(mended)}` : output);
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
    if (name !== undefined) found.push({ ...await readDocument(name), split });
  }
  return found;
}

/** The relations that are named, or lie beside a file that has none. */
async function readRelations(
  { input, relations }: { input: string; relations?: string },
  { document }: CocoFile,
): Promise<Omit<CocoFile, "split"> | undefined> {
  const name = relations ?? input.replace(/[^/\\]*$/, "rel.json");
  const isWanted = !isCocoRelations(document) && isCoco(document);
  if (relations === undefined && !(isWanted && await exists(name))) return undefined;
  return await readDocument(name);
}

async function readDocument(name: string): Promise<Omit<CocoFile, "split">> {
  const size = await fileSize(name) ?? 0;
  checkJsonSize(name, size, "write its images as .jsonl in the form of docs/own_data.md");
  const { value: document } = parseJson(await readFile(name), `"${name}"`);
  return { name, document };
}

function problemLine({ place, problem, suggestion }: Problem): string {
  const line = place ? `${place}: ${problem}` : problem;
  return suggestion ? `${line}; ${suggestion}` : line;
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const part of text) yield encoder.encode(part);
}
