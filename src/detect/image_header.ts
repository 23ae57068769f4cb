/**
 * What a photograph says of itself before it is decoded: kind, size and orientation. A
 * hostile file is refused here, before its pixels take memory.
 *
 * @module
 */

import { fileKind } from "../file_kind.ts";
import { orientationOf } from "./_exif.ts";

/** The formats that can be decoded. */
export type ImageFormat = "JPEG" | "PNG" | "WebP";

/** The header of a photograph. */
export interface ImageHeader {
  format: ImageFormat;
  /** Width in pixels, as stored. */
  width: number;
  /** Height in pixels, as stored. */
  height: number;
  /** JPEG: number of colour channels; 4 is CMYK. */
  channels?: number;
  /** How to turn it upright, 1 to 8, by EXIF; 1 is upright. */
  orientation: number;
}

/**
 * Greatest number of pixels: 268 MB when decoded. A camera of 50 megapixels is within it.
 */
export const MAX_PIXELS = 2 ** 26;

type Size = Omit<ImageHeader, "format">;

const READERS: Readonly<
  Record<string, [ImageFormat, (bytes: Uint8Array, name: string) => Size]>
> = {
  "a JPEG image": ["JPEG", readJpeg],
  "a PNG image": ["PNG", readPng],
  "a WebP image": ["WebP", readWebp],
};

/** Whether a file begins as a photograph that can be decoded. */
export function isPhotograph(bytes: Uint8Array): boolean {
  return Object.hasOwn(READERS, fileKind(bytes)?.name ?? "");
}

/**
 * Reads the header of a whole file.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @returns Format, size and orientation.
 * @throws {SyntaxError} If it is no JPEG, PNG or WebP, or is cut off or damaged.
 * @throws {RangeError} If it has more than {@linkcode MAX_PIXELS}.
 */
export function readImageHeader(bytes: Uint8Array, name: string): ImageHeader {
  const kind = fileKind(bytes);
  if (kind === undefined || !Object.hasOwn(READERS, kind.name)) {
    const isPicture = kind !== undefined && / (image|video)$/.test(kind.name);
    throw new SyntaxError(
      `Cannot decode "${name}" as it must be a JPEG, PNG or WebP image: ${
        kind
          ? `it looks like ${kind.name}; ${
            isPicture ? "save it as one of these" : kind.remedy
          }`
          : "its first bytes are of no known kind; check the path"
      }`,
    );
  }
  const [format, read] = READERS[kind.name];
  const size = read(bytes, name);
  const { width, height } = size;
  if (!(width > 0 && height > 0)) damaged(name, `its size is ${width} x ${height}`);
  if (width * height > MAX_PIXELS) {
    throw new RangeError(
      `Cannot decode "${name}" as it must have at most ${MAX_PIXELS} pixels: it has ${width} x ${height}; scale it down`,
    );
  }
  return { format, ...size };
}

/** A file that is not whole, or contradicts itself. */
function damaged(name: string, what: string): never {
  throw new SyntaxError(
    `Cannot decode "${name}" as the file is damaged: ${what}; download or save it again`,
  );
}

const CUT_OFF = "it ends too early";

/** ISO/IEC 10918-1: segments up to the first scan, and the mark of the end behind it. */
function readJpeg(bytes: Uint8Array, name: string): Size {
  const u16 = (at: number) => bytes[at] << 8 | bytes[at + 1];
  let size: Omit<Size, "orientation"> | undefined, orientation = 1;
  for (let at = 2; at + 4 <= bytes.length;) {
    // Some cameras pad segments; decoders pass over what is between two of them.
    if (bytes[at] !== 0xff) {
      at = bytes.indexOf(0xff, at);
      if (at < 0) break;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff || marker === 0x01 || marker >= 0xd0 && marker <= 0xd8) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const body = at + 4, end = at + 2 + u16(at + 2);
    if (end < body || end > bytes.length) damaged(name, CUT_OFF);
    if (marker === 0xe1 && bytes[body] === 0x45) { // APP1 that begins as "Exif"
      orientation = orientationOf(bytes.subarray(body, end));
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (end - body < 6) damaged(name, CUT_OFF);
      size = { height: u16(body + 1), width: u16(body + 3), channels: bytes[body + 5] };
    } else if (marker === 0xda) {
      if (!size) damaged(name, "its size is missing");
      if (!hasEnd(bytes, end)) damaged(name, CUT_OFF);
      return { ...size, orientation };
    }
    at = end;
  }
  return damaged(name, CUT_OFF);
}

/** Whether the mark of the end, FF D9, stands behind a place. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (
    let at = bytes.lastIndexOf(0xd9);
    at > from;
    at = bytes.lastIndexOf(0xd9, at - 1)
  ) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}

/** PNG, third edition: chunks, of which the first is IHDR and the last IEND. */
function readPng(bytes: Uint8Array, name: string): Size {
  const view = viewOf(bytes);
  let size: Size | undefined, orientation = 1;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at), type = textAt(bytes, at + 4), body = at + 8;
    if (body + length + 4 > bytes.length) damaged(name, CUT_OFF);
    if (type === "IHDR" && length >= 13) {
      const [width, height] = [view.getUint32(body), view.getUint32(body + 4)];
      size = { width, height, orientation };
    } else if (type === "eXIf") {
      orientation = orientationOf(bytes.subarray(body, body + length));
    } else if (type === "IEND" && size) return { ...size, orientation };
    at = body + length + 4;
  }
  return damaged(name, CUT_OFF);
}

/** RFC 9649: RIFF chunks, of which one has the pixels or VP8X describes them. */
function readWebp(bytes: Uint8Array, name: string): Size {
  const view = viewOf(bytes);
  const u24 = (at: number) => view.getUint16(at, true) | bytes[at + 2] << 16;
  const fileEnd = view.getUint32(4, true) + 8; // others may stand behind
  if (fileEnd > bytes.length) damaged(name, CUT_OFF);
  let size: { width: number; height: number } | undefined, orientation = 1;
  for (let at = 12; at + 8 <= fileEnd;) {
    const type = textAt(bytes, at), length = view.getUint32(at + 4, true), body = at + 8;
    if (body + length > bytes.length) damaged(name, CUT_OFF);
    if (length >= 10 && type === "VP8X") {
      if (bytes[body] & 2) {
        throw new SyntaxError(
          `Cannot decode "${name}" as it must be a single picture: it is an animation; save one of its frames`,
        );
      }
      size = { width: 1 + u24(body + 4), height: 1 + u24(body + 7) };
    } else if (length >= 10 && type === "VP8 ") {
      const [width, height] = [body + 6, body + 8]
        .map((at) => view.getUint16(at, true) & 0x3fff);
      size ??= { width, height };
    } else if (length >= 5 && type === "VP8L") {
      const bits = view.getUint32(body + 1, true);
      size ??= { width: 1 + (bits & 0x3fff), height: 1 + (bits >>> 14 & 0x3fff) };
    } else if (type === "EXIF") {
      orientation = orientationOf(bytes.subarray(body, body + length));
    }
    at = body + length + length % 2;
  }
  if (!size) damaged(name, "it has no picture");
  return { ...size, orientation };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Four characters. */
function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
