/**
 * Decodes photographs by the browser itself.
 *
 * @module
 */

import type { Picture } from "./detector.ts";
import { isPhotograph, readImageHeader } from "./image_header.ts";

/**
 * Decodes a photograph of any kind that the browser knows.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @returns The picture, turned by its EXIF orientation.
 * @throws {SyntaxError} If the browser cannot decode it, or it is cut off.
 * @throws {RangeError} If it has too many pixels.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<Picture> {
  // A bomb is refused before it takes memory; other kinds are up to the browser.
  if (isPhotograph(bytes)) readImageHeader(bytes, name);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
      imageOrientation: "from-image",
      premultiplyAlpha: "none",
    });
  } catch (cause) {
    throw new SyntaxError(
      `Cannot decode "${name}": it must be an image that this browser knows; save it as JPEG or PNG`,
      { cause },
    );
  }
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", {
      willReadFrequently: true,
    })!;
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height);
  } finally {
    bitmap.close();
  }
}
