/**
 * The photographs of the images that are drawn, small enough to lie in a page.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { Photographs } from "../dataset/photographs.ts";
import { shrinkPhotograph } from "../detect/shrink.ts";
import type { Photograph } from "../render/photograph.ts";
import { pictureHref } from "../render/picture.ts";
import type { PlacedImage } from "./drawn_images.ts";
import type { Listener } from "../pipeline/listener.ts";

/** Where photographs are looked for. */
export interface PhotographSource {
  dataset: Dataset;
  /** Folder of photographs; default: `photographs` in the dataset's folder, if it is there. */
  photographs?: string;
}

/**
 * Finds the photographs of images, by the names of their files or by their ids, and scales
 * them down to 640 pixels and 120 kB at most.
 *
 * @param images The images.
 * @param source Where their photographs are.
 * @param listener Receives a warning of each photograph that cannot be decoded, and of a
 * given folder that has none of them.
 * @returns For each image its photograph, or `undefined`.
 * @throws {RangeError} If the given folder is none.
 */
export async function photographsOf(
  images: readonly PlacedImage[],
  { dataset, photographs }: PhotographSource,
  listener: Listener,
): Promise<(Photograph | undefined)[]> {
  const folder = await Photographs.ofDataset(dataset, photographs);
  if (!folder) return images.map(() => undefined);
  const found: (Photograph | undefined)[] = [];
  for (const { example } of images) {
    const file = await folder.ofImage(example);
    found.push(file && await smallOf(file.bytes, example.id, listener));
  }
  if (photographs !== undefined && images.length > 0 && !found.some(Boolean)) {
    const [{ example: { id, fileName = id } }] = images;
    listener.warn(
      `"${photographs}" has no photograph of the drawn images, such as "${fileName}"; they are drawn without`,
    );
  }
  return found;
}

/** A small copy; a photograph that is damaged is told, and a report is made without it. */
async function smallOf(
  bytes: Uint8Array,
  id: string,
  listener: Listener,
): Promise<Photograph | undefined> {
  try {
    const { jpeg, width, height } = await shrinkPhotograph(bytes, id);
    return { href: pictureHref(jpeg, id), width, height };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    listener.warn(`${error.message}; it is drawn without its photograph`);
  }
}
