/**
 * The learning rate over the course of training.
 *
 * @module
 */

import type { TrainConfig } from "../config.ts";

/** Epochs after which the published program halves its learning rate. */
const HALVING_EPOCHS = 1000;

/**
 * Computes the learning rate of an update.
 *
 * @param config Schedule, first learning rate and number of epochs.
 * @param epoch Number of epochs done before this one.
 * @param fraction Share of this epoch that is done, in [0, 1).
 * @returns The learning rate; it depends on the parameters alone.
 *
 * @example
 * ```ts
 * import { PRESETS } from "../config.ts";
 * import { learningRateAt } from "./schedule.ts";
 * const config = { ...PRESETS.paper.train, learningRate: 1e-4 };
 * if (learningRateAt(config, 1000, 0) !== 5e-5) throw new Error();
 * ```
 */
export function learningRateAt(
  { schedule, learningRate, epochs }: Pick<
    TrainConfig,
    "schedule" | "learningRate" | "epochs"
  >,
  epoch: number,
  fraction: number,
): number {
  if (schedule === "halving") {
    return learningRate * 0.5 ** Math.floor(epoch / HALVING_EPOCHS);
  }
  const progress = Math.min(1, (epoch + fraction) / epochs);
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
}
