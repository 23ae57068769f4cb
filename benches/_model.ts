/**
 * The network of the benches, and random images.
 *
 * @module
 */

import { PRESETS, PUBLISHED_EPSILON, type SgpConfig } from "../src/config.ts";
import type { Example } from "../src/example.ts";
import { tf } from "../src/deps/tf.ts";
import type { NetworkData } from "../src/checkpoint/export_onnx.ts";
import { Parameters } from "../src/model/parameters.ts";
import { Sgp, type WordVectorData } from "../src/model/sgp.ts";
import { Random } from "../src/random.ts";
import type { PublishedModel } from "./_published.ts";

/** Sizes of Visual Genome and of GloVe. */
const NUM_CLASSES = 150, NUM_PREDICATES = 51, WORD_SIZE = 300;

/** Configuration of the published network; with width 500 it has 5.19 million parameters. */
export function benchConfig(hidden: number): SgpConfig {
  const { model } = PRESETS.paper;
  return {
    ...model,
    ...{ hidden, layers: model.layers.map(() => hidden) },
    ...{ variant: "gpi_linguistic", features: "paper", embeddingSize: WORD_SIZE },
    ...{ epsilon: PUBLISHED_EPSILON, relationTrust: 1, relations: "network" },
    ...{ numEntityClasses: NUM_CLASSES, numPredicates: NUM_PREDICATES },
  };
}

/** Makes random word vectors. */
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

/** Initial values of all systems, with no weight zero. */
const INITIAL = { seed: 0, initial: "glorot" } as const;

/** Makes the network in our form. */
export function makeSgp(config: SgpConfig): Sgp {
  return new Sgp(config, INITIAL, makeWords());
}

/** Makes the same network as plain data. */
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

/** Makes the same network for the published form in TensorFlow.js. */
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

/** Makes images of n entities with random logits and three relations. */
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
