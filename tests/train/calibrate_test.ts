import { assertEquals } from "@std/assert";
import type { Example } from "../../src/example.ts";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { calibrate } from "../../src/train/calibrate.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";
import { densePlain } from "../kernels/_plain.ts";

async function* listed(images: readonly Example[]): AsyncGenerator<Example> {
  for (const image of images) yield await Promise.resolve(image);
}

testOnEachBackend(
  "calibrate() finds the greatest value of each input of each layer",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_linguistic", { layers: [9, 7, 5], steps: 2 }));
    // More than one batch, one image without a pair and one without a box.
    const images = Array.from(
      { length: 23 },
      (_, i) => randomImage((i + 22) % 23 % 6, i),
    );
    await assertNoLeak(async () => {
      const ranges = (await calibrate(sgp, listed(images)))!;
      // The first layer's input is observed; plain loops compute the others from it.
      const zeros = () => [new Float32Array(9), new Float32Array(7)];
      const expected = { rhoRelation: zeros(), rhoEntity: zeros() };
      for (const image of images) {
        if (image.boxes.length === 0) {
          continue;
        }
        const batch = new Batch([image], sgp.config);
        const traces = tf.tidy(() =>
          sgp.forward(batch).map(({ hidden }) => [
            tf.keep(hidden.rhoRelation[0]),
            tf.keep(hidden.rhoEntity[0]),
          ])
        );
        for (const inputs of traces) {
          for (const [i, net] of (["rhoRelation", "rhoEntity"] as const).entries()) {
            const x = await inputs[i].data(), [m, k] = inputs[i].shape;
            const { weights, biases } = sgp.parameters.nets[net][1];
            const [w, b] = [await weights.data(), await biases.data()];
            const y = densePlain(x, w, [m, k, b.length], { biases: b, isRelu: true });
            for (const [layer, values] of [x, y].entries()) {
              const most = expected[net][layer];
              values.forEach((value, at) => {
                most[at % most.length] = Math.max(most[at % most.length], value);
              });
            }
          }
          tf.dispose(inputs);
        }
        batch.dispose();
      }
      for (const net of ["rhoRelation", "rhoEntity"] as const) {
        assertEquals(ranges[net].length, 2);
        for (const layer of [0, 1]) {
          assertClose(ranges[net][layer], expected[net][layer], 1e-4);
        }
      }
    });
    sgp.dispose();
  },
);

testOnEachBackend(
  "calibrate() finds nothing without such layers or without boxes",
  async () => {
    const shallow = smallSgp(smallConfig("gpi_mean"));
    assertEquals(await calibrate(shallow, listed([randomImage(3)])), undefined);
    const deep = smallSgp(smallConfig("gpi_mean", { layers: [4, 4] }));
    assertEquals(await calibrate(deep, listed([randomImage(0)])), undefined);
    const relationsOnly = smallSgp(
      smallConfig("gpi_mean", { layers: [4, 4], relationsOnly: true }),
    );
    const ranges = await calibrate(relationsOnly, listed([randomImage(3)]));
    assertEquals([ranges?.rhoRelation.length, ranges?.rhoEntity.length], [1, 0]);
    for (const sgp of [shallow, deep, relationsOnly]) sgp.dispose();
  },
  ["wasm"],
);
