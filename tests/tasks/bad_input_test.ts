/**
 * How tasks fail on damaged files, wrong names, missing permissions and a full disk: with
 * one line, a non-zero exit code, and no partial file.
 */

import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../_in_folder.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { type Outcome, runScript, runTask } from "./_run_script.ts";

/** A small model, so that the tests reach the error quickly. */
const SMALL = ["--epochs", "1", "--hidden", "8", "--layers", "8", "--backend", "wasm"];

/** Runs a task in a folder; with other permissions than its own, in a process of its own. */
function run(
  cwd: string,
  [name, ...args]: readonly string[],
  permissions?: readonly string[],
): Promise<Outcome> {
  return permissions
    ? runScript(`tasks/${name}.ts`, [...args, "--quiet"], { permissions, cwd })
    : runTask(cwd, name, ...args, "--quiet");
}

/** All files below a folder, with their sizes. */
function filesIn(folder: string, path = ""): Record<string, number> {
  const files: Record<string, number> = {};
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${path}`)) {
    const inside = path + name;
    if (isDirectory) Object.assign(files, filesIn(folder, `${inside}/`));
    else files[inside] = Deno.lstatSync(`${folder}/${inside}`).size;
  }
  return files;
}

/** Runs a task that must fail in one line and change no file. */
async function refuses(
  cwd: string,
  command: readonly string[],
  expected: string | RegExp,
  permissions?: readonly string[],
): Promise<void> {
  const before = filesIn(cwd);
  const { code, stdout, stderr } = await run(cwd, command, permissions);
  const what = `${command.join(" ")}: ${stderr}`;
  assertEquals([code, stdout], [1, ""], what);
  assertEquals(stderr.trimEnd().split("\n").length, 1, what);
  if (typeof expected === "string") assertEquals(stderr, `error: ${expected}\n`, what);
  else assert(expected.test(stderr), what);
  assertEquals(filesIn(cwd), before, what);
}

Deno.test("tasks refuse wrong input before any work", (t) => {
  return inFolder((folder) => refuseInput(folder, t));
});

async function refuseInput(folder: string, t: Deno.TestContext): Promise<void> {
  const step = (
    name: string,
    command: string,
    expected: string | RegExp,
    permissions?: readonly string[],
  ) => t.step(name, () => refuses(folder, command.split(" "), expected, permissions));
  await step(
    "train: an unknown model",
    "train gpi_lingustic",
    'Cannot find the model "gpi_lingustic": the nearest is "gpi_linguistic"',
  );
  await step(
    "pipeline: an unknown model",
    "pipeline gpi_men",
    'Cannot find the model "gpi_men": the nearest is "gpi_mean"',
  );
  await step(
    "train: an unknown dataset",
    "train gpi_mean --dataset syntetic",
    'Cannot find the dataset "syntetic" in "data/processed": run "deno task preprocess json --raw <file> --name syntetic" first; the nearest that is there is "synthetic"',
  );
  for (const command of ["train gpi_mean", "eval label_predictor"]) {
    await step(
      `${command}: deterministic on a backend that is not`,
      `${command} --deterministic --backend cpu`,
      'Cannot use the backend "cpu" as deterministic results must come from "wasm": only its kernels give the same bits on every machine',
    );
  }
  await step(
    "train: a learning rate of zero",
    "train gpi_mean --learning-rate 0",
    "Cannot use the training settings: learningRate must be a number above 0: found 0",
  );
  await step(
    "pipeline: a network that is too wide",
    "pipeline gpi_mean --hidden 20000",
    "Cannot use the settings of the network: hidden must be a whole number in [1, 10000]: found 20000",
  );
  await step(
    "eval: an unknown checkpoint",
    "eval gpi_linguistic_best",
    'Cannot find the checkpoint "checkpoints/gpi_linguistic_best.safetensors": run "deno task train" first',
  );
  await step(
    "train: workers on a backend that has none",
    "train gpi_mean --workers 2 --backend webgpu",
    'Cannot use 2 workers on the backend "webgpu" as only "wasm" has more than 1; leave out --workers, or use --backend wasm',
  );
  await step(
    "eval: several seeds of one published checkpoint",
    "eval gpi_linguistic_pretrained --from model.ckpt --seeds 3",
    'Cannot evaluate "model.ckpt" as --from must come with one seed of a model: found 3 seeds of "gpi_linguistic_pretrained"',
  );
  await step(
    "eval: no published checkpoint",
    "eval gpi_linguistic_pretrained --from model.ckpt",
    'Cannot find the checkpoint "model.ckpt": "model.ckpt.index" does not exist',
  );
  await step(
    "train: no permission to write",
    "train gpi_mean",
    /^error: Cannot continue without a permission: Requires write access to .*, or run "deno task train"\n$/,
    ["--allow-read"],
  );
  await step(
    "train: no permission to read",
    "train gpi_mean",
    /^error: Cannot continue without a permission: Requires read access to .*"deno task train"\n$/,
    [],
  );
  await step(
    "predict: a missing file",
    "predict none.json",
    /^error: Cannot read "none\.json" as there is no such file; check the path\n$/,
  );
}

Deno.test("tasks refuse damaged datasets and checkpoints", (t) => {
  return inFolder((folder) => refuseDamage(folder, t));
});

async function refuseDamage(folder: string, t: Deno.TestContext): Promise<void> {
  const data = `${folder}/data/processed/synthetic`;
  const shard = `${data}/train-00000.safetensors`;
  const train = ["train", "gpi_mean", ...SMALL];
  /** Changes a file for one step. */
  const withFile = async (
    path: string,
    change: (bytes: Uint8Array) => Uint8Array,
    test: () => Promise<void>,
  ) => {
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, change(bytes.slice()));
    await test();
    await Deno.writeFile(path, bytes);
  };
  const flip = (place: number) => (bytes: Uint8Array) => {
    bytes[place] ^= 4;
    return bytes;
  };
  const cut = (length: number) => (bytes: Uint8Array) => bytes.subarray(0, length);
  const sizes = [
    "--train-images",
    "8",
    "--validation-images",
    "4",
    "--test-images",
    "3",
  ];
  assertEquals((await run(folder, ["preprocess", ...sizes])).code, 0);

  await t.step(
    "train: a shard that is cut",
    () =>
      withFile(shard, cut(1000), () =>
        refuses(
          folder,
          train,
          /^error: Cannot use "data\/processed\/synthetic\/train-00000\.safetensors": size is 1000, expected \d+; preprocess again: deno task preprocess synthetic[^\n]*\n$/,
        )),
  );
  await t.step(
    "train: a shard with a wrong bit",
    () =>
      withFile(shard, flip(5000), () =>
        refuses(
          folder,
          train,
          /^error: Cannot use ".*train-00000\.safetensors": SHA-256 is \w+, expected \w+; preprocess again: deno task preprocess synthetic[^\n]*\n$/,
        )),
  );
  await t.step("train: a missing shard", async () => {
    await Deno.rename(shard, `${shard}.gone`);
    await refuses(
      folder,
      train,
      /train-00000\.safetensors": size is undefined, expected/,
    );
    await Deno.rename(`${shard}.gone`, shard);
  });
  await t.step(
    "eval: a manifest that is not JSON",
    () =>
      withFile(`${data}/manifest.json`, cut(100), () =>
        refuses(
          folder,
          ["eval", "label_predictor"],
          /^error: Cannot read "data\/processed\/synthetic\/manifest\.json": it is not JSON \(.*\); preprocess again: deno task preprocess synthetic[^\n]*\n$/,
        )),
  );
  await t.step("eval: a manifest that contradicts the files", () =>
    withFile(
      `${data}/manifest.json`,
      (bytes) =>
        new TextEncoder().encode(
          new TextDecoder().decode(bytes).replace('"images": 8', '"images": 9'),
        ),
      () =>
        refuses(
          folder,
          ["eval", "label_predictor"],
          'Cannot use "data/processed/synthetic/manifest.json": splits.train.images must be the sum over its shards, 8: found 9; preprocess again: deno task preprocess synthetic --train-images 8 --validation-images 4 --test-images 3',
        ),
    ));

  await t.step("train: nothing to resume", () =>
    refuses(
      folder,
      [...train, "--resume"],
      'Cannot resume "gpi_mean": "checkpoints" has no unfinished run of these settings; leave out --resume to start one',
    ));
  await t.step("train: a full disk", async () => {
    // /dev/full is always full; opening it needs all permissions.
    const aside = `${folder}/checkpoints/.gpi_mean.partial`;
    await Deno.mkdir(aside, { recursive: true });
    await Deno.symlink("/dev/full", `${aside}/gpi_mean_best.safetensors.partial`);
    const { code, stderr } = await run(folder, train, ["--allow-all"]);
    assertEquals(code, 75); // may succeed later
    assertEquals(
      stderr,
      "error: Cannot write as the disk is full: No space left on device (os error 28): write 'checkpoints/.gpi_mean.partial/gpi_mean_best.safetensors.partial'; free some space and run it again, finished files are kept\n",
    );
    assertEquals([...Deno.readDirSync(`${folder}/checkpoints`)], []);
  });

  assertEquals((await run(folder, train)).code, 0);
  const best = `${folder}/checkpoints/gpi_mean_best.safetensors`;
  const name = "checkpoints/gpi_mean_best.safetensors";
  const evaluate = ["eval", "gpi_mean_best", "--backend", "wasm"];
  await t.step(
    "eval: a checkpoint that is cut",
    () =>
      withFile(best, cut(700), () =>
        refuses(
          folder,
          evaluate,
          /^error: Cannot read "checkpoints\/gpi_mean_best\.safetensors": header claims \d+ bytes, file has 692 after its length\n$/,
        )),
  );
  await t.step("eval: a checkpoint with a wrong bit", async () => {
    const { size } = await Deno.stat(best);
    const message =
      `error: Cannot read "${name}" as its CRC-32C must be \\w{8}: found \\w{8}; the file is damaged, get it again`;
    await withFile(
      best,
      flip(size - 100),
      () => refuses(folder, evaluate, new RegExp(`^${message}\\n$`)),
    );
  });
  await t.step("eval: a misspelt name", () =>
    refuses(
      folder,
      ["eval", "gpi_mean_bets"],
      'Cannot find the checkpoint "checkpoints/gpi_mean_bets.safetensors": the nearest existing one is "gpi_mean_best"',
    ));
  await t.step("eval: an unknown task and an unknown protocol", async () => {
    await refuses(
      folder,
      [...evaluate, "--task", "sgclass"],
      'Cannot find the task "sgclass": the nearest is "sgcls"',
    );
    await refuses(folder, [...evaluate, "--protocol", "motif"], /nearest is "motifs"/);
  });
  await t.step("eval: a model of another vocabulary", async () => {
    await Deno.writeFile(
      `${folder}/other.safetensors`,
      smallCheckpointBytes("gpi_mean"),
    );
    await refuses(
      folder,
      ["eval", "other.safetensors", "--dataset", "synthetic", "--backend", "wasm"],
      /^error: Cannot evaluate "other\.safetensors" on "synthetic": it knows 5 classes and 4 predicates, the data has \d+ and \d+\n$/,
    );
  });

  const image = { imageWidth: 100, imageHeight: 100, boxes: [[0, 0, 50, 50]] };
  const predict = [
    "predict",
    "image.json",
    "--checkpoint",
    "other.safetensors",
    "--backend",
    "wasm",
  ];
  const write = (value: unknown, text = JSON.stringify(value)) =>
    Deno.writeTextFile(`${folder}/image.json`, text);
  await t.step("predict: a box outside of the image", async () => {
    await write({ ...image, boxes: [[0, 90, 50, 201]], entityLabels: ["man"] });
    await refuses(
      folder,
      predict,
      "Cannot predict as box 0 must lie in the image: 1 of 1 boxes stick out by more than 2 pixels, first [0, 90, 50, 201] in an image of 100 x 100; the likely cause: the boxes are of images of another resolution, 1.00 times as wide and 2.01 times as high; if they are right, cut them by --cut-boxes (cutBoxes)",
    );
  });
  await t.step("predict: an infinite logit", async () => {
    await write(
      {},
      JSON.stringify({ ...image, entityLogits: [0, 1, 2, 3, 4] })
        .replace("[0,1,2", "[0,1e999,2"),
    );
    await refuses(
      folder,
      predict,
      'Cannot use "image.json": entityLogits[1] must be a finite number: found Infinity',
    );
  });
  await t.step("predict: an unknown label, before drawing", async () => {
    await write({ ...image, entityLabels: ["mann"] });
    await refuses(
      folder,
      [...predict, "--svg", "out/graph.svg"],
      'Cannot find the entity class "mann" in the vocabulary: the nearest is "man"',
    );
  });
  await t.step("predict: an image without boxes is no error", async () => {
    await write({ ...image, boxes: [], entityLabels: [] });
    const { code, stdout, stderr } = await run(folder, predict);
    assertEquals([code, stdout, stderr], [0, "No relation\n", ""]);
  });
}
