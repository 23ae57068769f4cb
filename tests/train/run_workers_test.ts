import { assert, assertEquals, assertRejects } from "@std/assert";
import { startedWorkers } from "./_spy_on_workers.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { trainAndSave } from "../../src/train/run.ts";
import type { RunOptions } from "../../src/train/run_options.ts";
import { testInFolder } from "../_in_folder.ts";
import {
  assertNamesImage,
  FILES,
  filesIn,
  inMemory,
  optionsIn,
  stopAt,
  TRAIN,
} from "./_small_run.ts";

/** Trains into its own folder, and returns the files. */
async function filesOf(
  options: RunOptions,
  name: string,
  change: Partial<RunOptions> = {},
): Promise<Record<string, Uint8Array>> {
  const folder = `${options.folder}-${name}`;
  await trainAndSave({ ...options, folder, ...change });
  return await filesIn(folder);
}

testInFolder(
  "trainAndSave() with two workers gives the same bytes, interrupted or not",
  async (folder) => {
    const started: number[] = [];
    const options = await optionsIn(folder, {
      workers: 2,
      train: { ...TRAIN, dropout: 0.1 },
      onStart: (workers) => void started.push(workers),
    });
    const whole = await filesOf(options, "whole");
    assertEquals(Object.keys(whole), FILES);
    const last = decodeCheckpoint(whole["run.safetensors"], "run");
    assertEquals(last.training.workers, 2);

    const onEvent = stopAt((type, epoch) => type === "update" && epoch === 2);
    await assertRejects(() => filesOf(options, "stopped", { onEvent }), Error, "by the");
    const other = { resume: true, workers: 3 };
    await assertRejects(
      () => filesOf(options, "stopped", other),
      RangeError,
      'is an unfinished model (epoch 1 of 3) of other settings: workers is 2, wanted 3; give the new one a name with --name, finish the old one with "deno task train --resume", or',
    );
    // As many as the run was started with, whatever machine this is.
    const resumed = { resume: true, workers: undefined };
    assertEquals(await filesOf(options, "stopped", resumed), whole);
    assertEquals(started, [2, 2, 2]);

    const wasDone = async (workers?: number) =>
      (await trainAndSave({
        ...options,
        ...{ folder: `${options.folder}-whole`, workers, force: workers === 1 },
      })).wasDone;
    assertEquals(await wasDone(), true);
    assertEquals(await wasDone(2), true);
    await assertRejects(
      () => trainAndSave({ ...options, folder: `${options.folder}-whole`, workers: 3 }),
      RangeError,
      "of other settings: workers is 2, wanted 3; give",
    );
    assertEquals(await wasDone(1), false, "other sums");
    assertEquals([await wasDone(1), await wasDone()], [true, true]);
  },
);

testInFolder(
  "trainAndSave() gives the same bytes for any number of workers if deterministic",
  async (folder) => {
    const options = await optionsIn(folder, {
      deterministic: true,
      train: { ...TRAIN, epochs: 2, dropout: 0.1, regularization: 1e-3 },
    });
    await useBackend("wasm", { deterministic: true });
    const expected = await filesOf(options, "1", { workers: 1 });
    assertEquals(await filesOf(options, "3", { workers: 3 }), expected);
    // A run that was started with two workers continues with one.
    const onEvent = stopAt((type, epoch) => type === "epoch" && epoch === 1);
    const begun = { workers: 2, onEvent };
    await assertRejects(() => filesOf(options, "stopped", begun), Error, "by the test");
    assertEquals(
      await filesOf(options, "stopped", { workers: 1, resume: true }),
      expected,
    );
    const decoded = decodeCheckpoint(expected["run.safetensors"], "run");
    assertEquals(decoded.training.deterministic, true);
    await useBackend("wasm");
    // A run that is not deterministic gives other bytes, so it is another run.
    const folder1 = `${options.folder}-1`, other = { ...options, folder: folder1 };
    assertEquals((await trainAndSave(other)).wasDone, true);
    const plain = { ...other, deterministic: false, workers: 1, force: true };
    assertEquals((await trainAndSave(plain)).wasDone, false);
    assertEquals((await trainAndSave(plain)).wasDone, true);
  },
);

testInFolder(
  "trainAndSave() reports a worker that dies, with its images",
  async (folder) => {
    const options = await optionsIn(folder, { workers: 2 });
    const { dataset } = options;
    // More logits than the image has entities make packing fail in a worker.
    const broken = inMemory(
      dataset,
      (example) =>
        example.id === "train-000007"
          ? { ...example, entityLogits: new Float32Array(1e4) }
          : example,
    );
    const message = /^Cannot continue as a worker failed at images? .*"train-000007".*: /;
    const error = await assertRejects(
      () => trainAndSave({ ...options, dataset: broken }),
      Error,
    );
    assert(message.test(error.message), error.message);

    startedWorkers.length = 0;
    const onEvent: RunOptions["onEvent"] = ({ type }) => {
      // The worker has ended before the next update, or ends during it.
      if (type === "update") setTimeout(() => startedWorkers[1].terminate());
    };
    await assertRejects(
      () => trainAndSave({ ...options, onEvent }),
      Error,
      "it must run to the end: it was terminated",
    );
    await assertRejects(() => Deno.stat(options.folder), Deno.errors.NotFound);
  },
);

testInFolder(
  "trainAndSave() with workers names the image whose loss is not finite",
  async (folder) => {
    const options = await optionsIn(folder, { workers: 2 });
    await assertNamesImage(options);
  },
);

testInFolder(
  "trainAndSave() refuses an invalid number of workers",
  async (folder) => {
    const options = await optionsIn(folder, { workers: 0 });
    await assertRejects(
      () => trainAndSave(options),
      RangeError,
      "Cannot use workers as their number must be an integer in [1, 256]: current value is 0",
    );
  },
);
