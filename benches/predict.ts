/**
 * Our prediction and its peers, which take one image at a time.
 *
 * @module
 */

import { tf } from "../src/deps/tf.ts";
import { Batch } from "../src/model/batch.ts";
import { calibrate } from "../src/train/calibrate.ts";
import { ParallelSgp } from "../src/train/parallel_sgp.ts";
import { WorkerPool } from "../src/train/worker_pool.ts";
import { type Contender, type Runner, WORKERS } from "./_contender.ts";
import { flopsOf } from "./_flops.ts";
import { benchConfig, makeImages, makePublished, makeSgp } from "./_model.ts";
import { onnxContenders } from "./_peers_onnx.ts";
import { publishedForward } from "./_published.ts";
import { withoutSelfPairs } from "./_self_pairs.ts";
import type { Part } from "./row.ts";

/** Largest relative difference of logits in 8 bits; recall tells the cost of it. */
const INT8_TOLERANCE = 0.05;

/** Our system and its peers on the same image. */
export function contenders(part: Part): Contender[] {
  const config = benchConfig(part.hidden);
  const [image] = makeImages(1, part.n);
  const flops = flopsOf(config, part.n);
  return [
    ...oursPredicting(part),
    ...oursPredicting(part, WORKERS, true),
    {
      ...{ system: "tfjs", form: "published", batch: 1, flops },
      start: () => startPublished(part),
    },
    ...onnxContenders(config, image, flops).map((peer) => ({ ...peer, batch: 1 })),
  ];
}

/** Our system, predicting one batch of images on each worker at once. */
export function oursPredicting(
  part: Part,
  counts = WORKERS,
  isInt8 = false,
): Contender[] {
  const flops = part.batch * flopsOf(benchConfig(part.hidden), part.n);
  return counts.map((workers) => ({
    ...{ system: isInt8 ? "ours-int8" : "ours", form: "factored", workers },
    ...{ batch: workers * part.batch, flops: workers * flops },
    ...(isInt8 && { tolerance: INT8_TOLERANCE }),
    start: () => startOurs(part, workers, isInt8),
  }));
}

async function startOurs(
  { n, batch, hidden }: Part,
  workers: number,
  isInt8: boolean,
): Promise<Runner> {
  const config = benchConfig(hidden);
  const sgp = makeSgp(config), images = makeImages(batch, n);
  if (isInt8) {
    const ranges = await calibrate(
      sgp,
      (async function* () {
        yield* images;
      })(),
    );
    await sgp.quantize(ranges!);
  }
  const pool = workers > 1 ? await WorkerPool.start(workers) : undefined;
  const parallel = new ParallelSgp(sgp, { pool });
  return {
    run: () =>
      Promise.all(Array.from({ length: workers }, () => parallel.predict(images))),
    outputs: async () => {
      const [{ entityLogits, relationLogits }] = await parallel.predict([images[0]]);
      return [entityLogits, withoutSelfPairs(relationLogits, n, config.numPredicates)];
    },
  };
}

function startPublished({ n, hidden }: Part): Runner {
  const config = benchConfig(hidden);
  const model = makePublished(config);
  const batch = new Batch(makeImages(1, n), config);
  const run = async () => {
    const last = tf.tidy(() => {
      const { entityLogits: entities, relationLogits: relations } = batch;
      const steps = publishedForward(model, {
        ...{ entities, relations, boxes: batch.boxFeatures },
      });
      return { ...steps.at(-1)! };
    });
    const outputs = [await last.entities.data(), await last.relations.data()];
    tf.dispose(last);
    return outputs;
  };
  return {
    run,
    outputs: async () => {
      const [entities, relations] = await run();
      return [entities, withoutSelfPairs(relations, n, config.numPredicates)];
    },
  };
}
