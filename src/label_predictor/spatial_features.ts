/**
 * The geometry of a pair of boxes as 44 numbers.
 *
 * The list is our own selection from the features of the field (centre offsets, gaps,
 * overlap, containment). None depends on the order of the boxes or on the absolute size of
 * the image.
 *
 * @module
 */

/** Number of features of a pair. */
export const NUM_SPATIAL_FEATURES = 44;

/** Lower limit on widths and heights, as shares of the image: they are divided by. */
const SMALLEST = 1e-4;

/** Upper limit on the absolute value of ratios, which carry no information beyond it. */
const LARGEST_RATIO = 10;

/**
 * Writes the features of a pair.
 *
 * In order: ten numbers of the subject and ten of the object (corners, centre, width,
 * height, log area, log aspect ratio). Then of the pair: the centre offset divided by the
 * size of the image, of the subject and of the object; the log ratios of width, height and
 * area; the distance divided by the size of the image and of both boxes; cosine and sine of
 * the direction; the gap along x and y (negative where they overlap); the distances of the
 * edges (left, right, top, bottom, lower to upper both ways) divided by the size of the
 * pair; IoU; the shares of the subject and of the object that lie in the other.
 *
 * @param boxes `[N, 4]` in pixels.
 * @param pair Indices of subject and object, and width and height of the image in pixels.
 * @param out Array to write to.
 * @param start Index of the first of the 44 numbers.
 */
export function writeSpatialFeatures(
  boxes: ArrayLike<number>,
  pair: { subject: number; object: number; width: number; height: number },
  out: Float32Array,
  start: number,
): void {
  const s = unitBox(boxes, pair.subject, pair.width, pair.height);
  const o = unitBox(boxes, pair.object, pair.width, pair.height);
  const dx = o.cx - s.cx, dy = o.cy - s.cy;
  const distance = Math.hypot(dx, dy);
  const size = Math.sqrt(s.w * s.h + o.w * o.h);
  const overlapX = Math.min(s.x2, o.x2) - Math.max(s.x1, o.x1);
  const overlapY = Math.min(s.y2, o.y2) - Math.max(s.y1, o.y1);
  const pairWidth = Math.max(s.x2, o.x2) - Math.min(s.x1, o.x1);
  const pairHeight = Math.max(s.y2, o.y2) - Math.min(s.y1, o.y1);
  const common = Math.max(0, overlapX) * Math.max(0, overlapY);
  const areaS = s.w * s.h, areaO = o.w * o.h;
  // In one array, as this is called for millions of pairs.
  // deno-fmt-ignore
  out.set([
    s.x1, s.y1, s.x2, s.y2, s.cx, s.cy, s.w, s.h, Math.log(s.w * s.h), Math.log(s.w / s.h),
    o.x1, o.y1, o.x2, o.y2, o.cx, o.cy, o.w, o.h, Math.log(o.w * o.h), Math.log(o.w / o.h),
    dx, dy, ratio(dx, s.w), ratio(dy, s.h), ratio(dx, o.w), ratio(dy, o.h),
    Math.log(o.w / s.w), Math.log(o.h / s.h), Math.log((o.w * o.h) / (s.w * s.h)),
    distance, ratio(distance, size),
    distance > 0 ? dx / distance : 0, distance > 0 ? dy / distance : 0,
    -overlapX, -overlapY,
    (o.x1 - s.x1) / pairWidth, (o.x2 - s.x2) / pairWidth,
    (o.y1 - s.y1) / pairHeight, (o.y2 - s.y2) / pairHeight,
    (o.y1 - s.y2) / pairHeight, (o.y2 - s.y1) / pairHeight,
    common / (areaS + areaO - common), common / areaS, common / areaO,
  ], start);
}

/** Box `i` in shares of the image's width and height, at least `SMALLEST` wide and high. */
function unitBox(boxes: ArrayLike<number>, i: number, width: number, height: number) {
  const x1 = boxes[4 * i] / width, y1 = boxes[4 * i + 1] / height;
  const x2 = Math.max(boxes[4 * i + 2] / width, x1 + SMALLEST);
  const y2 = Math.max(boxes[4 * i + 3] / height, y1 + SMALLEST);
  return { x1, y1, x2, y2, cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, w: x2 - x1, h: y2 - y1 };
}

function ratio(value: number, size: number): number {
  return Math.max(-LARGEST_RATIO, Math.min(LARGEST_RATIO, value / size));
}
