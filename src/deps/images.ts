// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The npm packages that decode photographs without a canvas; each is loaded with the first
 * photograph of its kind. `@jsquash` is MozJPEG, Rust's png and libwebp as WebAssembly.
 * MozJPEG converts no CMYK, which `jpeg-js` does. `mod.ts` does not load them.
 *
 * @module
 */

/** Red, green, blue and alpha of each pixel. */
type Rgba = { width: number; height: number; data: Uint8ClampedArray | Uint8Array };
type Bytes = Uint8Array<ArrayBuffer>;

/** These programs print what is wrong with a file; the caller tells it. */
const SILENT = { print() {}, printErr() {} };

/** A program that gave up on a damaged file is started anew for the next one. */
let isJpegStarted = false, isWebpStarted = false;

/** Decodes a JPEG of one or three channels, as stored. */
export async function decodeJpeg(bytes: Bytes): Promise<Rgba> {
  const { default: decode, init } = await import("npm:@jsquash/jpeg@1.6.0/decode.js");
  if (!isJpegStarted) await init(SILENT);
  isJpegStarted = false;
  const picture = await decode(bytes.buffer);
  isJpegStarted = true;
  return picture;
}

/** Decodes a JPEG in CMYK, as stored. */
export async function decodeCmykJpeg(bytes: Bytes): Promise<Rgba> {
  const { default: jpeg } = await import("npm:jpeg-js@0.4.4");
  return jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    // The caller has checked the size.
    maxResolutionInMP: Infinity,
    maxMemoryUsageInMB: Infinity,
  });
}

/** Decodes a PNG, of which 16 bits become 8. */
export async function decodePng(bytes: Bytes): Promise<Rgba> {
  const { decode } = await import("npm:@jsquash/png@3.1.1/decode.js");
  return await decode(bytes.buffer);
}

/** Decodes a WebP, as stored. */
export async function decodeWebp(bytes: Bytes): Promise<Rgba> {
  const { default: decode, init } = await import("npm:@jsquash/webp@1.5.0/decode.js");
  if (!isWebpStarted) await init(SILENT);
  isWebpStarted = false;
  const picture = await decode(bytes.buffer);
  isWebpStarted = true;
  return picture;
}
