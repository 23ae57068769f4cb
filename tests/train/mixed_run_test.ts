import { assert, assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "../../src/checksum.ts";
import { lock } from "../../src/lock.ts";
import { trainAndSave } from "../../src/train/run.ts";
import { ROOT } from "../_imports.ts";
import { testInFolder } from "../_in_folder.ts";
import { killAtEach } from "../_kill_at.ts";
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
  const kills = await killAtEach(PROGRAM, [folder, "1"], async (count) => {
    const name = `kill ${count}`;
    await trainAndSave(first);
    assertEquals(await hashesIn(first.folder), ofFirst, name);
  }, 6);
  assert(kills >= 3, `${kills} kills`);
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
  const rounds = Deno.env.has("SGP_LONG_TESTS") ? 50 : 1;
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
