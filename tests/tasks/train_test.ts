/** What `train` and `pipeline` print, and the runs that they keep. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sha256 } from "../../src/checksum.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const SIZES = "--train-images 8 --validation-images 4 --test-images 3".split(" ");
const SMALL = "--hidden 8 --layers 8 --backend wasm --workers 1 --quiet".split(" ");

testInFolder("train --json prints each epoch as it ends, then the run", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES);
  const args = ["gpi_mean", ...SMALL, "--epochs", "2", "--seeds", "2", "--json"];
  const { code, stdout, stderr } = await runTask(cwd, "train", ...args);
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    lines.map(({ event, name, epoch, epochs }) => [event, name, epoch ?? epochs]),
    ["gpi_mean", "gpi_mean_seed1"].flatMap((name) => [
      ["epoch", name, 1],
      ["epoch", name, 2],
      [undefined, name, 2],
    ]),
  );
  for (const run of [lines.slice(0, 3), lines.slice(3)]) {
    const [result, best] = [run[2], run.findLast(({ is_best }) => is_best)];
    assertEquals(
      [result.best_epoch, result.recall, result.loss],
      [best.epoch, best.validation_recall, best.validation_loss],
    );
    for (const { loss, learning_rate } of run.slice(0, 2)) {
      assert(loss > 0 && learning_rate >= 0);
    }
  }
});

testInFolder("pipeline and train keep a finished run of other settings", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES);
  const one = [...SMALL, "--epochs", "1"], two = [...SMALL, "--epochs", "2"];
  assertEquals((await runTask(cwd, "train", "gpi_no_context", ...one)).code, 0);
  const finished = async () => {
    const path = `${cwd}/checkpoints/gpi_no_context.safetensors`;
    return (await Deno.stat(path)).mtime?.getTime();
  };
  const before = await finished();
  const pipeline = ["pipeline", "gpi_mean", "--resamples", "10", "--k", "20"];
  for (const [task, ...args] of [pipeline, ["train", "gpi_no_context"]]) {
    const { code, stdout, stderr } = await runTask(cwd, task, ...args, ...two);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(
      stderr,
      'error: Cannot train "gpi_no_context" as "checkpoints/gpi_no_context.safetensors" is a finished model of other settings: epochs is 1, wanted 2; give the new one a name with --name, or replace the old one with --force\n',
    );
  }
  // Refused before any training, so nothing else is there.
  const files = () =>
    Array.from(Deno.readDirSync(`${cwd}/checkpoints`), ({ name }) => name)
      .filter((name) => name.endsWith(".jsonl")).sort();
  assertEquals(files(), ["gpi_no_context.jsonl"]);

  // Both remedies of the message.
  const [task, ...args] = pipeline;
  const named = await runTask(cwd, task, ...args, ...two, "--name", "mine");
  assertEquals(named.code, 0, named.stderr);
  assertEquals(files(), ["gpi_no_context.jsonl", "mine.jsonl", "mine_no_context.jsonl"]);
  assertStringIncludes(named.stdout, "reports/mine/index.html");
  // The report says which model it is of.
  assertStringIncludes(
    await Deno.readTextFile(`${cwd}/reports/mine/index.html`),
    `SHA-256 ${sha256(await Deno.readFile(`${cwd}/checkpoints/mine_best.safetensors`))}`,
  );
  assertStringIncludes(named.stdout, "gpi_no_context ");
  assertEquals(await finished(), before);
  const forced = await runTask(cwd, "train", "gpi_no_context", ...two, "--force");
  assertEquals(forced.code, 0, forced.stderr);
  assertStringIncludes(forced.stdout, "of 2 was best");
});
