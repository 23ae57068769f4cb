import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "../../src/detect/decode_image.ts";
import { shrinkPhotograph } from "../../src/detect/shrink.ts";
import { Random } from "../../src/random.ts";
import { encodePng } from "../deps_png.ts";

/** What a page has room for: docs/evaluation.md says 120 kB. */
const MAX_BYTES = 120_000;

/** A picture whose pixels a function colours. */
function pictureOf(
  width: number,
  height: number,
  colorAt: (x: number, y: number) => readonly number[],
) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    data.set([...colorAt(i % width, Math.floor(i / width)), 255], 4 * i);
  }
  return encodePng({ width, height, data });
}

Deno.test("shrinkPhotograph() scales the longer side down to 640 pixels", async () => {
  // Red on the left half, blue on the right one.
  const png = await pictureOf(1280, 100, (x) => x < 640 ? [200, 0, 0] : [0, 0, 200]);
  const { jpeg, width, height } = await shrinkPhotograph(png, "halves.png");
  assertEquals([width, height], [1280, 100]);
  const small = await decodeImage(jpeg);
  assertEquals([small.width, small.height], [640, 50]);
  for (const [x, expected] of [[160, [200, 0, 0]], [480, [0, 0, 200]]] as const) {
    const found = small.data.subarray(4 * (25 * 640 + x), 4 * (25 * 640 + x) + 3);
    for (const [c, value] of expected.entries()) {
      assert(Math.abs(found[c] - value) <= 6, `${[...found]} at ${x}`);
    }
  }
  assertEquals((await shrinkPhotograph(png, "halves.png")).jpeg, jpeg, "the same again");
});

Deno.test("shrinkPhotograph() keeps small photographs' size, and noise within its limit", async () => {
  const tiny = await shrinkPhotograph(await pictureOf(3, 2, () => [9, 9, 9]), "tiny.png");
  const { width, height } = await decodeImage(tiny.jpeg);
  assertEquals([width, height], [3, 2]);

  const random = new Random(1);
  const noise = await pictureOf(640, 480, () => {
    const bits = random.uint32();
    return [bits & 255, bits >>> 8 & 255, bits >>> 16 & 255];
  });
  assert(noise.length > 5 * MAX_BYTES);
  const { jpeg } = await shrinkPhotograph(noise, "noise.png");
  assert(jpeg.length <= MAX_BYTES, `${jpeg.length} bytes`);
});
