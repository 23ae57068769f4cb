/**
 * Loads a checkpoint, and what it takes to predict with it.
 *
 * @module
 */

import { BOOLEAN, checkOptions, TEXT } from "../check_options.ts";
import { decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import type { Confidence } from "../confidence/confidence.ts";
import { withoutSecrets } from "../address.ts";
import { fetchBytes } from "../fetch_bytes.ts";
import {
  type Backend,
  type BackendName,
  type BackendOptions,
  loadBackend,
  runOn,
} from "../kernels/backend.ts";
import { checkQuantizable, type Precision, PRECISIONS } from "../model/int8.ts";
import { Sgp } from "../model/sgp.ts";
import { nearestName } from "../nearest.ts";
import { showValue } from "../show_value.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";

/** A checkpoint that is ready to predict. */
export interface LoadedModel {
  /** Where it computes. */
  backend: Backend;
  /** The network, which owns tensors. */
  sgp: Sgp;
  /** Classes and predicates. */
  vocabulary: Vocabulary;
  /** What it knows besides. */
  knowledge: Knowledge;
  /** What its probabilities are worth, if that was measured. */
  confidence?: Confidence;
}

/** Settings of `SceneGraphPredictor.load`. */
export interface LoadOptions extends BackendOptions {
  /**
   * The backend; default `"webgpu"` if there is a real GPU, else `"wasm"`. With
   * `deterministic` or `"int8"` the default is `"wasm"`.
   */
  backend?: BackendName;
  /**
   * `"int8"` computes hidden layers of rho (the two networks that compute the new logits),
   * except the first, in 8 bits, which is
   * faster. It needs the backend `"wasm"`, an engine with relaxed SIMD, and a network with
   * at least two hidden layers. Default `"float32"`.
   */
  precision?: Precision;
}

/**
 * Loads a checkpoint and starts a backend.
 *
 * @param source Bytes or URL of the checkpoint, or in Deno its path.
 * @param options Backend and precision.
 * @returns The model; dispose its network.
 * @throws {TypeError} If the checkpoint cannot be fetched.
 * @throws {SyntaxError | RangeError} If the checkpoint is damaged, or its network does not
 * allow the precision; or as {@linkcode loadBackend}.
 * @throws {Error} If the engine or the backend cannot compute in the precision.
 */
export async function loadModel(
  source: string | URL | Uint8Array,
  options: LoadOptions,
): Promise<LoadedModel> {
  checkOptions(options, "load()", {
    ...{ backend: TEXT, precision: TEXT, deterministic: BOOLEAN, wasmPath: undefined },
  });
  if (![String, URL, Uint8Array].some((kind) => Object(source) instanceof kind)) {
    throw new TypeError(
      `Cannot load the checkpoint as it must be its path, its URL or its bytes (Uint8Array): found ${
        showValue(source)
      }`,
    );
  }
  const name = source instanceof Uint8Array
    ? "checkpoint"
    : withoutSecrets(String(source));
  const bytes = source instanceof Uint8Array
    ? source
    : await fetchBytes(source, `Cannot load the checkpoint "${name}"`);
  const checkpoint = decodeCheckpoint(bytes, name);
  const { config, vocabulary, parameters, words, labelPredictor, activationRanges } =
    checkpoint;
  const { precision = "float32" } = options;
  if (!PRECISIONS.includes(precision)) {
    throw new RangeError(
      `Cannot find the precision "${precision}": the nearest is "${
        nearestName(precision, PRECISIONS)
      }"`,
    );
  }
  const isInt8 = precision === "int8";
  const wanted = options.backend ?? (isInt8 ? "wasm" : undefined);
  const backend = await loadBackend(wanted, options);
  const knowledge = labelPredictor
    ? await runOn(backend, () => knowledgeOf(labelPredictor, vocabulary, name))
    : {};
  if (isInt8) {
    runOn(backend, () => checkQuantizable(config));
    if (!activationRanges) {
      throw new RangeError(
        `Cannot predict in int8 as the checkpoint "${name}" has no activation ranges: train it again to find them`,
      );
    }
  }
  const values = new Map(Array.from(parameters, ([key, { data }]) => [key, data]));
  const sgp = runOn(backend, () => new Sgp(config, values, words));
  if (isInt8) await runOn(backend, () => sgp.quantize(activationRanges!));
  return { backend, sgp, vocabulary, knowledge, confidence: checkpoint.confidence };
}
