/** What `sweep` prints and keeps. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const SIZES = "--train-images 8 --validation-images 4 --test-images 3 --quiet".split(" ");
const SWEEP = {
  variant: "gpi_mean",
  seeds: 2,
  settings: { epochs: 2, hidden: [4, 6], layers: [[8]] },
  halving: { epochs: 1, factor: 2 },
};

testInFolder("sweep trains every run once, and ranks by validation", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES);
  await Deno.writeTextFile(`${cwd}/mine.json`, JSON.stringify(SWEEP));
  const folder = `${cwd}/checkpoints/sweeps/mine`;
  const dry = await runTask(cwd, "sweep", "mine.json", "--dry-run");
  assertEquals(dry.code, 0, dry.stderr);
  assertStringIncludes(
    dry.stdout,
    "  0/2 epochs  deno task train gpi_mean --hidden 4 --layers 8 --epochs 2 --seed 1\n",
  );
  assertStringIncludes(dry.stdout, "\n4 runs\n");

  const first = await runTask(cwd, "sweep", "mine.json", "--jobs", "2", "--json");
  assertEquals([first.code, first.stderr], [0, ""]);
  const lines = first.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ type }) => type), ["settings", "settings", "worth", "worth"]);
  const [best, worse] = lines;
  assertEquals([best.state, worse.state], ["done", "stopped"]);
  for (const { runs, state, mean } of [best, worse]) {
    assertEquals(runs.map(({ seed }: { seed: number }) => seed), [0, 1]);
    // The figures are those of the runs' own logs.
    let total = 0;
    for (const { checkpoint, trained_epochs, best_epoch, validation_recall } of runs) {
      assertEquals(trained_epochs, state === "done" ? 2 : 1);
      const log = checkpoint.replace("_best.safetensors", ".jsonl");
      const epochs = (await Deno.readTextFile(`${cwd}/${log}`)).trim().split("\n");
      assertEquals(epochs.length, trained_epochs);
      const { validation } = JSON.parse(epochs[best_epoch - 1]);
      assertEquals(validation.recall, validation_recall);
      total += validation_recall;
    }
    assert(Math.abs(mean - total / 2) < 1e-12);
  }

  // Again: the same result, and no file is written.
  const times = () =>
    Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) =>
      /\.(safetensors|jsonl)$/.test(name)
    ).sort().map((name) => [name, Deno.statSync(`${folder}/${name}`).mtime?.getTime()]);
  const before = times();
  const again = await runTask(cwd, "sweep", "mine.json", "--jobs", "1", "--json");
  assertEquals(again.stdout, first.stdout);
  assertEquals(times(), before);

  // As jobs: each trains its runs, and a later command finds them.
  const part = (...args: string[]) => runTask(cwd, "sweep", "parts.json", ...args);
  const { halving: _, ...plain } = SWEEP;
  const parts = { ...plain, seeds: 1, settings: { ...plain.settings, epochs: 1 } };
  await Deno.writeTextFile(`${cwd}/parts.json`, JSON.stringify(parts));
  const second = await part("--shard", "2/2", "--jobs", "1", "--json");
  assertEquals([second.code, second.stderr], [0, ""]);
  assertEquals(JSON.parse(second.stdout).epochs_done, 1);
  const list = (await part("--dry-run", "--json")).stdout.trim().split("\n");
  const doneOf = list.map((line) => JSON.parse(line).epochs_done);
  assertEquals(doneOf, [0, 1], "of two runs, the second job has the second");
  const halved = await runTask(cwd, "sweep", "mine.json", "--shard", "1/2");
  assertEquals(halved.code, 1);
  assertStringIncludes(halved.stderr, "each round needs the results of all runs");

  await Deno.writeTextFile(`${cwd}/bad.json`, '{"settings": {"hidden": [0]}}');
  const bad = await runTask(cwd, "sweep", "bad.json");
  assertEquals([bad.code, bad.stdout], [1, ""]);
  assertEquals(
    bad.stderr,
    'error: Cannot use "bad.json": settings.hidden[0] must be a whole number in [1, 10000]: found 0\n',
  );
});
