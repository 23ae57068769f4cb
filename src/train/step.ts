/**
 * One training step: the loss of a batch and its gradient.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { AnnotatedImage } from "../example.ts";
import { Batch, type ModelInput } from "../model/batch.ts";
import { Dropout } from "../model/dropout.ts";
import type { Sgp } from "../model/sgp.ts";
import "../deps/gradients.ts";
import { type LossConfig, lossOf, Targets } from "./loss.ts";

/** Dropout of one pass. */
export interface DropoutSeeds {
  /** Share of numbers to drop, in [0, 1). */
  rate: number;
  /** One for each image. */
  seeds: readonly number[];
}

/** A loss and its gradient. The caller disposes the gradients. */
export interface LossAndGradients {
  /** Summed over the images. */
  loss: number;
  /** By parameter name; one that the loss does not depend on is absent. */
  gradients: Record<string, tf.Tensor>;
}

/**
 * Computes the loss of some images, summed, and its gradient.
 *
 * @param sgp The network.
 * @param images Annotated images with a label predictor's logits.
 * @param loss Settings of the loss.
 * @param dropout Dropout of this pass; default: none.
 * @returns Loss and gradient; the caller disposes the gradients.
 */
export async function lossAndGradients(
  sgp: Sgp,
  images: readonly (AnnotatedImage & ModelInput)[],
  loss: LossConfig,
  dropout?: DropoutSeeds,
): Promise<LossAndGradients> {
  const batch = new Batch(images, sgp.config);
  const targets = new Targets(images, batch, sgp.config, loss);
  const variables = sgp.parameters.variables;
  const masks = dropout && dropout.rate > 0
    ? new Dropout(batch, dropout.rate, dropout.seeds)
    : undefined;
  const { value, grads } = tf.variableGrads(
    () => {
      const steps = sgp.forward(batch, masks).map(({ logits }) => logits);
      return lossOf(steps, targets, sgp.parameters, sgp.config, loss);
    },
    [...variables.values()],
  );
  targets.dispose();
  batch.dispose();
  const [lossValue] = await value.data();
  value.dispose();
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, variable] of variables) {
    if (grads[variable.name]) gradients[name] = grads[variable.name];
  }
  return { loss: lossValue, gradients };
}

/** Whether all gradients are finite; their sum of squares tells. */
export async function areFinite(
  gradients: Readonly<Record<string, tf.Tensor>>,
): Promise<boolean> {
  const norm = tf.tidy(() =>
    Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)))
      .reduce((sum, square) => tf.add(sum, square))
  );
  const [value] = await norm.data();
  norm.dispose();
  return Number.isFinite(value);
}
