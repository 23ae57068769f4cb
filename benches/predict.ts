/**
 * Prediction beside its peers, which take one image at a time.
 *
 * @module
 */

import { tf } from "../src/deps.ts";
import { Batch } from "../src/model/batch.ts";
import type { Contender, Runner } from "./_contender.ts";
import { flopsOf } from "./_flops.ts";
import { benchConfig, makeImages, makePublished, makeSgp } from "./_model.ts";
import { onnxContenders } from "./_peers_onnx.ts";
import { publishedForward } from "./_published.ts";
import { withoutSelfPairs } from "./_self_pairs.ts";
import type { Part } from "./row.ts";

/** Ours and its peers on the same image. */
export function contenders(part: Part): Contender[] {
  const config = benchConfig(part.hidden);
  const [image] = makeImages(1, part.n);
  const flops = flopsOf(config, part.n);
  return [
    ...oursPredicting(part),
    {
      ...{ system: "tfjs", form: "published", batch: 1, flops },
      start: () => startPublished(part),
    },
    ...onnxContenders(config, image, flops).map((peer) => ({ ...peer, batch: 1 })),
  ];
}

/** Ours, on a batch of images. */
export function oursPredicting({ n, batch, hidden }: Part): Contender[] {
  const config = benchConfig(hidden);
  const start = () => {
    const sgp = makeSgp(config), images = makeImages(batch, n);
    return {
      run: () => sgp.predict(images),
      outputs: async () => {
        const [{ entityLogits, relationLogits }] = await sgp.predict([images[0]]);
        return [entityLogits, withoutSelfPairs(relationLogits, n, config.numPredicates)];
      },
    };
  };
  return [{ system: "ours", form: "factored", flops: batch * flopsOf(config, n), start }];
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
