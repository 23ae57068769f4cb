/**
 * Decodes photographs where there is no canvas.
 *
 * @module
 */

import { decodeCmykJpeg, decodeJpeg, decodePng, decodeWebp } from "../deps/images.ts";
import type { Picture } from "./detector.ts";
import { type ImageHeader, readImageHeader } from "./image_header.ts";
import { uprightPicture } from "./upright.ts";

/**
 * Decodes a JPEG, PNG or WebP to upright pixels. Gray, palettes, CMYK and 16 bits become
 * red, green, blue and alpha of 8 bits; colour profiles are not applied.
 *
 * @param bytes The file, of whatever name: its content says what it is.
 * @param name Its name, for errors; default `photograph`.
 * @returns The picture, turned by its EXIF orientation.
 * @throws {SyntaxError} If it is no such image, or is cut off or damaged.
 * @throws {RangeError} If it has too many pixels.
 * @throws {TypeError} If the decoder may not be read.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name = "photograph",
): Promise<Picture> {
  const header = readImageHeader(bytes, name);
  let picture: Picture;
  try {
    picture = await decode(exactly(bytes), header);
  } catch (cause) {
    if (/Requires \w+ access/.test(String(cause))) {
      throw new TypeError(
        `Cannot decode "${name}" as the decoder's .wasm file may not be read; grant --allow-read`,
        { cause },
      );
    }
    throw new SyntaxError(
      `Cannot decode "${name}": it begins as a ${header.format} image, but its pixels cannot be read; save it again as JPEG or PNG`,
      { cause },
    );
  }
  return uprightPicture(picture, header.orientation);
}

function decode(
  bytes: Uint8Array<ArrayBuffer>,
  { format, channels }: ImageHeader,
): Promise<Picture> {
  if (format === "PNG") return decodePng(bytes);
  if (format === "WebP") return decodeWebp(bytes);
  return channels === 4 ? decodeCmykJpeg(bytes) : decodeJpeg(bytes);
}

/** The bytes alone in their memory, as the decoders take the whole of it. */
function exactly(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isAlone = buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
  return isAlone ? bytes as Uint8Array<ArrayBuffer> : new Uint8Array(bytes);
}
