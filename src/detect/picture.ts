/**
 * Reads and decodes photographs from wherever they are, in Deno and in browsers.
 *
 * @module
 */

import { withoutSecrets } from "../address.ts";
import { fetchBytes } from "../fetch_bytes.ts";
import { showValue } from "../show_value.ts";
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
 * @throws {TypeError} If it is none of these, or cannot be fetched.
 * @throws {SyntaxError | RangeError} If it cannot be decoded, or is too large; if pixels do
 * not have the size that they claim.
 */
export async function readPicture(
  source: ImageSource,
  name?: string,
): Promise<Picture> {
  if (isPicture(source)) return checkedPixels(source);
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
  return typeof source === "object" && source !== null && "data" in source &&
    "width" in source;
}

/** Refuses pixels of another kind or number, of which a detector would read nothing. */
function checkedPixels(picture: Picture): Picture {
  const { width, height, data } = picture;
  for (const [key, size] of Object.entries({ width, height })) {
    if (Number.isInteger(size) && size > 0) continue;
    throw new RangeError(
      `Cannot read the pixels as ${key} must be a whole number above 0: found ${
        showValue(size)
      }`,
    );
  }
  const isBytes = ["Uint8Array", "Uint8ClampedArray"].includes(tagOf(data));
  const numbers = 4 * width * height;
  if (isBytes && data.length === numbers) return picture;
  const found = isBytes ? `${data.length} bytes` : kindOf(data);
  throw new (isBytes ? RangeError : TypeError)(
    `Cannot read the pixels as data must be ${numbers} bytes, red, green, blue and alpha of ${width} x ${height} pixels: found ${found}`,
  );
}

/** The kind of an object; unlike `instanceof` it knows those of frames and test runners. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** What kind of value it is. */
function kindOf(value: unknown): string {
  const { constructor } = Object(value) as { constructor?: { name?: string } };
  return typeof value === "object" && value && constructor?.name || showValue(value);
}

async function bytesOf(
  source: Exclude<ImageSource, Picture>,
): Promise<Uint8Array> {
  const tag = tagOf(source);
  if (tag === "Uint8Array") return source as Uint8Array;
  if (tag === "ArrayBuffer") return new Uint8Array(source as ArrayBuffer);
  if (tag === "Blob" || tag === "File") {
    return new Uint8Array(await (source as Blob).arrayBuffer());
  }
  const isAddress = tag === "URL" || typeof source === "string" && source !== "";
  if (!isAddress) {
    throw new TypeError(
      `Cannot read the photograph as it must be its bytes (Uint8Array, ArrayBuffer, Blob), its path or URL, or pixels { width, height, data }: found ${
        kindOf(source)
      }${tag === "Response" ? "; await its blob()" : ""}`,
    );
  }
  return await fetchBytes(
    source as string | URL,
    `Cannot read the photograph "${withoutSecrets(String(source))}"`,
  );
}
