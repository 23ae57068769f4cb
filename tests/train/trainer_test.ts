import { assert, assertEquals, assertRejects } from "@std/assert";
import { PRESETS, type TrainConfig } from "../../src/config.ts";
import type { Example } from "../../src/example.ts";
import { Random } from "../../src/random.ts";
import {
  type EpochEvent,
  type TrainData,
  Trainer,
  type UpdateEvent,
} from "../../src/train/trainer.ts";
import type { Validation } from "../../src/train/validate.ts";
import { validate, validateBatch } from "../../src/train/validate.ts";
import { assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

const CONFIG: TrainConfig = { ...PRESETS.small.train, epochs: 3, batchSize: 2 };

/** Five images with relations and one without. */
const IMAGES: readonly Example[] = [
  ...[4, 3, 2, 5, 3].map((n, i) => ({
    ...randomImage(n, "train", i),
    relations: Int32Array.of(0, 1, i % 3),
  })),
  { ...randomImage(2, "nothing"), relations: new Int32Array(0) },
];

async function* listed(images: readonly Example[]): AsyncGenerator<Example> {
  for (const image of images) yield await Promise.resolve(image);
}

/** Returns given results of validation, one for each epoch. */
function dataOf(validations: Validation[] = [], images = IMAGES): TrainData {
  let epoch = 0;
  return {
    size: images.length,
    examples: (seed) => listed(new Random(seed).shuffle([...images])),
    validate: () =>
      Promise.resolve(validations[epoch++] ?? { loss: 1 / epoch, recall: epoch / 100 }),
  };
}

async function train(
  change: Partial<TrainConfig> = {},
  data = dataOf(),
): Promise<{ events: (UpdateEvent | EpochEvent)[]; values: Float32Array[] }> {
  const config = { ...CONFIG, ...change };
  const sgp = smallSgp(smallConfig("gpi_linguistic"));
  const trainer = new Trainer(sgp, config, data);
  try {
    const events = await Array.fromAsync(trainer.run());
    return { events, values: (await sgp.parameters.values()).map(({ data }) => data) };
  } finally {
    trainer.dispose();
    sgp.dispose();
  }
}

const epochsOf = ({ events }: { events: (UpdateEvent | EpochEvent)[] }) =>
  events.filter((event) => event.type === "epoch");
const updatesOf = ({ events }: { events: (UpdateEvent | EpochEvent)[] }) =>
  events.filter((event) => event.type === "update");

testOnEachBackend(
  "Trainer.run() gives the same bytes for the same seed",
  async (backend) => {
    const epochs = backend === "wasm" ? 3 : 1; // software WebGPU is slow
    const first = await train({ epochs }), second = await train({ epochs });
    assertEquals(second, first);
    const other = await train({ epochs, seed: 5 });
    assert(other.values.some((values, i) => `${values}` !== `${first.values[i]}`));
  },
);

testOnEachBackend("Trainer.run() yields updates and epochs", async () => {
  const result = await train();
  const updates = updatesOf(result).filter(({ epoch }) => epoch === 1);
  assertEquals(updates.length, 3); // of 2, 2 and 1 images with a relation
  for (const { done, size, loss } of updates) {
    assert(done <= size && size === 6 && loss > 0);
  }
  const epochs = epochsOf(result);
  assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  assertEquals(epochs.map(({ isBest }) => isBest), [true, true, true]);
  assert(epochs[2].loss < epochs[0].loss, "it learns");
  const paper = await train({ loss: "paper" });
  // The published program drops the image that is left over.
  assertEquals(updatesOf(paper).filter(({ epoch }) => epoch === 1).length, 2);
}, ["wasm"]);

testOnEachBackend(
  "Trainer.run() selects by recall or by loss, and stops early",
  async () => {
    const validations = [
      { loss: 3, recall: 0.1 },
      { loss: 4, recall: 0.3 },
      { loss: 2, recall: 0.3 },
      { loss: 1, recall: 0.2 },
      { loss: 5, recall: 0.9 },
    ];
    const bestOf = async (change: Partial<TrainConfig>) => {
      const result = await train({ epochs: 5, ...change }, dataOf(validations));
      return epochsOf(result).map(({ isBest }) => isBest);
    };
    const [best, not] = [true, false];
    assertEquals(await bestOf({ select: "recall" }), [best, best, not, not, best]);
    assertEquals(await bestOf({ select: "loss" }), [best, not, best, best, not]);
    // After two epochs that were not better; an equal one is not better.
    assertEquals(await bestOf({ patience: 2 }), [best, best, not, not]);
    assertEquals(await bestOf({ patience: 3 }), [best, best, not, not, best]);
  },
  ["wasm"],
);

testOnEachBackend(
  "Trainer.restore() continues as if training had not stopped",
  async () => {
    const whole = await train();
    const config = smallConfig("gpi_linguistic");
    const first = smallSgp(config), second = smallSgp(config);
    const stopped = new Trainer(first, CONFIG, dataOf());
    const events: (UpdateEvent | EpochEvent)[] = [];
    for await (const event of stopped.run()) {
      events.push(event);
      if (event.type === "epoch") break;
    }
    const state = await stopped.state();
    assertEquals([state.epoch, state.updates, state.best?.epoch], [1, 3, 1]);
    const values = await first.parameters.values();
    second.parameters.assign(new Map(values.map(({ name, data }) => [name, data])));
    const data = dataOf(
      [2, 3].map((epoch) => ({ loss: 1 / epoch, recall: epoch / 100 })),
    );
    const resumed = new Trainer(second, CONFIG, data);
    resumed.restore(state);
    events.push(...await Array.fromAsync(resumed.run()));
    assertEquals(events, whole.events);
    const after = await second.parameters.values();
    assertEquals(after.map(({ data }) => data), whole.values);
    for (const owner of [stopped, resumed, first, second]) owner.dispose();
  },
  ["wasm"],
);

testOnEachBackend("Trainer.run() names the image whose loss is not finite", async () => {
  for (const bad of [NaN, Infinity]) {
    const images = IMAGES.map((image) => ({
      ...image,
      entityLogits: image.entityLogits.slice(),
    }));
    images[3].entityLogits[2] = bad;
    const sgp = smallSgp(smallConfig("gpi_linguistic"));
    const trainer = new Trainer(sgp, CONFIG, dataOf([], images));
    await assertNoLeak(() =>
      assertRejects(
        () => Array.fromAsync(trainer.run()),
        RangeError,
        'Cannot continue the training: image "image train 3" of epoch 1 gives a loss or gradient that is not finite',
      )
    );
    for (const { name, data } of await sgp.parameters.values()) {
      assert(data.every(Number.isFinite), name);
    }
    trainer.dispose();
    sgp.dispose();
  }
});

testOnEachBackend("Trainer.run() refuses too few images for an update", async () => {
  await assertRejects(
    () => train({}, dataOf([], IMAGES.slice(5))),
    RangeError,
    "Cannot train as an update needs 2 images with a relation: 1 images have 0",
  );
  await assertRejects(
    () => train({ loss: "paper", batchSize: 6 }),
    RangeError,
    "Cannot train as an update needs 6 images with a relation: 6 images have 5",
  );
}, ["wasm"]);

testOnEachBackend("Trainer and validate() leave no tensor behind", async (backend) => {
  const sgp = smallSgp(smallConfig("gpi_linguistic"));
  const data: TrainData = {
    ...dataOf(),
    validate: (sgp) =>
      validate((images) => validateBatch(sgp, images, CONFIG), listed(IMAGES)),
  };
  const epochs = backend === "wasm" ? 3 : 1;
  await sgp.predict(IMAGES); // packed layers stay until the network is disposed
  await assertNoLeak(async () => {
    const trainer = new Trainer(sgp, { ...CONFIG, epochs }, data);
    await Array.fromAsync(trainer.run());
    trainer.dispose();
  });
  sgp.dispose();
});
