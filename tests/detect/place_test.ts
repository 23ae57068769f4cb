import { assertEquals } from "@std/assert";
import { place } from "../../src/detect/place.ts";
import { assertClose } from "../_assert.ts";

const white = (width: number, height: number) => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(255),
});

Deno.test("place() stretches over the whole square", () => {
  const { pixels, ...where } = place(white(8, 2), [4, 4], "stretch");
  assertClose(pixels, Array(48).fill(255), 1e-4);
  assertEquals(where, {
    ...{ imageWidth: 8, imageHeight: 2, left: 0, top: 0, scaleX: 2, scaleY: 0.5 },
  });
});

Deno.test("place() keeps the shape in a letterbox, with gray 114 around it", () => {
  const { pixels, ...where } = place(white(8, 2), [4, 4], "letterbox");
  const row = (value: number) => Array(12).fill(value);
  assertClose(pixels, [...row(114), ...row(255), ...row(114), ...row(114)], 1e-4);
  assertEquals(where, {
    ...{ imageWidth: 8, imageHeight: 2, left: 0, top: 1, scaleX: 2, scaleY: 2 },
  });
  // However thin, something is left of it.
  assertEquals(place(white(1, 100), [4, 4], "letterbox").left, 1);
});
