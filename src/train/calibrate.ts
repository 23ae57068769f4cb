/**
 * Calibration: how great the activations get that prediction in 8 bits quantises.
 *
 * @module
 */

import { tf } from "../deps.ts";
import type { Example } from "../dataset/example.ts";
import { batches } from "../eval/in_order.ts";
import { Batch } from "../model/batch.ts";
import {
  type ActivationRanges,
  greatestInputs,
  numHiddenLayers,
  rangesFrom,
} from "../model/int8.ts";
import type { Sgp } from "../model/sgp.ts";

/** Images that are computed at once. */
const BATCH_SIZE = 20;

/**
 * Runs a network in float32 and finds the greatest input of each hidden layer of rho after
 * the first.
 *
 * @param sgp The network, quantised or not.
 * @param examples Images that are like those to come; never those of a test.
 * @returns `undefined` if there are no such layers, or no image has a box.
 */
export async function calibrate(
  sgp: Sgp,
  examples: AsyncIterable<Example>,
): Promise<ActivationRanges | undefined> {
  if (numHiddenLayers(sgp.config).rhoRelation === 0) return undefined;
  let greatest: number[] | undefined;
  const hasBox = ({ boxes }: Example) => boxes.length > 0;
  for await (const group of batches(examples, BATCH_SIZE, hasBox)) {
    const batch = new Batch(group, sgp.config);
    const found = tf.tidy(() => greatestInputs(sgp.forward(batch)));
    const values = await found.data();
    greatest = Array.from(values, (value, i) => Math.max(value, greatest?.[i] ?? 0));
    tf.dispose(found);
    batch.dispose();
  }
  return greatest && rangesFrom(greatest, sgp.config);
}
