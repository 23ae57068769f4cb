/**
 * A small vocabulary with random images and networks, for tests of the model, its training
 * and its files.
 *
 * @module
 */

import type { SgpConfig, VariantName } from "../src/config.ts";
import { VARIANTS } from "../src/config.ts";
import type { Example } from "../src/example.ts";
import {
  type Checkpoint,
  encodeCheckpoint,
  type FloatArray,
} from "../src/checkpoint/checkpoint.ts";
import { EntityProfiles } from "../src/label_predictor/entity_profiles.ts";
import { FrequencyPredictor } from "../src/label_predictor/frequency.ts";
import { countRelations } from "../src/label_predictor/relation_counts.ts";
import { type NetName, NETS, netWidths } from "../src/model/parameters.ts";
import { Sgp, type WordVectorData } from "../src/model/sgp.ts";
import { Random } from "../src/random.ts";
import { Vocabulary } from "../src/vocabulary.ts";

/** C = 5, P = 4. */
export const VOCABULARY: Vocabulary = new Vocabulary({
  entities: ["man", "horse", "cup", "table", "hat"],
  predicates: ["on", "near", "wearing"],
});

/** E: length of a word vector. */
const EMBEDDING_SIZE = 3;

/** Configuration of a small, fast network for the vocabulary, with changes. */
export function smallConfig(
  variant: VariantName,
  change: Partial<SgpConfig> = {},
): SgpConfig {
  return {
    variant,
    numEntityClasses: VOCABULARY.numEntityClasses,
    numPredicates: VOCABULARY.numPredicates,
    embeddingSize: VARIANTS[variant].words ? EMBEDDING_SIZE : 0,
    hidden: 6,
    layers: [7],
    steps: 2,
    features: "default",
    epsilon: 1e-10,
    relationTrust: 1,
    relations: "network",
    relationsOnly: false,
    ...change,
  };
}

/** Random word vectors of the vocabulary, if the variant uses them. */
export function smallWords(config: SgpConfig): WordVectorData | undefined {
  if (!VARIANTS[config.variant].words) return undefined;
  const random = new Random("words");
  const draw = (rows: number) =>
    Float32Array.from({ length: rows * config.embeddingSize }, () => random.normal());
  return {
    size: config.embeddingSize,
    entities: draw(config.numEntityClasses),
    relations: draw(config.numPredicates).fill(
      0,
      (config.numPredicates - 1) * config.embeddingSize,
    ),
  };
}

/** A network with random weights; the caller disposes it. */
export function smallSgp(
  config: SgpConfig,
  initial: "glorot" | "identity" = "glorot",
): Sgp {
  return new Sgp(config, { seed: 1, initial }, smallWords(config));
}

/**
 * A random image with n entities. Coordinates are on a coarse grid, so some boxes share
 * edges or sizes, and ranks have ties.
 */
export function randomImage(n: number, ...seed: (number | string)[]): Example {
  const random = new Random("image", ...seed);
  const width = 100, height = 80;
  const { numEntityClasses, numPredicates, noRelation } = VOCABULARY;
  const logits = (length: number) =>
    Float32Array.from({ length }, () => 2 * random.normal());
  const boxes = Array.from({ length: n }, () => {
    const left = 10 * random.below(5), top = 10 * random.below(4);
    const right = left + 10 * (1 + random.below(5));
    return [left, top, right, top + 10 * (1 + random.below(4))];
  });
  const relations = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j && random.chance(0.4)) relations.push(i, j, random.below(noRelation));
    }
  }
  return {
    id: `image ${seed.join(" ")}`,
    width,
    height,
    boxes: Float32Array.from(boxes.flat()),
    entityLabels: Int32Array.from({ length: n }, () => random.below(numEntityClasses)),
    relations: Int32Array.from(relations),
    entityLogits: logits(n * numEntityClasses),
    relationLogits: logits(n * n * numPredicates),
  };
}

/** Random parameters by published name, as plain arrays. */
function smallParameters(config: SgpConfig): Map<string, FloatArray> {
  const parameters = new Map<string, FloatArray>();
  for (const [net, widths] of Object.entries(netWidths(config))) {
    for (const [i, numOut] of widths.slice(1).entries()) {
      const layer = `deep_graph/${NETS[net as NetName]}/${i}`;
      const random = new Random(layer);
      for (const shape of [[widths[i], numOut], [numOut]]) {
        const length = shape.reduce((size, axis) => size * axis);
        const data = Float32Array.from({ length }, () => 0.2 * random.normal());
        const part = shape.length === 2 ? "weights" : "biases";
        parameters.set(`${layer}/${part}`, { shape, data });
      }
    }
  }
  return parameters;
}

/** A whole checkpoint for the vocabulary, with a frequency predictor and changes. */
export function smallCheckpoint(
  variant: VariantName = "gpi_linguistic",
  change: Partial<Checkpoint> = {},
): Checkpoint {
  const config = change.config ?? smallConfig(variant);
  const images = [3, 4, 5].map((n) => randomImage(n, "frequency", n));
  const predictor = new FrequencyPredictor(countRelations(images, VOCABULARY));
  const profiles = new EntityProfiles(VOCABULARY.numEntityClasses);
  for (const image of images) profiles.add(image);
  return {
    config,
    vocabulary: VOCABULARY,
    parameters: smallParameters(config),
    words: smallWords(config),
    labelPredictor: {
      name: predictor.name,
      arrays: predictor.toArrays(),
      entityProfiles: profiles.result(),
    },
    training: {
      command: "deno task test",
      dataset: {
        name: "test",
        inputsHash: "abc",
        labelPredictor: { name: "none", simulated: true },
      },
      epoch: 3,
      metrics: { validation_recall: 0.5 },
    },
    ...change,
  };
}

/** The bytes of {@linkcode smallCheckpoint}. */
export function smallCheckpointBytes(
  variant?: VariantName,
  change?: Partial<Checkpoint>,
): Uint8Array<ArrayBuffer> {
  const bytes = encodeCheckpoint(smallCheckpoint(variant, change));
  return bytes as Uint8Array<ArrayBuffer>;
}
