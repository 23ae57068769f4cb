/**
 * The network that is timed, and images for it.
 *
 * @module
 */

import { PRESETS, type SgpConfig } from "../src/config.ts";
import type { Example } from "../src/example.ts";
import { tf } from "../src/deps/tf.ts";
import type { NetworkData } from "../src/checkpoint/export_onnx.ts";
import { Parameters } from "../src/model/parameters.ts";
import { Sgp, type WordVectorData } from "../src/model/sgp.ts";
import { Random } from "../src/random.ts";
import type { PublishedModel } from "./_published.ts";

/** Of Visual Genome, and of GloVe. */
const NUM_CLASSES = 150, NUM_PREDICATES = 51, WORD_SIZE = 300;

/** The published network (5.19 million parameters), if its width is 500. */
export function benchConfig(hidden: number): SgpConfig {
  const { model } = PRESETS.paper;
  return {
    ...model,
    ...{ hidden, layers: model.layers.map(() => hidden) },
    ...{ variant: "gpi_linguistic", features: "paper", embeddingSize: WORD_SIZE },
    ...{ numEntityClasses: NUM_CLASSES, numPredicates: NUM_PREDICATES },
  };
}

/** Word vectors of no meaning. */
function makeWords(): WordVectorData {
  const random = new Random("bench");
  const rows = (count: number) =>
    Float32Array.from({ length: count * WORD_SIZE }, () => random.between(-1, 1) / 10);
  return {
    size: WORD_SIZE,
    entities: rows(NUM_CLASSES),
    relations: rows(NUM_PREDICATES),
  };
}

/** How all of them start: nothing is zero. */
const INITIAL = { seed: 0, initial: "glorot" } as const;

/** The network as ours. */
export function makeSgp(config: SgpConfig): Sgp {
  return new Sgp(config, INITIAL, makeWords());
}

/** The same as plain numbers. */
export async function makeNetwork(config: SgpConfig): Promise<NetworkData> {
  const parameters = new Parameters(config, INITIAL);
  const values = await parameters.values();
  parameters.dispose();
  return {
    config,
    words: makeWords(),
    parameters: new Map(values.map(({ name, ...array }) => [name, array])),
  };
}

/** The same for the published form in TensorFlow.js. */
export function makePublished(config: SgpConfig): PublishedModel {
  const { entities, relations } = makeWords();
  return {
    config,
    variables: new Parameters(config, INITIAL).variables,
    words: {
      entities: tf.tensor2d(entities, [NUM_CLASSES, WORD_SIZE]),
      relations: tf.tensor2d(relations, [NUM_PREDICATES, WORD_SIZE]),
    },
  };
}

/** Images of n entities with random logits, and a few relations. */
export function makeImages(count: number, n: number): Example[] {
  const random = new Random("images", n);
  const floats = (length: number) =>
    Float32Array.from({ length }, () => 3 * random.normal());
  const relation = () => [
    ...[random.below(n), random.below(n), random.below(NUM_PREDICATES - 1)],
  ];
  return Array.from({ length: count }, (_, b) => ({
    id: `${b}`,
    width: 1200,
    height: 800,
    boxes: Float32Array.from(
      { length: 4 * n },
      (_, i) => 300 * random.uniform() + (i % 4 < 2 ? 0 : 300),
    ),
    entityLabels: Int32Array.from({ length: n }, () => random.below(NUM_CLASSES)),
    relations: Int32Array.of(...relation(), ...relation(), ...relation()),
    entityLogits: floats(n * NUM_CLASSES),
    relationLogits: floats(n * n * NUM_PREDICATES),
  }));
}
