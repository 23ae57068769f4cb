import { assertEquals } from "@std/assert";
import { boxFeatures, NUM_BOX_FEATURES } from "../../src/model/box_features.ts";
import { assertClose } from "../_assert.ts";

/** Three boxes; the first two begin at the same x, the last two have the same area. */
const IMAGE = {
  width: 200,
  height: 100,
  boxes: Float32Array.of(
    ...[20, 50, 60, 100], // 40 x 50 = 2000
    ...[20, 0, 40, 20], // 20 x 20 = 400
    ...[100, 25, 110, 65], // 10 x 40 = 400
  ),
  entityLogits: Float32Array.of(1, 2, 7, -1, 0, 3), // greatest: 2, 7, 3
};

Deno.test("boxFeatures() are shares of the image and ranks with ties averaged", () => {
  const third = 1 / 3;
  const expected = [
    // x1, y1, x2, y2, then ranks of x1, -x1, y1, -y1, area, -area, logit, -logit
    ...[0.1, 0.5, 0.3, 1, third / 2, third * 1.5, 2 * third, 0],
    ...[2 * third, 0, 0, 2 * third],
    ...[0.1, 0, 0.2, 0.2, third / 2, third * 1.5, 0, 2 * third],
    ...[third / 2, third * 1.5, 2 * third, 0],
    ...[0.5, 0.25, 0.55, 0.65, 2 * third, 0, third, third],
    ...[third / 2, third * 1.5, third, third],
  ];
  const features = boxFeatures(IMAGE, 2, "default");
  assertEquals(features.length, 3 * NUM_BOX_FEATURES.default);
  assertClose(features, expected, 1e-6);
});

Deno.test("boxFeatures() of the paper are indices that sort, and positions", () => {
  const features = boxFeatures(IMAGE, 2, "paper");
  const expected = [
    // argsort: of x1 (0, 1, 2), -x1 (2, 0, 1), y1 (1, 2, 0), -y1 (0, 2, 1), area
    // (1, 2, 0), -area (0, 1, 2), logit (0, 2, 1), -logit (1, 2, 0); place from both ends
    ...[20, 50, 60, 100].map((v) => v / 1200),
    ...[0, 2, 1, 0, 1, 0, 0, 1, 0, 3],
    ...[20, 0, 40, 20].map((v) => v / 1200),
    ...[1, 0, 2, 2, 2, 1, 2, 2, 1, 2],
    ...[100, 25, 110, 65].map((v) => v / 1200),
    ...[2, 1, 0, 1, 0, 2, 1, 0, 2, 1],
  ];
  assertEquals(features.length, 3 * NUM_BOX_FEATURES.paper);
  assertClose(features, expected, 1e-6);
});
