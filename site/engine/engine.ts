/**
 * Loads detector and networks, and makes graphs of pictures. It runs in a worker, so that
 * the page stays responsive.
 *
 * @module
 */

import { type PredictOptions, SceneGraphPredictor } from "../../mod.ts";
import { CenterNet } from "../../src/detect/centernet.ts";
import { readPicture } from "../../src/detect/picture.ts";
import { type Backend, loadBackend } from "../../src/kernels/backend.ts";
import type { Calls, PictureKind, Seen } from "./calls.ts";

/** As many relations as `deno task predict` gives. */
const NUM_RELATIONS = 20;

type Argument<Name extends keyof Calls> = Calls[Name]["argument"];

/** What makes graphs of pictures; it owns memory of a backend. */
export class Engine {
  readonly #predictors = new Map<PictureKind, SceneGraphPredictor>();
  #backend?: Backend;
  #detector?: CenterNet;

  /** Starts a backend; where none was asked for and a GPU does not start, without it. */
  async start(choice: Argument<"start">): Promise<string> {
    this.#backend ??= choice !== "auto"
      ? await loadBackend(choice)
      : await loadBackend().catch(() => loadBackend("wasm"));
    return this.#backend.description;
  }

  /** Loads what a kind of picture needs. */
  async prepare({ kind, addresses }: Argument<"prepare">): Promise<void> {
    const backend = this.#backend!.name;
    if (!this.#predictors.has(kind)) {
      const address = addresses[kind === "photograph" ? "network" : "drawings"];
      this.#predictors.set(kind, await SceneGraphPredictor.load(address, { backend }));
    }
    if (kind === "photograph") {
      const modelFolder = addresses.detector;
      this.#detector ??= await CenterNet.load({ backend, modelFolder });
    }
  }

  /** The graph of a photograph. */
  async photograph({ image, isFrame }: Argument<"photograph">): Promise<Seen> {
    const start = performance.now();
    const name = image instanceof File ? image.name : "photograph";
    const detections = await this.#detector!.detect(await readPicture(image, name));
    const detecting = performance.now() - start;

    return { ...await this.#relate("photograph", detections, isFrame), detecting };
  }

  /** The graph of a drawing. */
  async drawing(input: Argument<"drawing">): Promise<Seen> {
    return { ...await this.#relate("drawing", input, false), detecting: 0 };
  }

  async #relate(
    kind: PictureKind,
    input: Parameters<SceneGraphPredictor["predict"]>[0],
    isFrame: boolean,
  ): Promise<Omit<Seen, "detecting">> {
    const start = performance.now();
    const predictor = this.#predictors.get(kind)!;
    const options: PredictOptions = { k: NUM_RELATIONS };
    const graph = await predictor.predict(
      input,
      isFrame ? options : { ...options, attention: true, steps: true },
    );
    const before = isFrame
      ? undefined
      : await predictor.predict(input, { ...options, context: false });

    return { graph, before, relating: performance.now() - start };
  }
}
