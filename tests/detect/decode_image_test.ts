import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../src/detect/decode_image.ts";
import { MAX_PIXELS } from "../../src/detect/image_header.ts";
import type { Picture } from "../../src/detect/detector.ts";
import { assertClose } from "../_assert.ts";
import { exif, png, SAMPLES, SQUARES, withExif } from "./_sample_images.ts";

/** The colours in the middle of squares of 8 x 8 pixels, row by row. */
function squaresOf({ width, height, data }: Picture): number[] {
  const colours = [];
  for (let y = 4; y < height; y += 8) {
    for (let x = 4; x < width; x += 8) {
      colours.push(...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3));
    }
  }
  return colours;
}

const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const refused = (bytes: Uint8Array, message: string, kind = SyntaxError) =>
  assertRejects(() => decodeImage(bytes, "a.jpg"), kind, message);

Deno.test("decodeImage() decodes JPEG and WebP of every kind", async () => {
  for (const name of ["rgb", "progressive", "webp", "losslessWebp", "cmyk"] as const) {
    const picture = await decodeImage(SAMPLES[name]);
    assertEquals([picture.width, picture.height, picture.data.length], [24, 16, 1536]);
    assertClose(squaresOf(picture), SQUARES.flat(), name === "webp" ? 12 : 4, name);
  }
  const luma = ([r, g, b]: readonly number[]) => 0.299 * r + 0.587 * g + 0.114 * b;
  assertClose(
    squaresOf(await decodeImage(SAMPLES.gray)),
    SQUARES.flatMap((colour) => [luma(colour), luma(colour), luma(colour)]),
    3,
  );
});

Deno.test("decodeImage() decodes PNG of every depth and kind of colour", async () => {
  const size = { width: 2, height: 1 };
  const cases: [kind: string, bytes: Uint8Array, pixels: number[]][] = [
    [
      "colour",
      png({ ...size, depth: 8, colour: 2, rows: [[1, 2, 3, 250, 251, 252]] }),
      [1, 2, 3, 255, 250, 251, 252, 255],
    ],
    [
      "16 bits",
      png({ ...size, depth: 16, colour: 0, rows: [[0x12, 0x12, 0xff, 0xff]] }),
      [0x12, 0x12, 0x12, 255, 255, 255, 255, 255],
    ],
    [
      "palette",
      png({
        ...{ ...size, depth: 1, colour: 3, rows: [[0b10000000]] },
        palette: [9, 8, 7, 200, 100, 0],
      }),
      [200, 100, 0, 255, 9, 8, 7, 255],
    ],
    [
      "gray with alpha",
      png({ ...size, depth: 8, colour: 4, rows: [[77, 255, 78, 0]] }),
      [77, 77, 77, 255, 78, 78, 78, 0],
    ],
    [
      "colour with alpha",
      png({ ...size, depth: 8, colour: 6, rows: [[1, 2, 3, 4, 5, 6, 7, 8]] }),
      [1, 2, 3, 4, 5, 6, 7, 8],
    ],
  ];
  for (const [kind, bytes, pixels] of cases) {
    const { width, height, data } = await decodeImage(bytes);
    assertEquals([kind, width, height, ...data], [kind, 2, 1, ...pixels]);
  }
});

// A picture of 3 x 2, whose pixels are 1 to 6, as stored for each orientation: row 0 and
// column 0 of what is stored are the sides of the scene that EXIF 2.32 names.
const UPRIGHT = [[1, 2, 3], [4, 5, 6]];
const STORED: Readonly<Record<number, number[][]>> = {
  1: [[1, 2, 3], [4, 5, 6]], // top, left
  2: [[3, 2, 1], [6, 5, 4]], // top, right
  3: [[6, 5, 4], [3, 2, 1]], // bottom, right
  4: [[4, 5, 6], [1, 2, 3]], // bottom, left
  5: [[1, 4], [2, 5], [3, 6]], // left, top
  6: [[3, 6], [2, 5], [1, 4]], // right, top
  7: [[6, 3], [5, 2], [4, 1]], // right, bottom
  8: [[4, 1], [5, 2], [6, 3]], // left, bottom
};

Deno.test("decodeImage() turns all orientations of EXIF upright", async () => {
  for (const [text, rows] of Object.entries(STORED)) {
    const orientation = Number(text);
    for (const isLittle of [false, true]) {
      const bytes = png({
        ...{ width: rows[0].length, height: rows.length, depth: 8, colour: 0, rows },
        exif: exif(orientation, isLittle),
      });
      const { width, height, data } = await decodeImage(bytes);
      const gray = Array.from(data).filter((_, i) => i % 4 === 0);
      assertEquals([text, width, height, gray], [text, 3, 2, UPRIGHT.flat()]);
    }
  }
});

Deno.test("decodeImage() reads the orientation of JPEG and WebP", async () => {
  const [red, green, blue, black, white, gray] = SQUARES;
  // To be turned by 90 degrees, clockwise: the left column becomes the top row.
  const turned = [black, red, white, green, gray, blue].flat();
  for (const isLittle of [false, true]) {
    const jpeg = await decodeImage(withExif(SAMPLES.rgb, exif(6, isLittle)));
    assertEquals([jpeg.width, jpeg.height], [16, 24]);
    assertClose(squaresOf(jpeg), turned, 4);
  }
  const webp = await decodeImage(SAMPLES.turnedWebp);
  assertEquals([webp.width, webp.height, webp.data[3]], [16, 24, 128]);
  assertClose(squaresOf(webp), turned, 0);
});

Deno.test("decodeImage() ignores notes that are cut off or of no orientation", async () => {
  for (
    const notes of [
      exif(0, true),
      exif(9, false),
      exif(6, true).subarray(0, 20),
      exif(6, true).subarray(0, 5),
      bytesOf("XXXXXXXX"),
    ]
  ) {
    assertEquals((await decodeImage(withExif(SAMPLES.rgb, notes))).width, 24);
  }
});

Deno.test("decodeImage() takes bytes that are a part of others", async () => {
  const all = new Uint8Array(SAMPLES.rgb.length + 20);
  all.set(SAMPLES.rgb, 7);
  const picture = await decodeImage(all.subarray(7, -13));
  assertClose(squaresOf(picture), SQUARES.flat(), 4);
});

Deno.test("decodeImage() refuses what is no photograph, and says what it is", async () => {
  const must = 'Cannot decode "a.jpg" as it must be a JPEG, PNG or WebP image: ';
  for (
    const [start, says] of [
      ["GIF89a", "it looks like a GIF image; save it as one of these"],
      ["\0\0\0\x20ftypheic", "it looks like a HEIC image; save it as one of these"],
      ["\0\0\0\x20ftypavif", "it looks like an AVIF image; save it as one of these"],
      ["\0\0\0\x20ftypisom", "it looks like a video; save it as one of these"],
      ["<!DOCTYPE html>", "it looks like a web page (HTML); the address led to a page"],
      ["version https://git-lfs.github.com/spec/v1", "it looks like a Git LFS pointer"],
      ["", "it looks like an empty file; download or write it again"],
      ["hello", "its first bytes are of no known kind; check the path"],
    ]
  ) await refused(bytesOf(start), must + says);
  await refused(SAMPLES.animation, "it is an animation; save one of its frames");
});

Deno.test("decodeImage() refuses every file that is cut off", async () => {
  const { rgb, progressive, webp } = SAMPLES;
  const onePng = png({ width: 1, height: 1, depth: 8, colour: 0, rows: [[7]] });
  for (const whole of [rgb, progressive, webp, onePng]) {
    for (let length = 12; length < whole.length; length++) {
      await refused(whole.subarray(0, length), 'Cannot decode "a.jpg"');
    }
  }
  await refused(rgb.subarray(0, 300), "the file is damaged: it ends too early");
});

Deno.test("decodeImage() passes over what cameras and phones write besides", async () => {
  const { rgb, webp } = SAMPLES;
  const behind = Array(30).fill([0x12, 0x34, 0x56, 0x78]).flat();
  const first = 4 + (rgb[4] << 8 | rgb[5]); // behind APP0
  const files = [
    [...rgb.subarray(0, first), 0, 0, ...rgb.subarray(first)], // padding
    [...rgb.subarray(0, first), 0xff, 0xff, ...rgb.subarray(first)], // fill bytes
    [...rgb, ...behind], // a video
    [...rgb, ...rgb], // a second picture
    [...webp, ...behind],
  ];
  for (const file of files) {
    const picture = await decodeImage(Uint8Array.from(file));
    assertClose(squaresOf(picture), SQUARES.flat(), 12);
  }
});

Deno.test("decodeImage() decodes a good photograph after a damaged one", async () => {
  const { rgb, webp } = SAMPLES;
  const onePng = png({ width: 1, height: 1, depth: 8, colour: 0, rows: [[7]] });
  const tables = rgb.findIndex((byte, i) => byte === 0xff && rgb[i + 1] === 0xc4) + 5;
  for (const [whole, at] of [[rgb, tables], [webp, 23], [onePng, 45]] as const) { // WebP: its start code
    const damaged = whole.slice();
    damaged.fill(0xee, at, at + 3);
    await refused(damaged, 'Cannot decode "a.jpg"');
    assertEquals((await decodeImage(whole)).data.length > 0, true);
  }
});

Deno.test("decodeImage() refuses a picture by its size before it decodes it", async () => {
  const bomb = png({ width: 60_000, height: 60_000, depth: 1, colour: 0, rows: [] });
  await refused(
    bomb,
    `Cannot decode "a.jpg" as it must have at most ${MAX_PIXELS} pixels: it has 60000 x 60000; scale it down`,
    RangeError,
  );
  const empty = png({ width: 0, height: 5, depth: 8, colour: 0, rows: [] });
  await refused(empty, "its size is 0 x 5");
  const huge = SAMPLES.rgb.slice();
  const sizeAt = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0) + 5;
  huge.set([0xff, 0xff, 0xff, 0xff], sizeAt);
  await refused(huge, "it has 65535 x 65535", RangeError);
});
