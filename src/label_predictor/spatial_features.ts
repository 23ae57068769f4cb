/**
 * What the geometry of two boxes says of a pair: 44 numbers.
 *
 * Ours, after the lists of the field (centre offsets, gaps, overlap and containment),
 * without any that depends on the order of the boxes or on the image's absolute size.
 *
 * @module
 */

/** How many numbers describe a pair. */
export const NUM_SPATIAL_FEATURES = 44;

/** What stays clear of dividing by zero, as a share of the image. */
const SMALLEST = 1e-4;

/** Ratios of two boxes beyond this size say nothing more. */
const LARGEST_RATIO = 10;

/**
 * Describes the boxes of a subject and an object.
 *
 * In order, ten numbers of the subject and ten of the object (corners, centre, width,
 * height, log area, log aspect), then of the pair: centre offset by the image, by the
 * subject's size, by the object's size; log ratios of width, height and area; distance
 * by the image and by the size of both; cosine and sine of the direction; gap (below
 * zero: overlap) along x and y; distances of the edges (left, right, top, bottom, lower
 * to upper both ways) by the size of the pair; IoU; the shares of the subject and of
 * the object that lie in the other.
 *
 * @param boxes `[N, 4]` in pixels.
 * @param pair Index of subject and object, and the image's width and height in pixels.
 * @param out Where to write.
 * @param start Index of the first number written; 44 are.
 */
export function writeSpatialFeatures(
  boxes: ArrayLike<number>,
  pair: { subject: number; object: number; width: number; height: number },
  out: Float32Array,
  start: number,
): void {
  let at = start;
  const put = (...values: number[]) => {
    for (const value of values) out[at++] = value;
  };
  const s = unitBox(boxes, pair.subject, pair.width, pair.height);
  const o = unitBox(boxes, pair.object, pair.width, pair.height);
  for (const { x1, y1, x2, y2, cx, cy, w, h } of [s, o]) {
    put(x1, y1, x2, y2, cx, cy, w, h, Math.log(w * h), Math.log(w / h));
  }
  const dx = o.cx - s.cx, dy = o.cy - s.cy;
  put(dx, dy, ratio(dx, s.w), ratio(dy, s.h), ratio(dx, o.w), ratio(dy, o.h));
  put(Math.log(o.w / s.w), Math.log(o.h / s.h), Math.log((o.w * o.h) / (s.w * s.h)));
  const distance = Math.hypot(dx, dy);
  const size = Math.sqrt(s.w * s.h + o.w * o.h);
  put(distance, ratio(distance, size));
  put(distance > 0 ? dx / distance : 0, distance > 0 ? dy / distance : 0);
  const overlapX = Math.min(s.x2, o.x2) - Math.max(s.x1, o.x1);
  const overlapY = Math.min(s.y2, o.y2) - Math.max(s.y1, o.y1);
  put(-overlapX, -overlapY);
  const pairWidth = Math.max(s.x2, o.x2) - Math.min(s.x1, o.x1);
  const pairHeight = Math.max(s.y2, o.y2) - Math.min(s.y1, o.y1);
  put((o.x1 - s.x1) / pairWidth, (o.x2 - s.x2) / pairWidth);
  put((o.y1 - s.y1) / pairHeight, (o.y2 - s.y2) / pairHeight);
  put((o.y1 - s.y2) / pairHeight, (o.y2 - s.y1) / pairHeight);
  const common = Math.max(0, overlapX) * Math.max(0, overlapY);
  const areaS = s.w * s.h, areaO = o.w * o.h;
  put(common / (areaS + areaO - common), common / areaS, common / areaO);
}

/** Box `i` as shares of the image's width and height, never thinner than `SMALLEST`. */
function unitBox(boxes: ArrayLike<number>, i: number, width: number, height: number) {
  const x1 = boxes[4 * i] / width, y1 = boxes[4 * i + 1] / height;
  const x2 = Math.max(boxes[4 * i + 2] / width, x1 + SMALLEST);
  const y2 = Math.max(boxes[4 * i + 3] / height, y1 + SMALLEST);
  return { x1, y1, x2, y2, cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, w: x2 - x1, h: y2 - y1 };
}

function ratio(value: number, size: number): number {
  return Math.max(-LARGEST_RATIO, Math.min(LARGEST_RATIO, value / size));
}
