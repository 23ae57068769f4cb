/**
 * The npm packages that decode photographs, and encode them as JPEG, without a canvas; each is fetched with the first
 * photograph of its kind. `@jsquash` is MozJPEG, Rust's png and libwebp as WebAssembly.
 * MozJPEG converts no CMYK, which `jpeg-js` does. `mod.ts` does not load them.
 *
 * @module
 */

// As variables, Deno fetches them here, and not with every program that imports mod.ts.
const JPEG = "npm:@jsquash/jpeg@1.6.0/decode.js";
const JPEG_ENCODER = "npm:@jsquash/jpeg@1.6.0/encode.js";
const CMYK_JPEG = "npm:jpeg-js@0.4.4";
const PNG = "npm:@jsquash/png@3.1.1/decode.js";
const WEBP = "npm:@jsquash/webp@1.5.0/decode.js";

/** Red, green, blue and alpha of each pixel. */
type Rgba = { width: number; height: number; data: Uint8ClampedArray | Uint8Array };
type Bytes = Uint8Array<ArrayBuffer>;

/** The module of a decoder. */
interface Decoder {
  default(bytes: ArrayBuffer): Promise<Rgba>;
  init(settings: object): Promise<unknown>;
}

/** These programs print what is wrong with a file; the caller tells it. */
const SILENT = { print() {}, printErr() {} };

/** A program that gave up on a damaged file is started anew for the next one. */
const started = new Set<string>();

/** Decodes a JPEG of one or three channels, as stored. */
export async function decodeJpeg(bytes: Bytes): Promise<Rgba> {
  return await decodeWith(JPEG, bytes);
}

/** Decodes a WebP, as stored. */
export async function decodeWebp(bytes: Bytes): Promise<Rgba> {
  return await decodeWith(WEBP, bytes);
}

async function decodeWith(name: string, bytes: Bytes): Promise<Rgba> {
  const { default: decode, init }: Decoder = await import(name);
  if (!started.delete(name)) await init(SILENT);
  const picture = await decode(bytes.buffer);
  started.add(name);
  return picture;
}

/** Decodes a PNG, of which 16 bits become 8. */
export async function decodePng(bytes: Bytes): Promise<Rgba> {
  const { default: decode }: Decoder = await import(PNG);
  return await decode(bytes.buffer);
}

/** Decodes a JPEG in CMYK, as stored. */
export async function decodeCmykJpeg(bytes: Bytes): Promise<Rgba> {
  const { default: jpeg } = await import(CMYK_JPEG);
  return jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    // The caller has checked the size.
    maxResolutionInMP: Infinity,
    maxMemoryUsageInMB: Infinity,
  });
}

/**
 * Encodes pixels as a progressive JPEG; transparency is lost.
 *
 * @param picture The pixels.
 * @param quality 0 to 100.
 * @returns The file; the same pixels give the same bytes.
 */
export async function encodeJpeg(picture: Rgba, quality: number): Promise<Bytes> {
  const { default: encode }: {
    default(picture: Rgba, options: { quality: number }): Promise<ArrayBuffer>;
  } = await import(JPEG_ENCODER);
  return new Uint8Array(await encode(picture, { quality }));
}
