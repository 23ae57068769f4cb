import { assertEquals } from "@std/assert";
import { resize } from "../../src/detect/resize.ts";
import { assertClose } from "../_assert.ts";

/** A gray picture. */
function gray(width: number, values: readonly number[], alpha = 255) {
  return {
    width,
    height: values.length / width,
    data: Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, alpha])),
  };
}

const channel = (pixels: Float32Array) => pixels.filter((_, i) => i % 3 === 0);

Deno.test("resize() keeps a picture of the right size, and every constant", () => {
  const values = [0, 10, 20, 30, 40, 250];
  const same = resize(gray(3, values), 3, 2);
  assertEquals([same.width, same.height], [3, 2]);
  assertClose(channel(same.pixels), values, 1e-5);
  for (const [width, height] of [[1, 1], [7, 5], [2, 9]]) {
    const { pixels } = resize(gray(4, Array(12).fill(77)), width, height);
    assertClose(pixels, Array(3 * width * height).fill(77), 1e-4);
  }
});

Deno.test("resize() shrinks by a triangle as wide as two steps", () => {
  // 4 -> 2: middles at 1 and 3, radius 2. Weights of pixels 0 to 3 (middles 0.5 to 3.5) for
  // the first: 0.75, 0.75, 0.25, 0, normalized by 1.75; the other is its mirror image.
  const [a, b, c, d] = [10, 20, 60, 200];
  const { pixels } = resize(gray(4, [a, b, c, d]), 2, 1);
  assertClose(channel(pixels), [
    (3 * a + 3 * b + c) / 7,
    (b + 3 * c + 3 * d) / 7,
  ], 1e-4);
});

Deno.test("resize() enlarges linearly between the middles of pixels", () => {
  // 2 -> 4: middles at 0.25, 0.75, 1.25, 1.75 of pixels with middles 0.5 and 1.5.
  const { pixels } = resize(gray(1, [0, 100]), 1, 4);
  assertClose(channel(pixels), [0, 25, 75, 100], 1e-4);
});

Deno.test("resize() shows what is transparent on white", () => {
  assertClose(resize(gray(1, [0], 0), 1, 1).pixels, [255, 255, 255], 1e-4);
  assertClose(resize(gray(1, [0], 51), 1, 1).pixels, [204, 204, 204], 1e-4);
});
