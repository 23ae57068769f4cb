/**
 * Photographs and files of detections that a reader drops on the page: predicts them, and
 * keeps the last ones in memory.
 *
 * @module
 */

import type { Detections } from "../detections.ts";
import type { BackendName } from "../kernels/backend.ts";
import { matchText } from "../predict/classes/class_map.ts";
import type { OwnImageInput, PredictInput } from "../predict/input.ts";
import type { PredictOptions } from "../predict/options.ts";
import { type PredictedGraph, SceneGraphPredictor } from "../predict/predictor.ts";
import type { AttentionStep, ShownImage } from "./messages.ts";
import { type PictureFile, pictureOf } from "../dataset/photographs.ts";
import { attentionSteps, panelOf, type PanelOptions } from "./shown_graphs.ts";

/** Greatest size of a dropped file in bytes. */
export const MAX_DROPPED = 2 ** 26;

/** Number of dropped files that are kept. */
const KEPT = 16;

/** Number of relations that are predicted. */
const K = 100;

/** Reads a file: a photograph, in which it finds entities, or detections. */
export type ReadDropped = (bytes: Uint8Array<ArrayBuffer>, name: string) => Promise<{
  input: PredictInput | OwnImageInput | Detections;
  /** The file, if it is a photograph. */
  picture?: Uint8Array;
}>;

/** How files are predicted. */
export interface DroppedOptions
  extends Pick<PredictOptions, "minBelief" | "maxEntities"> {
  /** Path of the checkpoint. */
  checkpoint: string;
  backend?: BackendName;
  read: ReadDropped;
}

/** A predicted file. */
interface Dropped {
  name: string;
  before: PredictedGraph;
  after: PredictedGraph;
  picture?: PictureFile;
}

/** Predicts files, one after another. */
export class DroppedFiles implements Disposable {
  readonly #options: DroppedOptions;
  readonly #files = new Map<number, Dropped>();
  #predictor?: Promise<SceneGraphPredictor>;
  #last: Promise<unknown> = Promise.resolve();
  #next = 1;

  /** @param options How files are predicted; the model is loaded with the first one. */
  constructor(options: DroppedOptions) {
    this.#options = options;
  }

  /**
   * Predicts a file.
   *
   * @param bytes The file.
   * @param name Its name, for errors.
   * @returns A number by which it is known.
   * @throws {SyntaxError | TypeError | RangeError} If it is neither a photograph nor
   * detections, or has a wrong value; the message names it.
   */
  async add(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<number> {
    // One at a time: each may take all memory that there is.
    const turn = this.#last.then(() => this.#predict(bytes, name));
    this.#last = turn.catch(() => {});
    const dropped = await turn, number = this.#next++;
    this.#files.set(number, dropped);
    if (this.#files.size > KEPT) this.#files.delete(this.#files.keys().next().value!);
    return number;
  }

  async #predict(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Dropped> {
    const { checkpoint, backend, read, minBelief, maxEntities } = this.#options;
    const { input, picture } = await read(bytes, name);
    const predictor = await (this.#predictor ??= SceneGraphPredictor.load(checkpoint, {
      backend,
    }));
    const how = { k: K, minBelief, maxEntities };
    const after = await predictor.predict(input, { ...how, attention: true });
    const before = await predictor.predict(input, { ...how, context: false });
    return { name, before, after, ...picture && { picture: pictureOf(bytes) } };
  }

  /**
   * Makes the panels of a file: before context, and after it.
   *
   * @param number From {@linkcode DroppedFiles.add}.
   * @param options What is drawn.
   * @param href Address at which the page gets the photograph; default: it is not drawn.
   * @throws {RangeError} If the file is not kept any more.
   */
  image(number: number, options: PanelOptions, href?: string): ShownImage {
    const { name, before, after, picture } = this.#get(number);
    const { imageWidth: width, imageHeight: height } = after;
    const { mapped = [] } = after.detections ?? {};
    const request = {
      ...options,
      ...picture && href !== undefined && { photograph: { href, width, height } },
    };
    return {
      ...{ id: name, width, height, hasSharedBoxes: true },
      panels: [
        panelOf(before, { title: "before context", hasAttention: false }, request),
        panelOf(after, {
          title: "after context",
          hasAttention: (after.attention?.length ?? 0) > 0,
        }, request),
      ],
      notes: [
        ...after.entities.length === 0 ? ["The detector found nothing."] : [],
        ...mapped.map((match) => `Class ${matchText(match)}`),
      ],
    };
  }

  /** The photograph of a file, if it is one. */
  picture(number: number): PictureFile | undefined {
    return this.#get(number).picture;
  }

  /** Whom an entity attends to in each step. */
  attention(number: number, entity: number): AttentionStep[] {
    const { after: { attention = [], entities } } = this.#get(number);
    return attentionSteps(attention, entities.length, entity);
  }

  #get(number: number): Dropped {
    const found = this.#files.get(number);
    if (found) return found;
    throw new RangeError(
      `Cannot show the dropped file ${number} as the last ${KEPT} of this start are kept; drop it again`,
    );
  }

  /** Frees the network. */
  [Symbol.dispose](): void {
    this.#predictor?.then((predictor) => predictor.dispose(), () => {});
  }
}
