import { assertEquals } from "@std/assert";
import { fileKind, looksLike } from "../src/file_kind.ts";
import { encodeSafetensors } from "../src/io/safetensors.ts";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

Deno.test("fileKind() knows files by their first bytes", () => {
  const tar = new Uint8Array(512);
  tar.set(bytes("ustar"), 257);
  const kinds: [start: Uint8Array, kind: string][] = [
    [bytes("<!DOCTYPE html>\n<html>"), "a web page (HTML)"],
    [bytes("\xef\xbb\xbf\n <HTML lang=de>"), "a web page (HTML)"],
    [bytes("version https://git-lfs.github.com/spec/v1\noid"), "a Git LFS pointer"],
    [
      bytes("PK\x03\x04\0"),
      "a zip archive (PyTorch and NumPy's .npz write such files too)",
    ],
    [bytes("\x1f\x8b\x08"), "a gzip archive"],
    [tar, "a tar archive"],
    [bytes("\x89PNG\r\n\x1a\n"), "a PNG image"],
    [bytes("\xff\xd8\xff\xe0"), "a JPEG image"],
    [bytes("RIFF\0\0\0\0WEBPVP8 "), "a WebP image"],
    [bytes("\0\0\0\x20ftypheic"), "a HEIC image"],
    [bytes("\0\0\0\x20ftypmif1"), "a HEIC image"],
    [bytes("\0\0\0\x20ftypavif"), "an AVIF image"],
    [bytes("\0\0\0\x20ftypisom"), "a video"],
    [bytes("\xff\x0a\xfa"), "a JPEG XL image"],
    [bytes("\0\0\0\x0cjP  \r\n"), "a JPEG 2000 image"],
    [bytes("8BPS\0\x01"), "a Photoshop image"],
    [bytes("P6\n2 2\n255\n"), "a PPM image"],
    [bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), "an SVG image"],
    [bytes('<?xml version="1.0"?>\n<!-- x -->\n<svg:svg>'), "an SVG image"],
    [bytes('<?xml version="1.0"?>\n<annotation>'), "an XML file"],
    [bytes("\x80\x04\x95"), "a Python pickle"],
    [bytes("(lp0\n"), "a Python pickle"],
    [bytes("\x89HDF\r\n\x1a\n"), "an HDF5 file"],
    [bytes("\x93NUMPY\x01\0"), "a NumPy array (.npy)"],
    [bytes("\xff\xfe{\0"), "text in UTF-16"],
    [bytes(' {"a": 1}'), "a JSON file"],
    [new Uint8Array(100), "a file of zeros, as of a download that did not end"],
    [new Uint8Array(), "an empty file"],
  ];
  for (const [start, kind] of kinds) assertEquals(fileKind(start)?.name, kind);
  assertEquals(fileKind(bytes("man 0.1 0.2")), undefined);
});

Deno.test("fileKind() knows safetensors, whatever its length of the header looks like", () => {
  for (const length of [0x0380, 0x8b1f, 0x4d42]) {
    const file = new Uint8Array(20);
    new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
    file[8] = 0x7b;
    assertEquals(fileKind(file)?.name, "a safetensors file");
  }
  const whole = encodeSafetensors({ a: { shape: [1], data: Float32Array.of(1) } });
  assertEquals(looksLike(whole, "a safetensors file"), undefined);
  assertEquals(
    looksLike(whole),
    "it looks like a safetensors file; check the path",
  );
});
