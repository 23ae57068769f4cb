import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { sha256 } from "../../src/checksum.ts";
import { settleFiles } from "../../src/files.ts";
import { lock } from "../../src/lock.ts";
import { trainAndSave } from "../../src/train/run.ts";
import { ROOT } from "../_imports.ts";
import { testInFolder } from "../_in_folder.ts";
import { killAtEach } from "../_kill_at.ts";
import { usually } from "../_usually.ts";
import { FILES, filesIn, optionsIn, TRAIN } from "./_small_run.ts";
import "../../src/deps/gradients.ts";

const PROGRAM = new URL("_killed_run.ts", import.meta.url);

/** Options of a run of two epochs. */
const optionsOf = (folder: string, seed: number) =>
  optionsIn(folder, { train: { ...TRAIN, epochs: 2, seed }, force: true });

async function hashesIn(folder: string): Promise<Record<string, string>> {
  const files = Object.entries(await filesIn(folder));
  return Object.fromEntries(files.map(([name, bytes]) => [name, sha256(bytes)]));
}

/** Says which run is in a folder; fails if its files are of two. */
async function runIn(folder: string): Promise<string> {
  const [last, best] = await Promise.all(["run", "run_best"].map(async (name) => {
    const path = `${folder}/${name}.safetensors`;
    return decodeCheckpoint(await Deno.readFile(path), path);
  }));
  const log = (await Deno.readTextFile(`${folder}/run.jsonl`)).trim().split("\n");
  const epochs = log.map((line) => JSON.parse(line));
  assertEquals(last.state?.epoch, epochs.length);
  for (const { training: { config, epoch, metrics } } of [last, best]) {
    assertEquals(config?.seed, last.training.config?.seed);
    assertEquals(metrics.validation_loss, epochs[epoch - 1].validation.loss);
  }
  return `seed ${last.training.config?.seed}, ${epochs.length} epochs`;
}

testInFolder("trainAndSave() takes no mixture for a finished run", async (folder) => {
  const options = await optionsOf(folder, 0);
  const runs: Record<string, Uint8Array>[] = [];
  for (const seed of [0, 1]) {
    await trainAndSave(await optionsOf(folder, seed));
    runs.push(await filesIn(options.folder));
  }
  // Each of the eight ways to have every file of one of two runs.
  for (let mixture = 0; mixture < 8; mixture++) {
    for (const [i, name] of FILES.entries()) {
      await Deno.writeFile(`${options.folder}/${name}`, runs[mixture >> i & 1][name]);
    }
    const { wasDone } = await trainAndSave(options);
    assertEquals(wasDone, mixture === 0, `mixture ${mixture}`);
    assertEquals(await filesIn(options.folder), runs[0]);
  }
});

testInFolder("trainAndSave() gives the same bytes after any kill", async (folder) => {
  const [first, other] = [await optionsOf(folder, 0), await optionsOf(folder, 1)];
  await trainAndSave(other);
  const ofOther = await hashesIn(other.folder);
  await trainAndSave(first);
  const ofFirst = await hashesIn(first.folder);
  const seen = new Set<string>();
  const kills = await killAtEach(PROGRAM, [folder, "1"], async (count) => {
    const name = `kill ${count}`;
    await settleFiles(`${first.folder}/run`);
    seen.add(await runIn(first.folder));
    // The one run is found finished, or the other one is kept until --force.
    await trainAndSave({ ...first, force: false }).then(
      ({ wasDone }) => assert(wasDone, name),
      (error) => assertStringIncludes(error.message, "seed is 1, wanted 0"),
    );
    await trainAndSave(first);
    assertEquals(await hashesIn(first.folder), ofFirst, name);
  }, 9);
  assert(kills >= 3, `${kills} kills`);
  assert(seen.has("seed 0, 2 epochs") && seen.has("seed 1, 1 epochs"), [...seen].join());
  assertEquals(await hashesIn(first.folder), ofOther);
});

testInFolder("trainAndSave() tells that another process has the name", async (folder) => {
  const options = await optionsOf(folder, 0);
  {
    using _held = await lock(`${options.folder}/.run.lock`, "run");
    await assertRejects(
      () => trainAndSave(options),
      Error,
      `Cannot write to "${options.folder}/run.safetensors": another process is writing to it (process ${Deno.pid} on `,
    );
  }
  // "run it again when that has ended"
  assertEquals((await trainAndSave(options)).wasDone, false);
});

testInFolder("two processes train the same run once", async (folder) => {
  const { folder: checkpoints } = await optionsOf(folder, 0);
  const rounds = usually(1, 50);
  for (let round = 0; round < rounds; round++) {
    const outputs = await Promise.all([1, 2].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--allow-all",
          `--lock=${ROOT}deno.lock`,
          PROGRAM.href,
          "0",
          folder,
        ],
      }).output()
    ));
    const printed = outputs.map(({ stdout, stderr }) =>
      new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)
    );
    assertEquals(printed.sort(), ["false\n", "true\n"]);
    assertEquals(Object.keys(await filesIn(checkpoints)), FILES);
    await Deno.remove(checkpoints, { recursive: true });
  }
});
