import { assertEquals, assertRejects } from "@std/assert";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { checkNoOtherRun, trainAndSave } from "../../src/train/run.ts";
import type { RunOptions } from "../../src/train/run_options.ts";
import { testInFolder } from "../_in_folder.ts";
import { filesIn, optionsIn, stopAt, TRAIN } from "./_small_run.ts";
import "../../src/deps/gradients.ts";

testInFolder(
  "trainAndSave() keeps a finished run of other settings, and says what differs",
  async (folder) => {
    const options = await optionsIn(folder, { train: { ...TRAIN, epochs: 1 } });
    await trainAndSave(options);
    const before = await filesIn(options.folder);
    const path = `${options.folder}/run.safetensors`;
    const refuses = async (change: Partial<RunOptions>, differences: string) => {
      await assertRejects(
        () => trainAndSave({ ...options, ...change }),
        RangeError,
        `Cannot train "run" as "${path}" is a finished model of other settings: ${differences}; give the new one a name with --name, or replace the old one with --force`,
      );
      assertEquals(await filesIn(options.folder), before);
    };
    await refuses({ train: { ...TRAIN, epochs: 2 } }, "epochs is 1, wanted 2");
    await refuses(
      { train: { ...TRAIN, epochs: 1, seed: 7, dropout: 0.5 } },
      `seed is 0, wanted 7; dropout is ${TRAIN.dropout}, wanted 0.5`,
    );
    await refuses(
      { variant: "gpi_no_context" },
      'variant is "gpi_linguistic", wanted "gpi_no_context"',
    );
    const manifest = { ...options.dataset.manifest, inputsHash: "other" };
    const anew = { ...options.dataset, vocabulary: options.dataset.vocabulary, manifest };
    await refuses(
      { dataset: anew as unknown as RunOptions["dataset"] },
      'dataset "synthetic" was made anew from other inputs',
    );
    const many = {
      ...TRAIN,
      epochs: 9,
      batchSize: 2,
      learningRate: 1,
      seed: 3,
      patience: 4,
    };
    await assertRejects(
      () => trainAndSave({ ...options, train: many }),
      RangeError,
      "; and 1 more; give",
    );

    const forced = { ...options, train: { ...TRAIN, epochs: 2 }, force: true };
    assertEquals((await trainAndSave(forced)).wasDone, false);
    assertEquals((await trainAndSave({ ...forced, force: false })).wasDone, true);
  },
);

testInFolder("trainAndSave() keeps a model that it did not train", async (folder) => {
  const options = await optionsIn(folder, { train: { ...TRAIN, epochs: 1 } });
  await trainAndSave(options);
  const { folder: checkpoints } = options;
  // A best checkpoint has no state: it may have been copied from somewhere.
  await Deno.rename(
    `${checkpoints}/run_best.safetensors`,
    `${checkpoints}/run.safetensors`,
  );
  await assertRejects(
    () => trainAndSave(options),
    RangeError,
    'it comes from "deno task train"; give the new one a name',
  );
});

testInFolder(
  "trainAndSave() with force leaves no mixture of two runs when it is stopped",
  async (folder) => {
    const options = await optionsIn(folder, { train: { ...TRAIN, epochs: 1 } });
    await trainAndSave(options);
    const before = await filesIn(options.folder);
    const other = { ...options, train: { ...TRAIN, seed: 1 }, force: true };
    const stopped = (onEvent: RunOptions["onEvent"]) =>
      assertRejects(() => trainAndSave({ ...other, onEvent }), Error, "by the test");
    await stopped(stopAt((type) => type === "update"));
    assertEquals(await filesIn(options.folder), before, "before its first epoch");
    await stopped(stopAt((type) => type === "epoch"));
    for (const name of ["run", "run_best"]) {
      const path = `${options.folder}/${name}.safetensors`;
      const { training } = decodeCheckpoint(await Deno.readFile(path), path);
      assertEquals(training.config?.seed, 1, name);
    }
    assertEquals((await trainAndSave({ ...options, force: true })).wasDone, false);
  },
);

testInFolder(
  "trainAndSave() keeps an unfinished run of other settings, and says how to go on",
  async (folder) => {
    const options = await optionsIn(folder);
    const onEvent = stopAt((type) => type === "epoch");
    await assertRejects(
      () => trainAndSave({ ...options, onEvent }),
      Error,
      "by the test",
    );
    const before = await filesIn(options.folder);
    const path = `${options.folder}/run.safetensors`;
    const other = { ...options, train: { ...TRAIN, seed: 1 } };
    for (const resume of [false, true, "if possible"] as const) {
      const change = { ...other, resume };
      for (const refused of [trainAndSave, checkNoOtherRun]) {
        await assertRejects(
          () => refused(change),
          RangeError,
          `Cannot train "run" as "${path}" is an unfinished model (epoch 1 of 3) of other settings: seed is 0, wanted 1; give the new one a name with --name, finish the old one with "deno task train --resume", or replace the old one with --force`,
        );
      }
    }
    assertEquals(await filesIn(options.folder), before);

    // Each of the three ways leads on.
    await trainAndSave({ ...other, name: "another" });
    assertEquals((await trainAndSave({ ...options, resume: true })).epochs.length, 3);
    assertEquals((await trainAndSave({ ...other, force: true })).wasDone, false);
  },
);

testInFolder(
  "trainAndSave() keeps a best model of other settings whose run is gone",
  async (folder) => {
    const options = await optionsIn(folder, { train: { ...TRAIN, epochs: 1 } });
    await trainAndSave(options);
    await Deno.remove(`${options.folder}/run.safetensors`);
    const other = { ...options, train: { ...TRAIN, seed: 1 } };
    await assertRejects(
      () => trainAndSave(other),
      RangeError,
      `Cannot train "run" as "${options.folder}/run_best.safetensors" is a finished model of other settings: seed is 0, wanted 1; epochs is 1, wanted 3; give`,
    );
    assertEquals((await trainAndSave(options)).wasDone, false);
  },
);
