import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { trainAndSave } from "../../src/train/run.ts";
import type { RunOptions } from "../../src/train/run_options.ts";
import { builtInWords } from "../../src/words/word_vectors.ts";
import { testInFolder } from "../_in_folder.ts";
import { assertNoLeak } from "../_assert.ts";
import {
  assertNamesImage,
  FILES,
  filesIn,
  inMemory,
  optionsIn,
  stopAt,
  TRAIN,
} from "./_small_run.ts";
import "../../src/deps/gradients.ts";

testInFolder(
  "trainAndSave() gives the same bytes, interrupted or not",
  async (folder) => {
    const options = await optionsIn(folder);
    const result = await trainAndSave(options);
    assertEquals(result.wasDone, false);
    assertEquals(result.epochs.map(({ epoch }) => epoch), [1, 2, 3]);
    const whole = await filesIn(options.folder);
    assertEquals(Object.keys(whole), FILES);

    const again = { ...options, folder: `${folder}/again` };
    await trainAndSave(again);
    assertEquals(await filesIn(again.folder), whole);

    const places: [string, NonNullable<RunOptions["onEvent"]>][] = [
      ["after", stopAt((type, epoch) => type === "epoch" && epoch === 1)!],
      ["amid", stopAt((type, epoch) => type === "update" && epoch === 3)!],
    ];
    for (const [name, onEvent] of places) {
      const stopped = { ...options, folder: `${folder}/${name}` };
      await assertNoLeak(() =>
        assertRejects(() => trainAndSave({ ...stopped, onEvent }), Error, "by the test")
      );
      const seen: string[] = [];
      const resumed = await trainAndSave({
        ...stopped,
        resume: true,
        onEvent: ({ type, epoch }) => void seen.push(`${type} ${epoch}`),
      });
      assertEquals(resumed.epochs, result.epochs);
      assert(!seen.includes("update 1"), "the first epoch is not repeated");
      assertEquals(await filesIn(stopped.folder), whole);
    }
  },
);

testInFolder(
  "trainAndSave() stores everything needed to run a network and to trust it",
  async (folder) => {
    const options = await optionsIn(folder);
    const { best, last, epochs } = await trainAndSave(options);
    const read = async (path: string) =>
      decodeCheckpoint(await Deno.readFile(path), path);
    const [ofBest, ofLast] = [await read(best), await read(last)];
    const bestEpoch = epochs.findLast(({ isBest }) => isBest)!;
    assertEquals(ofBest.training, {
      config: TRAIN,
      command: "deno task train",
      dataset: {
        name: "synthetic",
        inputsHash: options.dataset.manifest.inputsHash,
        labelPredictor: { name: "confusion", simulated: true },
      },
      epoch: bestEpoch.epoch,
      metrics: {
        validation_recall: bestEpoch.validation.recall,
        validation_loss: bestEpoch.validation.loss,
      },
    });
    assertEquals([ofBest.state, ofLast.state?.epoch], [undefined, 3]);
    assertEquals(ofBest.vocabulary.toJSON(), options.dataset.vocabulary.toJSON());
    assertEquals(ofBest.labelPredictor, options.labelPredictor);
    const log = await Deno.readTextFile(`${options.folder}/run.jsonl`);
    assertEquals(log.trim().split("\n").map((line) => JSON.parse(line)), epochs);
  },
);

testInFolder(
  "trainAndSave() recognises a finished run, and no other",
  async (folder) => {
    const train = { ...TRAIN, epochs: 1 };
    const options = await optionsIn(folder, { train, force: true });
    const wasDone = async (change: Partial<RunOptions> = {}) =>
      (await trainAndSave({ ...options, ...change })).wasDone;
    assertEquals(await wasDone(), false);
    const before = await filesIn(options.folder);
    assertEquals(await wasDone(), true);
    assertEquals(await wasDone({ resume: true }), true);
    assertEquals(await wasDone({ command: "another" }), true);
    assertEquals(await filesIn(options.folder), before);

    const words = new Map(await builtInWords()).set("man", new Float32Array(100));
    assertEquals(await wasDone({ words }), false, "other word vectors");
    assertEquals(await wasDone({ variant: "gpi_mean" }), false, "another variant");
    assertEquals(await wasDone({ variant: "gpi_mean" }), true);
    assertEquals(await wasDone(), false, "the first again");
    await Deno.remove(`${options.folder}/run_best.safetensors`);
    assertEquals(await wasDone(), false, "the best is missing");
    assertEquals(await wasDone({ train: { ...TRAIN, epochs: 1, seed: 3 } }), false);
  },
);

testInFolder(
  "trainAndSave() stops early, and recognises such a run as finished",
  async (folder) => {
    // At a rate of almost nothing no epoch is better than the first.
    const train = { ...TRAIN, epochs: 9, patience: 2, learningRate: 1e-12 };
    const options = await optionsIn(folder, { train });
    const { epochs } = await trainAndSave(options);
    assertEquals(epochs.map(({ isBest }) => isBest), [true, false, false]);
    assertEquals((await trainAndSave(options)).wasDone, true);
  },
);

testInFolder(
  "trainAndSave() refuses to resume a run that does not exist",
  async (folder) => {
    const options = await optionsIn(folder, { resume: true });
    const message =
      `Cannot resume "run": "${options.folder}" has no unfinished run of these settings; leave out --resume to start one`;
    await assertRejects(() => trainAndSave(options), RangeError, message);
    const onEvent = stopAt((type) => type === "epoch");
    const begun = { ...options, resume: false, onEvent };
    await assertRejects(() => trainAndSave(begun), Error, "by the test");
    // "leave out --resume to start one"
    const third = { ...options, name: "third" };
    await assertRejects(() => trainAndSave(third), RangeError, "Cannot resume");
    assertEquals((await trainAndSave({ ...third, resume: false })).wasDone, false);
  },
);

testInFolder(
  "trainAndSave() does not resume from damaged files, but starts anew",
  async (folder) => {
    const options = await optionsIn(folder);
    const onEvent = stopAt((type, epoch) => type === "epoch" && epoch === 2);
    const begin = () => assertRejects(() => trainAndSave({ ...options, onEvent }));
    const [log, last] = ["run.jsonl", "run.safetensors"].map((name) =>
      `${options.folder}/${name}`
    );
    const resume = () => trainAndSave({ ...options, resume: true });

    await begin();
    await Deno.truncate(last, 1000);
    await assertRejects(resume, SyntaxError, `Cannot read "${last}": `);
    await begin();
    for (const text of ["", "{}\n{}\n", '{"epoch":1}\n{"epo']) {
      await Deno.writeTextFile(log, text);
      const line = text.startsWith('{"epoch":1}') ? 2 : 1;
      await assertRejects(
        resume,
        SyntaxError,
        `Cannot resume as line ${line} of "${log}" must be epoch ${line} as JSON; leave out`,
      );
    }
    const { epochs } = await trainAndSave({ ...options, resume: "if possible" });
    assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  },
);

testInFolder(
  "trainAndSave() saves nothing if a loss is not finite",
  async (folder) => {
    const options = await optionsIn(folder);
    await assertNamesImage(options);
    await assertRejects(() => Deno.stat(options.folder), Deno.errors.NotFound);
  },
);

testInFolder(
  "trainAndSave() refuses data and settings that cannot be trained",
  async (folder) => {
    const options = await optionsIn(folder);
    const { manifest } = options.dataset;
    const { validation } = manifest.splits;
    const splits = { ...manifest.splits, validation: { ...validation, relations: 0 } };
    const dataset = Object.assign(inMemory(options.dataset, (example) => example), {
      manifest: { ...manifest, splits },
    });
    await assertRejects(
      () => trainAndSave({ ...options, dataset }),
      RangeError,
      'Cannot train on "synthetic" as choosing the best epoch needs a validation image with a relation: found none',
    );
    await assertRejects(
      () => trainAndSave({ ...options, train: { ...TRAIN, dropout: 1 } }),
      RangeError,
      "Cannot use the training settings: dropout must be a number in [0, 1): found 1",
    );
    await assertRejects(
      () => trainAndSave({ ...options, model: { ...options.model, hidden: 0 } }),
      RangeError,
      "Cannot use the settings of the network: hidden must be a whole number in [1, 10000]",
    );
  },
);

testInFolder(
  "trainAndSave() trains again if a checkpoint lacks ranges for 8 bits",
  async (folder) => {
    const options = await optionsIn(folder, { train: { ...TRAIN, epochs: 1 } });
    const deep = { ...options, model: { ...options.model, layers: [5, 4] } };
    const { best, last } = await trainAndSave(deep);
    for (const path of [best, last]) {
      const checkpoint = decodeCheckpoint(await Deno.readFile(path), path);
      const { activationRanges, ...older } = checkpoint;
      assertEquals(activationRanges?.rhoRelation.map(({ length }) => length), [5]);
      await Deno.writeFile(path, encodeCheckpoint(older));
    }
    assertEquals((await trainAndSave(deep)).wasDone, false);
    assertEquals((await trainAndSave(deep)).wasDone, true);
  },
);
