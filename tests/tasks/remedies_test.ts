/**
 * States that a killed program, a broken disk or a second program leave: what a message
 * advises is done, and then the command works.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lock } from "../../src/lock.ts";
import { testInFolder } from "../_in_folder.ts";
import { usually } from "../_usually.ts";
import { definitionOf, type Outcome, ROOT, runScript, runTask } from "./_run_script.ts";

const SIZES = "--train-images 8 --validation-images 4 --test-images 3";
const MODEL = "gpi_mean --epochs 1 --hidden 8 --layers 8 --backend wasm --workers 1";
const DATA = "data/processed/synthetic";

/** Commands in a folder, with the permissions that deno.json gives them. */
function commandsIn(cwd: string) {
  const run = (line: string): Promise<Outcome> => {
    const [name, ...args] = line.split(" ");
    return runTask(cwd, name, ...args, "--quiet");
  };
  return {
    run,
    works: async (line: string) => {
      const outcome = await run(line);
      assertEquals(outcome.code, 0, `${line}\n${outcome.stderr}`);
      return outcome;
    },
    refuses: async (line: string, message: string) => {
      const { code, stderr } = await run(line);
      assertEquals(code, 1, line);
      assertStringIncludes(stderr, message);
      assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    },
  };
}

testInFolder("the command that a damaged dataset names repairs it", async (folder) => {
  const { run, works } = commandsIn(folder);
  await Deno.copyFile(`${ROOT}examples/mine.json`, `${folder}/my data.json`);
  const mine = `${folder}/data/processed/mine`;
  const made = await runTask(
    folder,
    ...["preprocess", "json", "--raw", "my data.json", "--name", "mine"],
    ...["--label-predictor", "frequency", "--quiet"],
  );
  assertEquals(made.code, 0, made.stderr);
  await works(`preprocess ${SIZES} --seed 5`);
  /** Runs the command at the end of a message. */
  const follow = async (line: string, expected: string) => {
    const { code, stderr } = await run(line);
    assertEquals(code, 1, line);
    const remedy = stderr.trimEnd().split("; preprocess again: deno task ")[1];
    assertEquals(remedy, expected);
    // As a shell would split it.
    const words = remedy.match(/'[^']*'|"[^"]*"|\S+/g)!
      .map((word) => word.replace(/^(['"])(.*)\1$/, "$2"));
    const repaired = await runTask(folder, words[0], ...words.slice(1), "--quiet");
    assertEquals(repaired.code, 0, repaired.stderr);
  };
  const before = await Deno.readTextFile(`${folder}/${DATA}/manifest.json`);
  await Deno.truncate(`${folder}/${DATA}/train-00000.safetensors`, 500);
  await follow(`train ${MODEL}`, `preprocess synthetic ${SIZES} --seed 5`);
  assertEquals(await Deno.readTextFile(`${folder}/${DATA}/manifest.json`), before);
  await works(`train ${MODEL}`);
  await Deno.remove(`${mine}/test-00000.safetensors`);
  const evaluate = "eval label_predictor --dataset mine --resamples 10 --workers 1";
  await follow(
    evaluate,
    `preprocess json --name mine --raw 'my data.json' --label-predictor frequency`,
  );
  await works(evaluate);
  // Without its manifest a dataset does not know what made it, only its name.
  await Deno.truncate(`${folder}/${DATA}/manifest.json`, 100);
  await follow("eval gpi_mean_best --resamples 10 --workers 1", "preprocess synthetic");
});

testInFolder(`"preprocess again" repairs a dataset`, async (folder) => {
  const { works, refuses } = commandsIn(folder);
  const path = `${folder}/${DATA}`;
  await works(`preprocess ${SIZES}`);
  await Deno.remove(`${path}/train-00000.safetensors`);
  await refuses(`train ${MODEL}`, "size is undefined, expected");
  await works(`preprocess ${SIZES} --seed 5`); // other data
  await works(`train ${MODEL}`);
  await Deno.truncate(`${path}/manifest.json`, 200);
  await refuses("eval gpi_mean_best --resamples 10 --workers 1", "preprocess again");
  await works(`preprocess ${SIZES} --seed 5`);
  await works("eval gpi_mean_best --control none --resamples 10 --workers 1");
});

testInFolder("pipeline generates a damaged dataset again, as it was", async (folder) => {
  const { works } = commandsIn(folder);
  await works(`preprocess ${SIZES} --seed 5`);
  const manifest = `${folder}/${DATA}/manifest.json`;
  const before = await Deno.readTextFile(manifest);
  await Deno.truncate(`${folder}/${DATA}/test-00000.safetensors`, 500);
  const pipeline = `pipeline ${MODEL} --control none --resamples 10`;
  const { stderr } = await works(pipeline);
  assertStringIncludes(stderr, `"${DATA}" is damaged and is generated again`);
  assertEquals(await Deno.readTextFile(manifest), before);
});

testInFolder("a missing dataset is made by the command that is named", async (folder) => {
  const { works, refuses } = commandsIn(folder);
  await Deno.copyFile(`${ROOT}examples/mine.json`, `${folder}/mine.json`);
  const evaluate = "eval label_predictor --dataset mine --resamples 10 --workers 1";
  await refuses(
    evaluate,
    'run "deno task preprocess json --raw <file> --name mine" first',
  );
  await works("preprocess json --raw mine.json --name mine --label-predictor frequency");
  await works(evaluate);
});

testInFolder(
  "a symbolic link is removed or avoided, as the message says",
  async (folder) => {
    const { works, refuses } = commandsIn(folder);
    await Deno.mkdir(`${folder}/theirs`);
    await Deno.mkdir(`${folder}/data/processed`, { recursive: true });
    await Deno.symlink(`${folder}/theirs`, `${folder}/${DATA}`);
    await refuses(
      `preprocess ${SIZES}`,
      `Cannot write to "${DATA}" as it must be a folder: found a symbolic link; remove the link, or choose another name`,
    );
    assertEquals([...Deno.readDirSync(`${folder}/theirs`)], []);
    await works(`preprocess ${SIZES} --name other`);
    await Deno.remove(`${folder}/${DATA}`);
    await works(`preprocess ${SIZES}`);
  },
);

testInFolder("a pipe as input or manifest is refused, not waited for", async (folder) => {
  const { works, refuses } = commandsIn(folder);
  const makePipe = (path: string) =>
    new Deno.Command("mkfifo", { args: [path] }).output();
  const must = "as it must be a file: found a";
  await makePipe(`${folder}/pipe.json`);
  for (const line of ["validate pipe.json", "convert pipe.json out.jsonl"]) {
    await refuses(line, `Cannot read "pipe.json" ${must} pipe`);
  }
  await refuses("predict pipe.json", `Cannot read "pipe.json" ${must} pipe`);
  await works(`preprocess ${SIZES}`);
  await Deno.remove(`${folder}/${DATA}/manifest.json`);
  await makePipe(`${folder}/${DATA}/manifest.json`);
  await refuses("validate synthetic", `${must} pipe; preprocess again`);
  await works(`preprocess ${SIZES}`);
  await works("validate synthetic");
});

testInFolder("the second of two commands is told who was first", async (folder) => {
  const { works, refuses } = commandsIn(folder);
  await Deno.mkdir(`${folder}/data/processed`, { recursive: true });
  const locked = [
    ["data/processed/.synthetic.lock", `preprocess ${SIZES}`],
    ["checkpoints/.gpi_mean.lock", `train ${MODEL}`],
  ];
  for (const [file, line] of locked) {
    {
      using _held = await lock(`${folder}/${file}`, "it");
      const who =
        `another process is writing to it (process ${Deno.pid} on "${Deno.hostname()}", for `;
      await refuses(line, who);
    }
    await works(line);
  }
});

testInFolder("two train commands on a fresh clone make one dataset", async (folder) => {
  const { script, permissions } = definitionOf("train");
  const run = (name: string) => {
    const args = [...MODEL.split(" "), "--name", name, "--quiet"];
    return runScript(script, args, { permissions, cwd: folder });
  };
  const rounds = usually(1, 50);
  for (let round = 0; round < rounds; round++) {
    const names = ["one", "two"];
    const both = await Promise.all(names.map(run));
    for (const { code, stderr } of both) assertEquals(code, 0, stderr);
    const read = (name: string) =>
      Deno.readFile(`${folder}/checkpoints/${name}_best.safetensors`);
    assert((await read("one")).length === (await read("two")).length);
    await Deno.remove(`${folder}/data`, { recursive: true });
    await Deno.remove(`${folder}/checkpoints`, { recursive: true });
  }
});
