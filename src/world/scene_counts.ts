/**
 * Statistics over images of the built-in world.
 *
 * @module
 */

import type { Example } from "../example.ts";
import type { Scene } from "./scene.ts";

/** Means per image, and shares from 0 to 1. */
export interface SceneSummary {
  /** Number of images. */
  images: number;
  /** Mean number of things. */
  entities: number;
  /** Mean number of true relations. */
  relations: number;
  /** Mean number of annotated relations. */
  annotated: number;
  /** Share of things whose class has the greatest logit. */
  top1: number;
  /** Share of things whose class is among the five greatest. */
  top5: number;
}

/** Counts things, relations and the hits of the detector. */
export class SceneCounts {
  #images = 0;
  #entities = 0;
  #relations = 0;
  #annotated = 0;
  #top1 = 0;
  #top5 = 0;

  /** Adds an image and the scene behind it. */
  add(scene: Scene, { entityLabels, entityLogits, relations }: Example): void {
    const n = entityLabels.length;
    const numClasses = entityLogits.length / n;
    this.#images++;
    this.#entities += n;
    this.#relations += scene.relations.length;
    this.#annotated += relations.length / 3;
    for (let i = 0; i < n; i++) {
      const row = entityLogits.subarray(i * numClasses, (i + 1) * numClasses);
      const own = row[entityLabels[i]];
      const numGreater = row.reduce((count, z) => count + (z > own ? 1 : 0), 0);
      if (numGreater === 0) this.#top1++;
      if (numGreater < 5) this.#top5++;
    }
  }

  /** Means and shares of the images so far. */
  summary(): SceneSummary {
    return {
      images: this.#images,
      entities: this.#entities / this.#images,
      relations: this.#relations / this.#images,
      annotated: this.#annotated / this.#images,
      top1: this.#top1 / this.#entities,
      top5: this.#top5 / this.#entities,
    };
  }
}
