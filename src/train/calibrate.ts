/**
 * Calibration: the ranges of the activations that 8-bit prediction quantises.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { Example } from "../example.ts";
import { batches } from "../streams.ts";
import { Batch } from "../model/batch.ts";
import {
  type ActivationRanges,
  greatestInputs,
  hiddenInputs,
  RHO,
} from "../model/int8.ts";
import type { Sgp } from "../model/sgp.ts";

/** Images of a batch. */
const BATCH_SIZE = 20;

/**
 * Runs a network in float32 and finds the greatest value of each input of the hidden
 * layers of rho after the first.
 *
 * @param sgp The network, quantised or not.
 * @param examples Images like those to predict later, never test images.
 * @returns The ranges; `undefined` if the network has no such layer or no image has a box.
 */
export async function calibrate(
  sgp: Sgp,
  examples: AsyncIterable<Example>,
): Promise<ActivationRanges | undefined> {
  const inputs = hiddenInputs(sgp.config);
  if (inputs.rhoRelation.length === 0) return undefined;
  const ranges = {
    rhoRelation: inputs.rhoRelation.map((width) => new Float32Array(width)),
    rhoEntity: inputs.rhoEntity.map((width) => new Float32Array(width)),
  };
  let isEmpty = true;
  const hasBox = ({ boxes }: Example) => boxes.length > 0;
  for await (const group of batches(examples, BATCH_SIZE, hasBox)) {
    isEmpty = false;
    const batch = new Batch(group, sgp.config);
    const found = tf.tidy(() => {
      const traces = sgp.forward(batch);
      return RHO.map((net) => greatestInputs(traces, net));
    });
    for (const [i, net] of RHO.entries()) {
      for (const [layer, greatest] of found[i].entries()) {
        const range = ranges[net][layer];
        (await greatest.data()).forEach((value, k) =>
          range[k] = Math.max(range[k], value)
        );
      }
    }
    tf.dispose(found);
    batch.dispose();
  }
  return isEmpty ? undefined : ranges;
}
