/**
 * Small photographs. {@linkcode SAMPLES} were written by Pillow 12.3: 24 x 16 pixels, six
 * squares of 8 x 8 in the colours {@linkcode SQUARES}; the gray one is its luma (ITU-R
 * BT.601). PNGs are made here, chunk by chunk, as the standard says.
 *
 * @module
 */

import { crc32, deflateSync } from "node:zlib";

/** The colours of the squares, three in each of two rows. */
export const SQUARES: readonly (readonly number[])[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
  [255, 255, 255],
  [128, 128, 128],
];

/** `turnedWebp` is half transparent, with the EXIF orientation 6. */
export const SAMPLES = {
  rgb: base64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYF" +
      "BgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK" +
      "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABgDAREA" +
      "AhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQA" +
      "AAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3" +
      "ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWm" +
      "p6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEA" +
      "AwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSEx" +
      "BhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElK" +
      "U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3" +
      "uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD4vr+U" +
      "z/fw/Siv5bP+Fc/Buv8AtMP9WDwuv8Az9UP7/KAPwDoA/9k=",
  ),
  gray: base64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0a" +
      "HBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAQABgBAREA/8QAHwAAAQUBAQEB" +
      "AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1Fh" +
      "ByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZ" +
      "WmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXG" +
      "x8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOLr0qvBqwq+/wCvAK//" +
      "2Q==",
  ),
  cmyk: base64(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwc" +
      "ICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgAEAAYBEMRAE0RAFkRAEsRAP/EAB8A" +
      "AAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUS" +
      "ITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElK" +
      "U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4" +
      "ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD3" +
      "+vn+vn+vf6+AK+/6KKK+AK+/6KKK+AKK+/6+/wCvv+ivAK8ArwCiv//Z",
  ),
  progressive: base64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0a" +
      "HBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIy" +
      "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAQABgDAREA" +
      "AhEBAxEB/8QAFwABAAMAAAAAAAAAAAAAAAAABgQFB//EABgBAAMBAQAAAAAAAAAAAAAAAAAFBgcE" +
      "/9oADAMBAAIQAxAAAAGlWXCVZi4LXqaDD9W/gAD/xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAEB" +
      "AAEFAl//xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAEDAQE/AV//xAAUEQEAAAAAAAAAAAAAAAAA" +
      "AAAg/9oACAECAQE/AV//xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAEBAAY/Al//xAAUEAEAAAAA" +
      "AAAAAAAAAAAAAAAg/9oACAEBAAE/IV//2gAMAwEAAgADAAAAEC+IP//EABQRAQAAAAAAAAAAAAAA" +
      "AAAAACD/2gAIAQMBAT8QX//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQIBAT8QX//EABQQAQAA" +
      "AAAAAAAAAAAAAAAAACD/2gAIAQEAAT8QX//Z",
  ),
  webp: base64(
    "UklGRlIAAABXRUJQVlA4IEYAAABwAgCdASoYABAAAMASJaACdLoB+AH6q/4ACMQAAP7nGf//jP//" +
      "0YT//506//3eZROP/60b0o//4I1/2pNJM0uwHrlQkAAA",
  ),
  losslessWebp: base64(
    "UklGRkYAAABXRUJQVlA4TDoAAAAvF8ADAC8gECBIV25DQFB03XICAYJ05eY/QGxybBUDQki2kkIK" +
      "KaSQQv5CH2Avov9xq4NdzVx41cdM",
  ),
  turnedWebp: base64(
    "UklGRnoAAABXRUJQVlA4WAoAAAAYAAAAFwAADwAAVlA4TDoAAAAvF8ADEC8gECBIV25DQFB03XIC" +
      "AYJ05QYwQGxybBUDQki2kkIKKaSQQv5CH2Avov9xq4NdzVx41cdMRVhJRhoAAABNTQAqAAAACAAB" +
      "ARIAAwAAAAEABgAAAAAAAA==",
  ),
  animation: base64(
    "UklGRvQAAABXRUJQVlA4WAoAAAACAAAAFwAADwAAQU5JTQYAAAAAAAAAAABBTk1GZAAAAAAAAAAA" +
      "ABcAAA8AAGQAAAJWUDggTAAAAFACAJ0BKhgAEAABQCYloAADXzQOS60nWJsjQAD+9oncwS37Eu/4" +
      "gLP//zYH//cyv//9Lg//5E+/zQiOxf//Miv//MYr/+9gv/9wQABBTk1GXAAAAAAAAAAAABcAAA8A" +
      "AGQAAABWUDggRAAAABQCAJ0BKhgAEAAAACYloAACW8fb1Qu+6NAA6O/5uKD+8PUJz//9Lg//3Pb/" +
      "+tX/+Rx/8qYz/7zf95X//pxj//pqAAAA",
  ),
} as const;

function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text);
}

/** The notes of a camera (EXIF) with one field, the orientation. */
export function exif(orientation: number, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, 1, isLittle);
  view.setUint16(10, 0x0112, isLittle);
  view.setUint16(12, 3, isLittle);
  view.setUint32(14, 1, isLittle);
  view.setUint16(18, orientation, isLittle);
  return new Uint8Array(view.buffer);
}

/** A JPEG with notes of a camera behind its first marker. */
export function withExif(
  jpeg: Uint8Array,
  notes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const segment = new Uint8Array(10 + notes.length);
  new DataView(segment.buffer).setUint32(0, 0xffe1_0000 + 8 + notes.length);
  segment.set(new TextEncoder().encode("Exif\0\0"), 4);
  segment.set(notes, 10);
  return concat(jpeg.subarray(0, 2), segment, jpeg.subarray(2));
}

/** The parts of a PNG. */
export interface PngParts {
  width: number;
  height: number;
  /** Bits of a sample. */
  depth: number;
  /** 0 gray, 2 colour, 3 palette, 4 gray with alpha, 6 colour with alpha. */
  colour: number;
  /** The bytes of each row. */
  rows: readonly (readonly number[])[];
  palette?: readonly number[];
  exif?: Uint8Array;
}

/** A PNG, uncompressed but for zlib, without filters. */
export function png(
  { width, height, depth, colour, rows, palette, exif }: PngParts,
): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(13), view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([depth, colour], 8);
  const filtered = Uint8Array.from(rows.flatMap((row) => [0, ...row]));
  return concat(
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", head),
    palette ? chunk("PLTE", Uint8Array.from(palette)) : new Uint8Array(),
    exif ? chunk("eXIf", exif) : new Uint8Array(),
    chunk("IDAT", new Uint8Array(deflateSync(filtered))),
    chunk("IEND", new Uint8Array()),
  );
}

/** Bytes one after another. */
function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12), view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}
