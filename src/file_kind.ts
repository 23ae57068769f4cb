/**
 * Tells by its first bytes what a file looks like, so that a reader that was given the
 * wrong one can say so.
 *
 * @module
 */

/** A kind of file, for messages: "it looks like <name>; <remedy>". */
export interface FileKind {
  /** With its article: `a web page (HTML)`. */
  name: string;
  /** What to do about it. */
  remedy: string;
}

const UNPACK = "unpack it and use a file of it";
const PICTURE = "a picture is no data file: check the path";

/** Kinds by their first bytes, written one a character, from an offset. */
const SIGNATURES: readonly [start: string, name: string, remedy: string, at?: number][] =
  [
    [
      "version https://git-lfs.github.com/spec/",
      "a Git LFS pointer",
      `fetch the file that it stands for by "git lfs pull"`,
    ],
    [
      "PK\x03\x04",
      "a zip archive (PyTorch and NumPy's .npz write such files too)",
      UNPACK,
    ],
    ["PK\x05\x06", "an empty zip archive", UNPACK],
    ["\x1f\x8b", "a gzip archive", UNPACK],
    ["BZh", "a bzip2 archive", UNPACK],
    ["\xfd7zXZ\0", "an xz archive", UNPACK],
    ["\x28\xb5\x2f\xfd", "a zstd archive", UNPACK],
    ["7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK],
    ["Rar!\x1a\x07", "a rar archive", UNPACK],
    ["ustar", "a tar archive", UNPACK, 257],
    ["\x89PNG\r\n\x1a\n", "a PNG image", PICTURE],
    ["\xff\xd8\xff", "a JPEG image", PICTURE],
    ["GIF8", "a GIF image", PICTURE],
    ["WEBP", "a WebP image", PICTURE, 8],
    ["II*\0", "a TIFF image", PICTURE],
    ["MM\0*", "a TIFF image", PICTURE],
    ["ftypavif", "an AVIF image", PICTURE, 4],
    ["ftyphei", "a HEIC image", PICTURE, 4],
    ["ftyphev", "a HEIC image", PICTURE, 4],
    ["ftypmif1", "a HEIC image", PICTURE, 4],
    ["\0\0\0\x0cJXL ", "a JPEG XL image", PICTURE],
    ["\xff\x0a", "a JPEG XL image", PICTURE],
    ["\0\0\0\x0cjP  ", "a JPEG 2000 image", PICTURE],
    ["8BPS", "a Photoshop image", PICTURE],
    ["P5\n", "a PGM image", PICTURE],
    ["P6\n", "a PPM image", PICTURE],
    ["ftyp", "a video", "check the path", 4],
    ["BM", "a BMP image", PICTURE],
    ["%PDF-", "a PDF document", "check the path"],
    ["\x89HDF\r\n\x1a\n", "an HDF5 file", "check the path"],
    ["MATLAB 5.0 MAT-file", "a MATLAB file", "check the path"],
    ["\x93NUMPY", "a NumPy array (.npy)", "check the path"],
    ["SQLite format 3\0", "an SQLite database", "check the path"],
    ["PAR1", "a Parquet file", "check the path"],
    ["\xff\xfe", "text in UTF-16", "save it as UTF-8"],
    ["\xfe\xff", "text in UTF-16", "save it as UTF-8"],
  ];

const PICKLE: FileKind = {
  name: "a Python pickle",
  remedy: "in Python, write its content as JSON or safetensors",
};
const PAGE: FileKind = {
  name: "a web page (HTML)",
  remedy:
    "the address led to a page, of a login or an error perhaps: download the file itself",
};
const JSON_TEXT: FileKind = { name: "a JSON file", remedy: "check the path" };
const SAFETENSORS: FileKind = { name: "a safetensors file", remedy: "check the path" };

/** The first element of an SVG, behind declarations and comments. */
const SVG = /<([\w-]+:)?svg\b/i;
const SVG_IMAGE: FileKind = { name: "an SVG image", remedy: PICTURE };

/** Fewer zeros say nothing. */
const LEAST_ZEROS = 64;

/** The number of bytes that are enough to tell. */
export const KIND_BYTES = 512;

/**
 * Tells what a file looks like.
 *
 * @param bytes The file, or its first {@linkcode KIND_BYTES} bytes.
 * @returns The kind; `undefined` for one that is not known.
 *
 * @example
 * ```ts
 * import { fileKind } from "./file_kind.ts";
 * const page = new TextEncoder().encode("<!DOCTYPE html><title>Not found</title>");
 * if (fileKind(page)?.name !== "a web page (HTML)") throw new Error();
 * ```
 */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  if (bytes.length === 0) {
    return { name: "an empty file", remedy: "download or write it again" };
  }
  // First of all, as the length that it begins with may be the start of anything.
  if (isSafetensors(bytes)) return SAFETENSORS;
  const head = String.fromCharCode(...bytes.subarray(0, KIND_BYTES));
  for (const [start, name, remedy, at = 0] of SIGNATURES) {
    if (head.startsWith(start, at)) return { name, remedy };
  }
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^<(!doctype html|html|head|body|script|title)\b/i.test(text)) return PAGE;
  if (/^<(\?xml|!--|!doctype|([\w-]+:)?svg)\b/i.test(text)) {
    return SVG.test(text) ? SVG_IMAGE : { name: "an XML file", remedy: "check the path" };
  }
  if (isPickle(bytes)) return PICKLE;
  if (/^[[{]/.test(text)) return JSON_TEXT;
  const isZero = bytes.subarray(0, KIND_BYTES).every((byte) => byte === 0);
  if (bytes.length < LEAST_ZEROS || !isZero) return undefined;
  return {
    name: "a file of zeros, as of a download that did not end",
    remedy: "download it again",
  };
}

/**
 * Says what a file looks like, as the end of a message.
 *
 * @param bytes As for {@linkcode fileKind}.
 * @param wanted Names of kinds that are as they should be.
 * @returns `it looks like a web page (HTML); ...`, or `undefined`.
 */
export function looksLike(bytes: Uint8Array, ...wanted: string[]): string | undefined {
  const kind = fileKind(bytes);
  if (kind === undefined || wanted.includes(kind.name)) return undefined;
  return `it looks like ${kind.name}; ${kind.remedy}`;
}

/** Protocols 2 to 5 begin with their number; older ones with the mark of a container. */
function isPickle(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) return true;
  return /^(\((lp|dp|i)|c\w[\w.]*\n\w+\n)/.test(
    String.fromCharCode(...bytes.subarray(0, 64)),
  );
}

/** Eight bytes with the length of a header, which is JSON. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}
