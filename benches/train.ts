/**
 * A training step with Adam. It has no dropout, as the published form here has none.
 *
 * The published form takes one image at a time: each takes seconds, and its gradients need
 * as much memory as all its tensors. It therefore updates after each image instead of each
 * batch; an update takes some hundredths of that time.
 *
 * @module
 */

import { PRESETS } from "../src/config.ts";
import { tf } from "../src/deps/tf.ts";
import { Batch } from "../src/model/batch.ts";
import { Adam } from "../src/kernels/adam.ts";
import { Targets } from "../src/train/loss.ts";
import { ParallelSgp } from "../src/train/parallel_sgp.ts";
import { WorkerPool } from "../src/train/worker_pool.ts";
import { type Contender, type Runner, WORKERS } from "./_contender.ts";
import { flopsOf } from "./_flops.ts";
import { benchConfig, makeImages, makePublished, makeSgp } from "./_model.ts";
import { publishedLoss } from "./_published.ts";
import type { Part } from "./row.ts";

/** Settings of the paper's preset, which corrects the defects of the published loss. */
const LOSS = PRESETS.paper.train;

/** So small that parameters hardly change while the step is timed. */
const LEARNING_RATE = 1e-6;

/** The forward pass, and two products in the backward pass for each of its products. */
const PASSES = 3;

/** Our system, and the published form in TensorFlow.js. */
export function contenders(part: Part): Contender[] {
  const flops = PASSES * flopsOf(benchConfig(part.hidden), part.n);
  return [
    ...oursTraining(part),
    {
      ...{ system: "tfjs", form: "published", batch: 1, flops },
      start: () => startPublished(part),
    },
  ];
}

/** Our system on a batch of images, with each number of workers. */
export function oursTraining(part: Part, counts = WORKERS): Contender[] {
  const flops = part.batch * PASSES * flopsOf(benchConfig(part.hidden), part.n);
  return counts.map((workers) => ({
    ...{ system: "ours", form: "factored", workers, flops },
    start: () => startOurs(part, workers),
  }));
}

async function startOurs({ n, batch, hidden }: Part, workers: number): Promise<Runner> {
  const sgp = makeSgp(benchConfig(hidden)), images = makeImages(batch, n);
  const adam = new Adam(sgp.parameters);
  const pool = workers > 1 ? await WorkerPool.start(workers) : undefined;
  const parallel = new ParallelSgp(sgp, { pool });
  return {
    run: async () => {
      const { gradients } = await parallel.lossAndGradients(images, LOSS);
      adam.update(gradients, LEARNING_RATE);
      tf.dispose(gradients);
    },
    outputs: async () => {
      const { loss, gradients } = await parallel.lossAndGradients([images[0]], LOSS);
      return await readAll(loss, gradients, sgp.parameters.variables);
    },
  };
}

function startPublished({ n, hidden }: Part): Runner {
  const config = benchConfig(hidden);
  const model = makePublished(config);
  const images = makeImages(1, n);
  const batch = new Batch(images, config);
  const targets = new Targets(images, batch, config, LOSS);
  const variables = [...model.variables.values()];
  const optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
  const input = {
    entities: batch.entityLogits,
    relations: batch.relationLogits,
    boxes: batch.boxFeatures,
  };
  const gradients = () =>
    tf.variableGrads(() => publishedLoss(model, input, targets, LOSS), variables);
  return {
    run: async () => {
      const { value, grads } = gradients();
      optimizer.applyGradients(grads as Record<string, tf.Variable>);
      await value.data();
      tf.dispose([value, ...Object.values(grads)]);
    },
    outputs: async () => {
      const { value, grads } = gradients();
      const [loss] = await value.data();
      value.dispose();
      const named = [...model.variables].map((
        [name, { name: key }],
      ) => [name, grads[key]]);
      return await readAll(loss, Object.fromEntries(named), model.variables);
    },
  };
}

/** Reads the loss and all gradients, zeros for missing ones, and disposes them. */
async function readAll(
  loss: number,
  gradients: Readonly<Record<string, tf.Tensor>>,
  variables: ReadonlyMap<string, tf.Variable>,
): Promise<ArrayLike<number>[]> {
  const outputs: ArrayLike<number>[] = [[loss]];
  for (const [name, { size }] of variables) {
    outputs.push(await gradients[name]?.data() ?? new Float32Array(size));
  }
  tf.dispose(gradients);
  return outputs;
}
