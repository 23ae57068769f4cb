/** What `eval` finds, prints and warns of. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { imageOf } from "../eval/_toy.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const SIZES = "--train-images 8 --validation-images 4 --test-images 3".split(" ");
const TRAIN = "--epochs 1 --hidden 8 --layers 8 --backend wasm --workers 1 --quiet";
const EVAL = "--backend wasm --workers 1 --resamples 10 --protocol motifs".split(" ");

/** Runs a command that must succeed. */
async function works(cwd: string, line: string, ...more: string[]) {
  const [task, ...args] = line.split(" ");
  const outcome = await runTask(cwd, task, ...args, ...more);
  assertEquals(outcome.code, 0, `${line}\n${outcome.stderr}`);
  return outcome;
}

testInFolder("eval puts several checkpoints into one table", async (cwd) => {
  await works(cwd, "preprocess --quiet", ...SIZES);
  for (const model of ["gpi_mean", "gpi_no_context"]) {
    await works(cwd, `train ${model} ${TRAIN}`);
  }
  await works(cwd, `train gpi_mean --name wide ${TRAIN} --steps 2`);
  const evaluate = "eval gpi_mean_best wide_best --quiet --task sgcls";
  const { stdout } = await works(cwd, evaluate, ...EVAL);
  const lines = stdout.split("\n");
  assertEquals(lines[0], "sgcls, motifs, in percent:");
  assertEquals(lines[1].split(/ +/), ["system", "R@20", "R@50", "R@100"]);
  const names = [
    "label_predictor",
    "gpi_no_context",
    "frequency",
    "gpi_mean_best",
    "wide_best",
  ];
  assertEquals(lines.slice(3, 8).map((line) => line.split(" ")[0]), names);

  const latex = await works(cwd, evaluate, ...EVAL, "--latex");
  assertStringIncludes(latex.stdout, "\n\\toprule\n");
  assertStringIncludes(latex.stdout, "\ngpi\\_mean\\_best & ");

  const json = await works(cwd, evaluate, ...EVAL, "--json", "--k", "20");
  const rows = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    rows.map(({ model, baseline_name }) => `${model} - ${baseline_name}`),
    ["gpi_mean_best", "wide_best"].flatMap((model) => [
      `${model} - label_predictor`,
      `${model} - gpi_no_context`,
      `${model} - frequency`,
    ]),
  );
  for (const { p, deviation } of rows) {
    assert(p > 0 && p <= 1);
    assertEquals(deviation, null);
  }

  // Without mR among the metrics, the table of predicates is there all the same.
  const perPredicate = [...EVAL, "--k", "20", "--per-predicate"];
  const { stdout: tables } = await works(
    cwd,
    "eval gpi_mean_best --quiet --task sgcls",
    ...perPredicate,
  );
  assertStringIncludes(tables, "\ngpi_mean_best, sgcls, motifs, in percent:\n");
  assert(/recall +label_predictor +gpi_no_context +frequency\n/.test(tables), tables);
});

testInFolder("eval finds the data of a checkpoint by its hash", async (cwd) => {
  await works(cwd, "preprocess --quiet --name first", ...SIZES);
  const manifest = await Deno.readTextFile(`${cwd}/data/processed/first/manifest.json`);
  assertEquals(JSON.parse(manifest).name, "first");
  await works(cwd, `train gpi_mean --dataset first ${TRAIN}`);
  // The folder is renamed, and other data takes its name.
  await Deno.rename(`${cwd}/data/processed/first`, `${cwd}/data/processed/second`);
  await works(cwd, "preprocess --quiet --name first --seed 1", ...SIZES);
  const json = [...EVAL, "--json", "--k", "20", "--task", "predcls"];
  const commands = [
    "eval gpi_mean_first_best",
    "score gpi_mean_first_best",
    "compare gpi_mean_first_best label_predictor",
  ];
  for (const command of commands) {
    const { stdout, stderr } = await works(cwd, command, ...json);
    assertEquals(JSON.parse(stdout.split("\n")[0]).dataset, "second", command);
    assertEquals(stderr, "");
  }
  await Deno.remove(`${cwd}/data/processed/second`, { recursive: true });
  for (const command of commands) {
    const { stdout, stderr } = await works(cwd, command, ...json);
    assertEquals(JSON.parse(stdout.split("\n")[0]).dataset, "first", command);
    assertEquals(
      stderr,
      'warning: "gpi_mean_first_best" was trained on other data of the name "first", and is scored on "data/processed/first"; choose the data by --dataset\n',
    );
    const chosen = command.startsWith("score") ? ["first"] : ["--dataset", "first"];
    assertEquals((await works(cwd, command, ...chosen, ...json)).stderr, "");
  }
});

testInFolder("sgcls on given labels is warned of", async (cwd) => {
  const writer = await DatasetWriter.create(`${cwd}/data/processed/toy`, {
    name: "toy",
    vocabulary: { entities: ["man", "hat"], predicates: ["on"] },
    labelPredictor: { name: "none", simulated: false },
    ...{ source: "by hand", licence: "none", command: "none", inputsHash: "0" },
    details: { entityLabels: "given" },
  });
  await writer.add("test", {
    ...imageOf([0, 1], [[0, 1, 0]]),
    entityLogits: new Float32Array(4),
    relationLogits: new Float32Array(8),
  });
  await writer.close();
  const evaluate = "eval label_predictor --dataset toy --resamples 10 --quiet";
  const { stderr } = await works(cwd, evaluate, "--task", "sgcls,predcls");
  assertEquals(
    stderr,
    'warning: "toy" has no predicted labels, its logits are the annotated ones: sgcls asks for labels that are given, so its values are of predcls; use --task predcls\n',
  );
  assertEquals((await works(cwd, evaluate)).stderr, "");
  const { stdout, stderr: none } = await works(
    cwd,
    "score label_predictor toy --resamples 10 --quiet",
  );
  assertEquals(none, "");
  assertStringIncludes(stdout, "\npredcls  motifs");
});
