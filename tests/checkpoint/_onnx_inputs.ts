/**
 * The inputs of an exported network for an image.
 *
 * @module
 */

import type { SgpConfig } from "../../src/config.ts";
import { type ModelInput, numPairsOf, writePairs } from "../../src/model/batch.ts";
import { boxFeatures, NUM_BOX_FEATURES } from "../../src/model/box_features.ts";

/** A tensor as plain numbers, as ONNX Runtime's constructor takes it. */
export interface OnnxInput {
  /** Type of the numbers. */
  type: "float32" | "int64";
  /** Row major. */
  data: Float32Array | BigInt64Array;
  /** Sizes of its axes. */
  shape: [number] | [number, number];
}

/** Names of the inputs of an exported network. */
export type OnnxInputName =
  | "entityLogits"
  | "relationLogits"
  | "boxFeatures"
  | "subjects"
  | "objects";

/**
 * Makes the inputs of an exported network; see `encodeOnnx`.
 *
 * Row k of `relationLogits` is the pair of entities `subjects[k]` and `objects[k]`: all
 * ordered pairs of two entities, sorted; with the published features also each entity
 * with itself.
 *
 * @param image Boxes and a label predictor's logits.
 * @param config The network.
 * @returns The inputs by name.
 */
export function onnxInputs(
  image: ModelInput,
  config: SgpConfig,
): Record<OnnxInputName, OnnxInput> {
  const { numEntityClasses: c, numPredicates: p, features } = config;
  const n = image.boxes.length / 4, m = numPairsOf(n, config);
  const pairs = {
    subjects: new Int32Array(m),
    objects: new Int32Array(m),
    relationLogits: new Float32Array(m * p),
  };
  writePairs(image, config, pairs);
  const float = (data: Float32Array, width: number): OnnxInput => ({
    type: "float32",
    data,
    shape: [data.length / width, width],
  });
  const whole = (data: Int32Array): OnnxInput => ({
    type: "int64",
    data: BigInt64Array.from(data, BigInt),
    shape: [data.length],
  });
  return {
    entityLogits: float(image.entityLogits, c),
    relationLogits: float(pairs.relationLogits, p),
    boxFeatures: float(boxFeatures(image, c, features), NUM_BOX_FEATURES[features]),
    subjects: whole(pairs.subjects),
    objects: whole(pairs.objects),
  };
}
