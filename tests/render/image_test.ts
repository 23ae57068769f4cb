import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import { drawImage } from "../../src/render/image.ts";
import { drawOverImage } from "../../src/render/svg.ts";
import { isWellFormed, smallGraph } from "./_graphs.ts";

/** Where the stored corner of an image lies once the element is drawn. */
function drawnCorner(svg: string, right: number, bottom: number): [number, number] {
  const number = (name: string) =>
    Number(svg.match(new RegExp(` ${name}="(\\S+?)"`))![1]);
  const [x, y] = [right * number("width"), bottom * number("height")];
  const matrix = svg.match(/matrix\(([^)]*)\)/)?.[1].split(" ").map(Number);
  const [a, b, c, d, e, f] = matrix ?? [1, 0, 0, 1, 0, 0];
  return [a * x + c * y + e, b * x + d * y + f];
}

Deno.test("drawImage() turns the stored image upright", () => {
  // EXIF 2.32: where row 0 and column 0 of the stored image are in the upright one.
  const places: [row: string, column: string][] = [
    ["top", "left"],
    ["top", "right"],
    ["bottom", "right"],
    ["bottom", "left"],
    ["left", "top"],
    ["right", "top"],
    ["right", "bottom"],
    ["left", "bottom"],
  ];
  for (const [i, [row, column]] of places.entries()) {
    const svg = drawImage({ imageHref: "a.jpg", imageOrientation: i + 1 }, 30, 20);
    const isAt = (side: string, [x, y]: [number, number]) =>
      side === "top" && y === 0 || side === "bottom" && y === 20 ||
      side === "left" && x === 0 || side === "right" && x === 30;
    const corners = [[0, 0], [1, 0], [0, 1]].map(([x, y]) => drawnCorner(svg, x, y));
    // Row 0 ends at the upper corners of the stored image, column 0 at the left ones.
    const isRight = isAt(row, corners[0]) && isAt(row, corners[1]) &&
      isAt(column, corners[0]) && isAt(column, corners[2]);
    assertEquals(isRight, true, `orientation ${i + 1}: ${svg}`);
  }
});

Deno.test("drawImage() draws nothing without an address", () => {
  assertEquals(drawImage({}, 30, 20), "");
});

Deno.test("drawOverImage() refuses what is no orientation", () => {
  for (const imageOrientation of [0, 9, 1.5, NaN]) {
    assertThrows(
      () => drawOverImage(smallGraph(), { imageHref: "a.jpg", imageOrientation }),
      RangeError,
      `imageOrientation must be a whole number in [1, 8]: found ${imageOrientation}`,
    );
  }
});

Deno.test("drawOverImage() and drawBeforeAfter() take the orientation of the image", () => {
  const options = { imageHref: "a.jpg", imageOrientation: 6 };
  // 1000 x 500, and 490 x 245; the stored image is as wide as the upright one is high.
  assertStringIncludes(
    drawOverImage(smallGraph(), options),
    '<image href="a.jpg" width="500" height="1000" preserveAspectRatio="none" style="image-orientation:none" transform="matrix(0 1 -1 0 1000 0)"/>',
  );
  const both = drawBeforeAfter(smallGraph(), options);
  assertStringIncludes(both, 'width="245" height="490"');
  assertStringIncludes(both, 'transform="matrix(0 1 -1 0 490 0)"');
  assertEquals(isWellFormed(both), true);
});
