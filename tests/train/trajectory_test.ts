/**
 * Losses, summed gradients and Adam's trajectory against expected values of the
 * published program.
 */

import { assert } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { Adam } from "../../src/kernels/adam.ts";
import { hasRelation } from "../../src/train/loss.ts";
import { lossAndGradients } from "../../src/train/step.ts";
import { assertClose } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { CASES, imageOf, readCase } from "../model/_parity.ts";

/** Tolerances: relative of a loss, of gradients relative to the greatest, of parameters. */
const LOSS = 1e-4, GRADIENTS = 1e-4, PARAMETERS = 1e-5;

for (const name of CASES.filter((name) => name.startsWith("train_"))) {
  testOnEachBackend(`Adam follows the published trajectory: ${name}`, async () => {
    const parity = readCase(name);
    const { config, loss, tensors } = parity;
    const json = parity.json as unknown as {
      sizes: number[];
      batch_size: number;
      lr: number;
      epochs: number;
      losses_per_image_in_order: (number | null)[];
    };
    const images = json.sizes.map((_, i) => imageOf(parity, `image${i}/`));
    const sgp = new Sgp(config, parity.parameters, parity.words);
    const adam = new Adam(sgp.parameters, { epsilonForm: "tensorflow1" });
    const isClear = new Map<string, boolean[]>();
    let update = 0;
    for (let epoch = 0; epoch < json.epochs; epoch++) {
      let group: typeof images = [];
      for (const [i, image] of images.entries()) {
        const expected = json.losses_per_image_in_order[epoch * images.length + i];
        assert(
          (expected !== null) === hasRelation(image),
          `image ${i} is skipped or not`,
        );
        if (expected === null) continue;
        const single = await lossAndGradients(sgp, [image], loss);
        tf.dispose(single.gradients);
        assertClose([single.loss], [expected], LOSS * expected, `loss of image ${i}`);
        group.push(image);
        if (group.length < json.batch_size) continue;
        const { gradients } = await lossAndGradients(sgp, group, loss);
        group = [];
        const at = `update${++update}`;
        let greatest = 0;
        for (const parameter of sgp.parameters.variables.keys()) {
          for (const g of tensors.get(`${at}/gradient_sum/${parameter}`)!.data) {
            greatest = Math.max(greatest, Math.abs(g));
          }
        }
        for (const [parameter, variable] of sgp.parameters.variables) {
          const sum = tensors.get(`${at}/gradient_sum/${parameter}`)!.data;
          const actual = await gradients[parameter]?.data() ??
            new Float32Array(variable.size);
          assertClose(
            actual,
            sum,
            GRADIENTS * greatest,
            `${at} gradient of ${parameter}`,
          );
          // Other gradients are rounding noise, which Adam turns into full steps.
          const clear = isClear.get(parameter) ?? Array.from(sum, () => true);
          for (let k = 0; k < sum.length; k++) {
            clear[k] &&= Math.abs(sum[k]) > 1e-4 * greatest;
          }
          isClear.set(parameter, clear);
        }
        adam.update(gradients, json.lr);
        tf.dispose(gradients);
        for (const [parameter, variable] of sgp.parameters.variables) {
          const clear = isClear.get(parameter)!;
          const pick = (values: ArrayLike<number>) =>
            Array.from(values).filter((_, k) => clear[k]);
          const expectedValues = tensors.get(`${at}/param/${parameter}`)!.data;
          assertClose(
            pick(await variable.data()),
            pick(expectedValues),
            PARAMETERS,
            `${at} ${parameter}`,
          );
        }
      }
    }
    sgp.dispose();
    adam.dispose();
  });
}
