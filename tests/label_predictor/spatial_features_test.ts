import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  NUM_SPATIAL_FEATURES,
  writeSpatialFeatures,
} from "../../src/label_predictor/spatial_features.ts";
import { assertClose } from "../_assert.ts";

function describe(boxes: number[], width: number, height: number, swapped = false) {
  const out = new Float32Array(NUM_SPATIAL_FEATURES);
  const [subject, object] = swapped ? [1, 0] : [0, 1];
  writeSpatialFeatures(boxes, { subject, object, width, height }, out, 0);
  return out;
}

Deno.test("writeSpatialFeatures() describes two boxes", () => {
  // A subject of 100 x 50 pixels at the top left of 200 x 100, and an object of 100 x
  // 100 pixels that begins in its middle: in shares of the image [0, 0, 1/2, 1/2] and
  // [1/4, 0, 3/4, 1].
  const features = describe([0, 0, 100, 50, 50, 0, 150, 100], 200, 100);
  const { log, hypot, sqrt } = Math;
  const distance = hypot(1 / 4, 1 / 4);
  assertClose(features, [
    ...[0, 0, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 2, 1 / 2, log(1 / 4), 0],
    ...[1 / 4, 0, 3 / 4, 1, 1 / 2, 1 / 2, 1 / 2, 1, log(1 / 2), log(1 / 2)],
    ...[1 / 4, 1 / 4], // centre offset by the image
    ...[1 / 2, 1 / 2], // by the subject's width and height
    ...[1 / 2, 1 / 4], // by the object's
    ...[0, log(2), log(2)], // ratios of width, height, area
    ...[distance, distance / sqrt(1 / 4 + 1 / 2)],
    ...[sqrt(1 / 2), sqrt(1 / 2)], // to the lower right
    ...[-1 / 4, -1 / 2], // they overlap
    ...[1 / 3, 1 / 3], // left and right edges, by 3/4
    ...[0, 1 / 2], // upper and lower edges, by 1
    ...[-1 / 2, 1], // object's upper edge from subject's lower, and the reverse
    ...[(1 / 8) / (5 / 8), 1 / 2, 1 / 4], // IoU, shares in common
  ], 1e-6);
});

Deno.test("writeSpatialFeatures() gives finite numbers for boxes of no size", () => {
  const features = describe([5, 5, 5, 5, 5, 5, 5, 5], 10, 10);
  assertEquals(features.every(Number.isFinite), true);
});

Deno.test("writeSpatialFeatures() depends on shares of the image only", () => {
  const side = fc.integer({ min: 0, max: 90 }), size = fc.integer({ min: 1, max: 10 });
  fc.assert(fc.property(
    fc.tuple(side, side, size, size),
    fc.tuple(side, side, size, size),
    ([x, y, w, h], [x2, y2, w2, h2]) => {
      const boxes = [x, y, x + w, y + h, x2, y2, x2 + w2, y2 + h2];
      const wide = boxes.map((value, k) => value * (k % 2 === 0 ? 7 : 3));
      assertClose(describe(boxes, 100, 100), describe(wide, 700, 300), 1e-4);
      // Exchanged, the two blocks of single boxes change places, and offsets their sign.
      const there = describe(boxes, 100, 100), back = describe(boxes, 100, 100, true);
      assertEquals(back.subarray(0, 10), there.subarray(10, 20));
      assertEquals(back[20], there[20] === 0 ? back[20] : -there[20]);
    },
  ));
});
