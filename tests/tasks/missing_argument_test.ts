/** Each command without an argument lists what there is, as commands to type. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { VARIANTS } from "../../src/config.ts";
import { testInFolder } from "../_in_folder.ts";
import { runScript, runTask } from "./_run_script.ts";

const FOLDERS = ["checkpoints", "data/processed/mine", "examples"];
const FILES = ["checkpoints/my_model.safetensors", "examples/horses.json"];

/** What each command must list in a folder with these files. */
const CASES: Record<string, [argument: string, ...commands: string[]]> = {
  train: ["model", ...Object.keys(VARIANTS).map((name) => `train ${name} `)],
  eval: ["system", "eval my_model", "eval label_predictor --dataset mine"],
  score: ["system", "score my_model", "score label_predictor mine"],
  compare: ["a", "compare label_predictor my_model", "compare <a> <b> --dataset mine"],
  predict: [
    "input",
    "predict photo.jpg ",
    "predict examples/horses.json",
    "--checkpoint my_model",
  ],
  export: ["checkpoint", "export my_model"],
  convert: ["input", "convert mine mine.jsonl"],
  validate: ["dataset", "validate mine", "validate synthetic  made on first use"],
  study: ["study", "study graph-labelling  the paper's synthetic experiment"],
  download: ["dataset", "download vrd ", "download glove ", "preprocess "],
};

for (const [task, [argument, ...commands]] of Object.entries(CASES)) {
  testInFolder(`${task} without <${argument}> lists what there is`, async (cwd) => {
    for (const folder of FOLDERS) {
      await Deno.mkdir(`${cwd}/${folder}`, { recursive: true });
    }
    for (const file of FILES) await Deno.writeTextFile(`${cwd}/${file}`, "");
    const { code, stdout, stderr } = await runTask(cwd, task);
    assertEquals([code, stdout], [2, ""]);
    const lines = stderr.trimEnd().split("\n");
    for (const command of commands) assertStringIncludes(stderr, command);
    // Each line is a title, a command to type, or the error, which comes last.
    for (const line of lines.slice(0, -1)) {
      assert(/^( {2}deno task |\S.*:$)/.test(line), line);
    }
    const error =
      `Cannot run "${task}" without <${argument}>; see "deno task ${task} --help"`;
    assertEquals(lines.at(-1), `error: ${error}`);
  });
}

testInFolder("eval without an argument says how to get a checkpoint", async (cwd) => {
  const { stderr } = await runTask(cwd, "eval");
  assertStringIncludes(stderr, "No checkpoint is in checkpoints; train one:\n");
  assertStringIncludes(stderr, "\n  deno task train gpi_linguistic\n");
});

Deno.test("a command that may not look lists nothing", async () => {
  assertEquals((await runScript("tasks/export.ts")).stderr.split("\n").slice(0, -1), [
    'error: Cannot run "export" without <checkpoint>; see "deno task export --help"',
  ]);
});
