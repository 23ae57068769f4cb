/**
 * Ordered pairs of annotated images, which a perceptron is trained on.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { Random } from "../random.ts";
import type { ExternalCountTable } from "./external_counts.ts";
import { NUM_SPATIAL_FEATURES, writeSpatialFeatures } from "./spatial_features.ts";

/** A feature with a variance below this is constant but for rounding. */
const CONSTANT = 1e-10;

/** Ordered pairs of some images. */
export interface PairSamples {
  /** Number of pairs. */
  count: number;
  /** `[count]`: class of each subject. */
  subjects: Int32Array;
  /** `[count]`: class of each object. */
  objects: Int32Array;
  /** `[count + 1]`: start of each pair's predicates, and the end of the last ones. */
  starts: Int32Array;
  /** The predicates annotated for each pair, including repetitions. */
  predicates: Int32Array;
  /** Number of features of a pair: 44 spatial ones, and those of external counts. */
  numFeatures: number;
  /**
   * Writes the features of a pair. They are computed when needed, as those of millions of
   * pairs would fill the memory.
   */
  writeFeatures(pair: number, out: Float32Array, start: number): void;
}

/** Options of {@linkcode collectPairs}. */
export interface PairSelection {
  /** `"related"`: pairs with at least one relation; `"all"`: pairs of different entities. */
  which: "related" | "all";
  /** Upper limit on pairs; if there are more, a random subset is drawn. Default: no limit. */
  most?: number;
  /** Seed of the subset. */
  seed?: readonly (number | string)[];
  /** External counts, whose features follow the spatial ones; default: none. */
  counts?: ExternalCountTable;
}

/**
 * Collects ordered pairs of images.
 *
 * @param images The images.
 * @param selection Which pairs to take.
 * @returns The pairs, image by image, subject before object.
 */
export function collectPairs(
  images: readonly AnnotatedImage[],
  { which, most = Infinity, seed = [], counts }: PairSelection,
): PairSamples {
  const annotated = images.map(predicatesByPair);
  let left = images.reduce( // pairs not yet visited
    (sum, { entityLabels: { length: n } }, i) =>
      sum + (which === "all" ? n * (n - 1) : annotated[i].size),
    0,
  );
  const count = Math.min(left, most);
  let wanted = count; // pairs yet to be taken
  const random = new Random(...seed, "pairs");
  const numPredicates = images.reduce(
    (sum, image) => sum + image.relations.length / 3,
    0,
  );
  const subjects = new Int32Array(count), objects = new Int32Array(count);
  const starts = new Int32Array(count + 1), predicates = new Int32Array(numPredicates);
  // Image, subject and object of each pair.
  const places = new Int32Array(3 * count);
  let pair = 0, end = 0;
  for (const [i, { entityLabels }] of images.entries()) {
    const n = entityLabels.length;
    for (let subject = 0; subject < n; subject++) {
      for (let object = 0; object < n; object++) {
        const found = annotated[i].get(subject * n + object) ?? [];
        if (subject === object || (which === "related" && found.length === 0)) continue;
        const isTaken = wanted === left || random.chance(wanted / left);
        left--;
        if (!isTaken) continue;
        wanted--;
        places.set([i, subject, object], 3 * pair);
        subjects[pair] = entityLabels[subject];
        objects[pair] = entityLabels[object];
        predicates.set(found, end);
        end += found.length;
        starts[++pair] = end;
      }
    }
  }
  return {
    ...{ count, subjects, objects, starts, predicates: predicates.subarray(0, end) },
    numFeatures: NUM_SPATIAL_FEATURES + (counts?.width ?? 0),
    writeFeatures(pair, out, start) {
      const [i, subject, object] = places.subarray(3 * pair, 3 * pair + 3);
      const { boxes, width, height } = images[i];
      writeSpatialFeatures(boxes, { subject, object, width, height }, out, start);
      counts?.write(subjects[pair], objects[pair], out, start + NUM_SPATIAL_FEATURES);
    },
  };
}

/** The predicates of each related pair, by subject * N + object. */
function predicatesByPair({ entityLabels, relations }: AnnotatedImage) {
  const byPair = new Map<number, number[]>();
  for (let r = 0; r < relations.length; r += 3) {
    const pair = relations[r] * entityLabels.length + relations[r + 1];
    const found = byPair.get(pair) ?? [];
    found.push(relations[r + 2]);
    byPair.set(pair, found);
  }
  return byPair;
}

/** Mean and standard deviation of each feature; 1 for the deviation of a constant one. */
export function featureStatistics({ count, numFeatures, writeFeatures }: PairSamples) {
  const sums = new Float64Array(numFeatures), squares = new Float64Array(numFeatures);
  const features = new Float32Array(numFeatures);
  for (let pair = 0; pair < count; pair++) {
    writeFeatures(pair, features, 0);
    for (let f = 0; f < numFeatures; f++) {
      sums[f] += features[f];
      squares[f] += features[f] ** 2;
    }
  }
  const mean = sums.map((sum) => sum / count);
  return {
    mean,
    deviation: squares.map((sum, f) => {
      const variance = sum / count - mean[f] ** 2;
      return variance > CONSTANT ? Math.sqrt(variance) : 1;
    }),
  };
}

/**
 * Mirrors images: boxes change sides, and predicates with "left" in their names become those
 * with "right", and vice versa.
 *
 * @param images The images.
 * @param predicates Names of the predicates.
 * @returns The mirrored images, without those that have a predicate whose mirrored name is
 * not a predicate.
 */
export function mirrorImages(
  images: readonly AnnotatedImage[],
  predicates: readonly string[],
): AnnotatedImage[] {
  const mirrored = predicates.map((name) => {
    const other = name.replace(
      /\b(left|right)\b/g,
      (side) => side === "left" ? "right" : "left",
    );
    return predicates.indexOf(other);
  });
  return images.flatMap((image) => {
    const relations = image.relations.map((value, at) =>
      at % 3 === 2 ? mirrored[value] : value
    );
    if (relations.includes(-1)) return [];
    const boxes = image.boxes.slice();
    for (let b = 0; b < boxes.length; b += 4) {
      boxes[b] = image.width - image.boxes[b + 2];
      boxes[b + 2] = image.width - image.boxes[b];
    }
    return [{ ...image, boxes, relations }];
  });
}
