/**
 * The front door of the library: predicts a scene graph from the output of a detector.
 *
 * @module
 */

import { checkDetections } from "../foreign/detections/check_detections.ts";
import { detect, type DetectOptions, type ImageSource } from "../detect/detect.ts";
import type { EntityGroups } from "../decode_graph.ts";
import type { Detections } from "../detections.ts";
import { type Backend, runOn } from "../kernels/backend.ts";
import type { Precision } from "../model/int8.ts";
import type { AttentionMeasure } from "../model/pool.ts";
import type { Attention } from "../model/prediction.ts";
import { showValue } from "../show_value.ts";
import type { VocabularyData } from "../vocabulary.ts";
import { ClassMaps } from "./classes/class_maps.ts";
import { graphOfDetections, isDetections } from "./detected_graph.ts";
import { type DetectedInput, inputOf } from "./detections.ts";
import {
  type LabelMode,
  type OwnImageInput,
  type PredictInput,
  readInput,
} from "./input.ts";
import { type LoadedModel, loadModel, type LoadOptions } from "./load_model.ts";
import { checkPredictOptions, decodeOptions, type PredictOptions } from "./options.ts";
import { type PredictedGraph, predictGraphs } from "./predict_graphs.ts";
import type { StepBeliefs } from "./step_beliefs.ts";

export type { Attention, AttentionMeasure, LabelMode, LoadOptions, OwnImageInput };
export type { Precision, PredictedGraph, PredictInput, PredictOptions, StepBeliefs };

/** The least score of a predicate's relations that had the best F1 on validation images. */
export interface BestThreshold {
  /** Name of the predicate. */
  predicate: string;
  /** Calibrated probability. */
  threshold: number;
  /** Whether it was measured on this predicate's relations alone. */
  isOwn: boolean;
}

/**
 * A trained Scene Graph Predictor. It owns memory of its backend, so dispose it or declare
 * it with `using`.
 *
 * @example
 * ```ts
 * import { SceneGraphPredictor } from "./predictor.ts";
 * const url = new URL("../../checkpoints/gpi_linguistic_vg_pretrained.safetensors", import.meta.url);
 * using sgp = await SceneGraphPredictor.load(url, { backend: "wasm" });
 * const graph = await sgp.predict({
 *   boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entityLabels: ["cup", "table"],
 *   entityScores: [0.8, 0.9],
 * });
 * if (graph.entities.length !== 2) throw new Error();
 * ```
 */
export class SceneGraphPredictor implements Disposable {
  /**
   * The backend, such as `"wasm (relaxed SIMD)"`. Predictors that are loaded later may have
   * other ones.
   */
  readonly backend: Backend;
  readonly #model: LoadedModel;
  readonly #classMaps: ClassMaps;
  #isDisposed = false;

  private constructor(model: LoadedModel) {
    this.backend = model.backend;
    this.#model = model;
    this.#classMaps = new ClassMaps(
      model.vocabulary.entities,
      model.knowledge.classWeights,
    );
  }

  /**
   * Loads a checkpoint and starts a backend. The program's own use of TensorFlow.js, such
   * as its current backend, stays as it is, here and in every other method.
   *
   * @param source Bytes or URL of the checkpoint, or in Deno its path.
   * @param options Backend and precision.
   * @returns A predictor.
   * @throws {TypeError} If the checkpoint cannot be fetched.
   * @throws {SyntaxError | RangeError} If the checkpoint is damaged, its network does not
   * allow the precision, or no backend is called so.
   * @throws {Error} If the backend cannot start, or cannot compute in the precision.
   */
  static async load(
    source: string | URL | Uint8Array,
    options: LoadOptions = {},
  ): Promise<SceneGraphPredictor> {
    return new SceneGraphPredictor(await loadModel(source, options));
  }

  /** Names of the classes and predicates, in the order of the logits. */
  get vocabulary(): VocabularyData {
    return this.#model.vocabulary.toJSON();
  }

  /**
   * The limits of `threshold: "best-f1"`: one for each predicate in the order of the
   * vocabulary, as a calibrated probability. `isOwn` is false where a predicate was right on
   * fewer than ten pairs of the validation images and has the limit of all predicates
   * together. Undefined if the checkpoint was not calibrated.
   */
  get bestThresholds(): BestThreshold[] | undefined {
    const { thresholds, hasOwnThreshold } = this.#model.confidence ?? {};
    return thresholds && this.#model.vocabulary.predicates
      .slice(0, thresholds.length)
      .map((predicate, p) => ({
        predicate,
        threshold: thresholds[p],
        isOwn: hasOwnThreshold![p] === 1,
      }));
  }

  /**
   * Predicts the scene graph of one image.
   *
   * @param input Boxes, the size of the image, and for each box the logits of all classes
   * or a label with its score, under the names of inputs or of own data; the checkpoint's
   * label predictor computes missing `relationLogits`. Or detections of any detector, such
   * as `fromCocoResults` gives: their classes are matched to those of the vocabulary, boxes
   * that are one thing are merged, and entities that the vocabulary does not know are marked.
   * @param options Which relations to return, and how.
   * @returns Entities in the order of the boxes (of detections, without those that were
   * merged or left out) and relations by descending score; an empty graph if there are no
   * boxes.
   * @throws {RangeError | TypeError} If an argument is invalid: boxes that lie mostly
   * outside the image, logits that are not finite or of the wrong number, a label that is not
   * in the vocabulary. The message names the argument, the condition and the value found.
   */
  async predict(
    input: PredictInput | OwnImageInput | Detections,
    options: PredictOptions = {},
  ): Promise<PredictedGraph> {
    const [graph] = await this.predictBatch([input], options);
    return graph;
  }

  /**
   * Predicts the scene graphs of several images at once, which is faster than one by one.
   * The result of an image does not depend on the others.
   *
   * @param inputs The images, as for {@linkcode SceneGraphPredictor.predict}.
   * @param options As for {@linkcode SceneGraphPredictor.predict}.
   * @returns One graph per image, in the same order.
   */
  async predictBatch(
    inputs: readonly (PredictInput | OwnImageInput | Detections)[],
    options: PredictOptions = {},
  ): Promise<PredictedGraph[]> {
    this.#checkInputs(inputs);
    checkPredictOptions(options);
    const detected = await Promise.all(
      inputs.map((input) => isDetections(input) ? this.#read(input, options) : undefined),
    );
    const graphs = await this.#predictBatch(
      inputs.map((input, i) => ({
        input: detected[i]?.input ?? input as PredictInput | OwnImageInput,
        groups: detected[i]?.groups,
      })),
      options,
    );
    return graphs.map((graph, i) => {
      const read = detected[i];
      return read ? graphOfDetections(graph, read) : graph;
    });
  }

  #checkInputs(inputs: readonly unknown[]): void {
    if (this.#isDisposed) {
      throw new Error(
        'Cannot predict as the predictor must not be used after "dispose()"; load it again, or dispose it later',
      );
    }
    if (!Array.isArray(inputs)) {
      throw new TypeError(
        `Cannot predict a batch as it must be a list of inputs: found ${
          showValue(inputs)
        }`,
      );
    }
    for (const input of inputs) {
      if (typeof input === "object" && input !== null) continue;
      throw new TypeError(
        `Cannot predict as an input must be an object with boxes and the size of their image: found ${
          showValue(input)
        }`,
      );
    }
  }

  /** Reads detections, with the vocabulary and what the checkpoint knows of its classes. */
  async #read(given: Detections, options: PredictOptions): Promise<DetectedInput> {
    const detections = checkDetections(given, "the detections");
    const map = await this.#classMaps.of(detections.classes);
    const profiles = this.#model.knowledge.entityProfiles;
    return inputOf(detections, this.#model.vocabulary, { ...options, map, profiles });
  }

  async #predictBatch(
    inputs: readonly { input: PredictInput | OwnImageInput; groups?: EntityGroups }[],
    options: PredictOptions,
  ): Promise<PredictedGraph[]> {
    const { backend, vocabulary, knowledge, confidence } = this.#model;
    const how = decodeOptions(options, confidence); // before any work
    const images = await Promise.all(
      inputs.map(({ input, groups }) =>
        runOn(
          backend,
          () => readInput(input, vocabulary, knowledge, { ...options, groups }),
        )
      ),
    );
    return await predictGraphs(images, this.#model, { ...options, how });
  }

  /**
   * Predicts the scene graph of a photograph: {@linkcode detect} finds its entities, and
   * {@linkcode SceneGraphPredictor.predict} does the rest. The detector is loaded with the
   * first photograph.
   *
   * @param image JPEG, PNG or WebP, and in a browser whatever it knows: the file as bytes or
   * as a `Blob`, its URL, in Deno its path, or pixels such as `ImageData`.
   * @param options As for {@linkcode SceneGraphPredictor.predict}, and the detector; default:
   * CenterNet on the backend of this predictor.
   * @returns The graph, in pixels of the upright photograph.
   * @throws {TypeError | SyntaxError | RangeError} As {@linkcode detect} and
   * {@linkcode SceneGraphPredictor.predict}.
   *
   * @example
   * ```ts
   * import { SceneGraphPredictor } from "./predictor.ts";
   * const url = new URL("../../checkpoints/gpi_linguistic_vg_pretrained.safetensors", import.meta.url);
   * using sgp = await SceneGraphPredictor.load(url, { backend: "wasm" });
   * const image = { width: 64, height: 48, data: new Uint8ClampedArray(64 * 48 * 4) };
   * const graph = await sgp.predictImage(image, {
   *   detector: ({ width, height }) => ({
   *     imageWidth: width,
   *     imageHeight: height,
   *     classes: ["dog"],
   *     boxes: new Float32Array([8, 8, 40, 40]),
   *     beliefs: new Float32Array([0.8]),
   *   }),
   * });
   * if (graph.imageWidth !== 64 || graph.entities.length !== 1) throw new Error();
   * ```
   */
  async predictImage(
    image: ImageSource,
    options: PredictOptions & Pick<DetectOptions, "detector"> = {},
  ): Promise<PredictedGraph> {
    checkPredictOptions(options);
    const { detector } = options, backend = this.backend.name;
    return await this.predict(await detect(image, { detector, backend }), options);
  }

  /** Frees the memory of the backend. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    runOn(this.backend, () => this.#model.sgp.dispose());
  }

  /** Frees the memory of the backend at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
