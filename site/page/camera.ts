/**
 * The camera: graphs of its frames, one after another, smoothed so that nothing blinks.
 *
 * @module
 */

import type { Picture } from "../../mod.ts";
import { entityNames, leastDrawnScore } from "../../src/render/choice.ts";
import { GraphSmoother, type TrackedGraph } from "../../src/video/smooth.ts";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { byId, drawingOf, element } from "../../src/dom.ts";
import type { EngineClient } from "./engine_client.ts";
import { overPicture } from "./over_picture.ts";
import { relationParts } from "./relation_list.ts";

/** Longest side of a frame; the detector looks at 300 pixels or so. */
const MAX_SIDE = 640;
/** Most relations of a frame: more cannot be read in time. */
const NUM_SHOWN = 5;

/** Shows the camera with the graphs of its frames. */
export class Camera {
  readonly #engine: EngineClient;
  readonly #video = byId<HTMLVideoElement>("video");
  readonly #canvas = document.createElement("canvas");
  #stream?: MediaStream;
  #isRunning = false;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /**
   * Asks for the camera and shows it.
   *
   * @throws {Error} If the device has no camera, or the visitor does not allow it.
   */
  async open(): Promise<void> {
    this.close();
    try {
      if (!navigator.mediaDevices) throw new Error("this page needs https for it");
      this.#stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } },
        audio: false,
      });
    } catch (cause) {
      const { name, message } = cause as Error;
      const reason = {
        NotAllowedError: "it was not allowed: allow it beside the page's address",
        NotFoundError: "this machine has none: choose a photograph",
        NotReadableError: "another program uses it: close that one",
      }[name] ?? message;
      throw new Error(`Cannot open the camera as ${reason}`, { cause });
    }
    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  /**
   * Makes graphs of frames until the camera is closed.
   *
   * @throws {Error} If the worker fails.
   */
  async run(): Promise<void> {
    const smoother = new GraphSmoother();
    this.#isRunning = true;
    const stream = this.#stream;
    while (this.#isRunning && stream === this.#stream) {
      const image = this.#frame();
      const start = performance.now();
      const { graph } = await this.#engine.call(
        "photograph",
        { image, isFrame: true },
        [image.data.buffer],
      );
      if (!this.#isRunning || stream !== this.#stream) return;
      const time = performance.now() - start;
      byId("rate").textContent = `${(1000 / time).toFixed(1)} pictures a second`;
      this.#draw(smoother.next(graph));
      // A hidden page waits here.
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  /** The picture that the camera shows now. */
  still(): ImageData {
    return this.#pixels(Infinity);
  }

  /** Stops the camera. */
  close(): void {
    this.#isRunning = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
    for (const id of ["over-video", "live-graph", "live-relations", "rate"]) {
      byId(id).replaceChildren();
    }
  }

  #frame(): Picture {
    const { width, height, data } = this.#pixels(MAX_SIDE);
    return { width, height, data };
  }

  #pixels(maxSide: number): ImageData {
    const { videoWidth, videoHeight } = this.#video;
    const scale = Math.min(1, maxSide / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    Object.assign(this.#canvas, { width, height });
    const context = this.#canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(this.#video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  #draw(graph: TrackedGraph): void {
    const least = leastDrawnScore(graph);
    const relations = graph.relations.filter(({ score }) => score >= least)
      .slice(0, NUM_SHOWN);
    const shown = { ...graph, relations };
    overPicture(byId("over-video"), shown, { hasGround: false });
    const isEmpty = graph.entities.length === 0;
    byId("unseen").hidden = !isEmpty;
    byId("live-graph").replaceChildren(
      ...isEmpty ? [] : [drawingOf(drawGraph(shown, { topK: NUM_SHOWN }))],
    );
    const names = entityNames(graph, { isSparse: true });
    byId("live-relations").replaceChildren(...relations.map((relation) => {
      const parts = relationParts(relation, names, relations[0].score);
      return element("li", { class: "relation" }, ...parts);
    }));
  }
}
