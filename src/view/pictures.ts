/**
 * The pictures of a dataset's images, which lie under the drawings.
 *
 * @module
 */

import type { Photographs, PictureFile } from "../dataset/photographs.ts";
import { readImageHeader } from "../detect/image_header.ts";
import { uprightSize } from "../detect/upright.ts";
import type { Example } from "../example.ts";
import type { Photograph } from "../render/photograph.ts";
import { drawScene } from "../world/drawing/scene_svg.ts";
import { generateScene } from "../world/world.ts";
import { isWorldDataset } from "../world/write_dataset.ts";
import type { View } from "./view.ts";

/** What lies under the drawings of an image. */
export interface ImageGround {
  /** The picture; absent if there is none that can be shown. */
  photograph?: Photograph;
  /** Why there is none, if a folder of photographs is given. */
  notes: string[];
}

/** The pictures of a dataset: its drawn scenes, or photographs of a folder. */
export class Pictures {
  readonly #view: Pick<View, "dataset" | "split" | "example">;
  readonly #photographs?: Photographs;

  /**
   * @param view The dataset and its split.
   * @param photographs Its photographs; default: none.
   */
  constructor(
    view: Pick<View, "dataset" | "split" | "example">,
    photographs?: Photographs,
  ) {
    this.#view = view;
    this.#photographs = photographs;
  }

  /**
   * Finds the picture of an image.
   *
   * @param place Place of the image among all.
   * @param href Address at which the page gets the file.
   * @returns The picture with its size, or why there is none.
   */
  async groundOf(place: number, href: string): Promise<ImageGround> {
    const example = await this.#view.example(place), { width, height } = example;
    if (this.#isDrawn) return { photograph: { href, width, height }, notes: [] };
    if (!this.#photographs) return { notes: [] };
    const file = await this.#photographs.ofImage(example), name = nameOf(example);
    if (!file) return { notes: [`The folder has no photograph "${name}".`] };
    try {
      const size = uprightSize(readImageHeader(file.bytes, name));
      return { photograph: { href, ...size }, notes: [] };
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      return { notes: [error.message] };
    }
  }

  /** The file of a picture; `undefined` if there is none. */
  async fileOf(place: number): Promise<PictureFile | undefined> {
    const { dataset: { manifest }, split } = this.#view;
    if (this.#isDrawn) {
      const svg = drawScene(generateScene(manifest.seed ?? 0, split, place));
      return { bytes: new TextEncoder().encode(svg), type: "image/svg+xml" };
    }
    return await this.#photographs?.ofImage(await this.#view.example(place));
  }

  /** Whether the images are scenes of the built-in world. */
  get #isDrawn(): boolean {
    return isWorldDataset(this.#view.dataset.manifest);
  }
}

function nameOf({ id, fileName = id }: Pick<Example, "id" | "fileName">): string {
  return fileName;
}
