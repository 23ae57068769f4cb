/**
 * Reads and decodes photographs from wherever they are, in Deno and in browsers.
 *
 * @module
 */

import { withoutSecrets } from "../address.ts";
import { fetchBytes } from "../fetch_bytes.ts";
import type { Picture } from "./detector.ts";

/**
 * A photograph: its file as bytes or as a `Blob`, its URL, in Deno its path, or pixels,
 * such as the `ImageData` of a canvas.
 */
export type ImageSource = Blob | URL | string | Uint8Array | ArrayBuffer | Picture;

/**
 * Reads a photograph and decodes it: in a browser by the browser, elsewhere by
 * `decode_image.ts`.
 *
 * @param source The photograph.
 * @param name Its name, for errors; default: its address.
 * @returns Its pixels, upright.
 * @throws {TypeError} If it cannot be fetched.
 * @throws {SyntaxError | RangeError} If it cannot be decoded, or is too large.
 */
export async function readPicture(
  source: ImageSource,
  name?: string,
): Promise<Picture> {
  if (isPicture(source)) return source;
  const bytes = await bytesOf(source);
  name ??= typeof source === "string" || source instanceof URL
    ? withoutSecrets(String(source))
    : "photograph";
  const { decodeImage } = hasCanvas()
    ? await import("./decode_in_browser.ts")
    : await import("./decode_image.ts");
  return await decodeImage(bytes, name);
}

/** Deno's canvas draws no pictures. */
function hasCanvas(): boolean {
  return "OffscreenCanvas" in globalThis &&
    new OffscreenCanvas(1, 1).getContext("2d") !== null;
}

function isPicture(source: ImageSource): source is Picture {
  return typeof source === "object" && "data" in source && "width" in source;
}

async function bytesOf(
  source: Exclude<ImageSource, Picture>,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  return await fetchBytes(
    source,
    `Cannot read the photograph "${withoutSecrets(String(source))}"`,
  );
}
