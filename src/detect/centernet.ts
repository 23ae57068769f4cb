/**
 * CenterNet with MobileNet: finds entities of COCO's 80 classes. It is small, and modest.
 *
 * Source: Zhou et al., "Objects as Points" (arXiv 1904.07850), in the form with four
 * distances from a point to its box of Liu et al. (arXiv 1909.00700); trained by others,
 * and shipped by the package that `src/deps/centernet.ts` names.
 *
 * @module
 */

import { type GraphModel, loadGraphModels } from "../deps/graph_model.ts";
import { tf } from "../deps/tf.ts";
import type { Detections } from "../detections.ts";
import {
  type Backend,
  type BackendName,
  type BackendOptions,
  loadBackend,
  runOn,
} from "../kernels/backend.ts";
import { boundsOf, isWithin } from "../number_range.ts";
import { type CenterNetSource, fetchCenterNet } from "./centernet_files.ts";
import { readCenterNet, SIDE } from "./centernet_output.ts";
import type { Detector, Picture } from "./detector.ts";
import { place } from "./place.ts";

/**
 * Least belief in a box. With it, 518 of 1,115 annotated boxes in 120 photographs of COCO
 * are found (IoU of 0.5), 471 of them with their class, among 861 boxes, as
 * `deno task build:doubt` prints.
 */
export const DEFAULT_MIN_BELIEF = 0.25;

const OUTPUTS = ["tower_0/detections", "tower_0/keypoints"];

/** Settings of {@linkcode CenterNet.load}. */
export interface CenterNetOptions extends BackendOptions, CenterNetSource {
  /** Least belief in a box, above 0 and at most 1; default 0.25. */
  minBelief?: number;
  /** The backend; default `"webgpu"` if there is a real GPU, else `"wasm"`. */
  backend?: BackendName;
  /**
   * How a photograph becomes a square: `"stretch"` (default) or `"letterbox"`, which keeps
   * its shape.
   */
  fit?: "stretch" | "letterbox";
}

/** The detector; it owns memory of its backend. */
export class CenterNet implements Detector {
  readonly name = "centernet";
  readonly #model: GraphModel;
  readonly #backend: Backend;
  readonly #minBelief: number;
  readonly #fit: "stretch" | "letterbox";
  #isDisposed = false;

  private constructor(
    model: GraphModel,
    backend: Backend,
    { minBelief = DEFAULT_MIN_BELIEF, fit = "stretch" }: CenterNetOptions,
  ) {
    this.#model = model;
    this.#backend = backend;
    this.#minBelief = minBelief;
    this.#fit = fit;
  }

  /**
   * Loads the network and starts a backend; the program's own use of TensorFlow.js stays
   * as it is.
   *
   * @param options Threshold, backend, and where files lie.
   * @returns The detector.
   * @throws {RangeError} If an option is out of its range.
   * @throws {TypeError | SyntaxError} As {@linkcode fetchCenterNet}.
   * @throws {Error} If the backend does not start.
   */
  static async load(options: CenterNetOptions = {}): Promise<CenterNet> {
    const { minBelief = DEFAULT_MIN_BELIEF, backend: wanted } = options;
    const range = { above: 0, max: 1 };
    if (!isWithin(minBelief, range) || Number.isNaN(minBelief)) {
      throw new RangeError(
        `Cannot detect as minBelief must be${
          boundsOf(range)
        }: current value is ${minBelief}`,
      );
    }
    const [backend, artifacts, { GraphModel }] = await Promise.all([
      loadBackend(wanted, options),
      fetchCenterNet(options),
      loadGraphModels(),
    ]);
    const model = new GraphModel({ load: () => artifacts });
    runOn(backend, () => model.load());
    return new CenterNet(model, backend, options);
  }

  /** Finds the entities of one photograph; see {@linkcode Detector.detect}. */
  async detect(picture: Picture): Promise<Detections> {
    if (this.#isDisposed) {
      throw new Error(
        'Cannot detect entities as the detector must not be used after "dispose()"; load it again, or dispose it later',
      );
    }
    const { pixels, ...placement } = place(picture, [SIDE, SIDE], this.#fit);
    const outputs = runOn(this.#backend, () => {
      const input = tf.tensor4d(pixels, [1, SIDE, SIDE, 3]);
      try {
        return this.#model.execute(input, OUTPUTS) as tf.Tensor[];
      } finally {
        input.dispose();
      }
    });
    try {
      const [detections, heat] = await Promise.all(
        outputs.map((output) => output.data<"float32">()),
      );
      return readCenterNet({ detections, heat }, placement, this.#minBelief);
    } finally {
      runOn(this.#backend, () => tf.dispose(outputs));
    }
  }

  /** Frees the memory of the backend. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    runOn(this.#backend, () => this.#model.dispose());
  }

  /** Frees the memory of the backend at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
