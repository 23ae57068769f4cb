/**
 * Pictures as addresses that hold their bytes, for drawings that load no other file.
 *
 * @module
 */

import { fileKind } from "../file_kind.ts";

/** Types of pictures that browsers draw, by the kind of the file. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["a JPEG image", "image/jpeg"],
  ["a PNG image", "image/png"],
  ["a WebP image", "image/webp"],
  ["a GIF image", "image/gif"],
  ["an AVIF image", "image/avif"],
  ["an SVG image", "image/svg+xml"],
]);

/**
 * Makes a `data:` address of a picture. Its type is found in its bytes, not in its name.
 *
 * @param bytes A whole JPEG, PNG, WebP, GIF, AVIF or SVG file.
 * @param name Its name, for errors.
 * @returns The address.
 * @throws {RangeError} If it is none of these.
 *
 * @example
 * ```ts
 * import { pictureHref } from "./picture.ts";
 * const href = pictureHref(new TextEncoder().encode("GIF89a"), "dot.gif");
 * if (href !== "data:image/gif;base64,R0lGODlh") throw new Error();
 * ```
 */
export function pictureHref(bytes: Uint8Array, name: string): string {
  const kind = fileKind(bytes)?.name;
  const type = kind === "an XML file" && isSvg(bytes)
    ? "image/svg+xml"
    : TYPES.get(kind ?? "");
  if (type !== undefined) return `data:${type};base64,${bytes.toBase64()}`;
  throw new RangeError(
    `Cannot draw over "${name}": it must be a picture in JPEG, PNG, WebP, GIF, AVIF or SVG: found ${
      kind ?? "a file of another kind"
    }`,
  );
}

/** Whether the first element of an XML file is `svg`. */
function isSvg(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 4096));
  return /<(\w+:)?svg\b/.test(head);
}
