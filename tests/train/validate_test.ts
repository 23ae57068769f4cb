import { assert, assertEquals } from "@std/assert";
import { PRESETS, type TrainConfig } from "../../src/config.ts";
import type { Example } from "../../src/example.ts";
import { lossAndGradients } from "../../src/train/step.ts";
import {
  type BatchValidation,
  validate,
  validateBatch,
} from "../../src/train/validate.ts";
import type { Sgp } from "../../src/model/sgp.ts";
import { tf } from "../../src/deps/tf.ts";
import { assertClose } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

const CONFIG: TrainConfig = PRESETS.small.train;

async function* listed(images: readonly Example[]): AsyncGenerator<Example> {
  for (const image of images) yield await Promise.resolve(image);
}

function batchOf(sgp: Sgp): (images: readonly Example[]) => Promise<BatchValidation> {
  return (images) => validateBatch(sgp, images, CONFIG);
}

/** Two entities whose logits give labels and relation with certainty, or are wrong. */
function pair(id: string, isRight: boolean): Example {
  const logits = (length: number, index: number) =>
    Float32Array.from({ length }, (_, i) => i === index ? 9 : 0);
  return {
    ...randomImage(2, id),
    id,
    entityLabels: Int32Array.of(0, 2),
    relations: Int32Array.of(0, 1, 1),
    entityLogits: Float32Array.of(...logits(5, isRight ? 0 : 3), ...logits(5, 2)),
    relationLogits: Float32Array.of(
      ...[...logits(4, 3), ...logits(4, 1)],
      ...[...logits(4, 3), ...logits(4, 3)],
    ),
  };
}

testOnEachBackend(
  "validate() gives the mean recall over images with relations",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_mean"), "identity");
    const images = [pair("a", true), pair("b", false), pair("c", true), pair("d", true)];
    const nothing = { ...randomImage(3), relations: new Int32Array(0) };
    const { recall, loss } = await validate(batchOf(sgp), listed([...images, nothing]));
    assertEquals(recall, 3 / 4);
    let sum = 0;
    for (const image of images) {
      const single = await lossAndGradients(sgp, [image], CONFIG);
      tf.dispose(single.gradients);
      sum += single.loss;
    }
    assertClose([loss], [sum / 4], 1e-4 * sum, "mean loss");
    sgp.dispose();
  },
);

testOnEachBackend("validate() handles more images than one batch has", async () => {
  const sgp = smallSgp(smallConfig("gpi_mean"), "identity");
  const images = Array.from({ length: 45 }, (_, i) => pair(`${i}`, i % 9 === 0));
  const { recall, loss } = await validate(batchOf(sgp), listed(images));
  assertClose([recall], [5 / 45], 1e-12);
  assert(Number.isFinite(loss));
  sgp.dispose();
});

testOnEachBackend("validate() gives NaN where no image has a relation", async () => {
  const sgp = smallSgp(smallConfig("gpi_mean"));
  const nothing = { ...randomImage(3), relations: new Int32Array(0) };
  assertEquals(await validate(batchOf(sgp), listed([nothing])), {
    loss: NaN,
    recall: NaN,
  });
  sgp.dispose();
});
