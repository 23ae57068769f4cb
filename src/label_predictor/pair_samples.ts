/**
 * Ordered pairs of annotated images, as a perceptron is trained on them.
 *
 * @module
 */

import type { AnnotatedImage } from "../dataset/example.ts";
import { NUM_SPATIAL_FEATURES, writeSpatialFeatures } from "./spatial_features.ts";

/** Many ordered pairs, end to end. */
export interface PairSamples {
  /** How many there are. */
  count: number;
  /** `[count]`: class of each subject. */
  subjects: Int32Array;
  /** `[count]`: class of each object. */
  objects: Int32Array;
  /** `[count, 44]`: spatial features. */
  features: Float32Array;
  /** `[count + 1]`: where each pair's predicates begin, and where the last ones end. */
  starts: Int32Array;
  /** The predicates annotated for each pair, repeated ones repeated. */
  predicates: Int32Array;
}

/**
 * Collects the ordered pairs of images.
 *
 * @param images The images.
 * @param which `"related"`: the pairs with a relation or more; `"all"`: every pair of
 * two different entities.
 * @returns The pairs, image by image, subject before object.
 */
export function collectPairs(
  images: readonly AnnotatedImage[],
  which: "related" | "all",
): PairSamples {
  const subjects: number[] = [], objects: number[] = [], predicates: number[] = [];
  const starts: number[] = [];
  const places: { image: AnnotatedImage; subject: number; object: number }[] = [];
  for (const image of images) {
    const n = image.entityLabels.length;
    const annotated = predicatesByPair(image);
    for (let subject = 0; subject < n; subject++) {
      for (let object = 0; object < n; object++) {
        const found = annotated.get(subject * n + object);
        if (subject === object || (which === "related" && !found)) continue;
        places.push({ image, subject, object });
        subjects.push(image.entityLabels[subject]);
        objects.push(image.entityLabels[object]);
        starts.push(predicates.length);
        if (found) predicates.push(...found);
      }
    }
  }
  starts.push(predicates.length);
  const count = subjects.length;
  const features = new Float32Array(count * NUM_SPATIAL_FEATURES);
  for (const [at, { image, subject, object }] of places.entries()) {
    const { boxes, width, height } = image;
    const pair = { subject, object, width, height };
    writeSpatialFeatures(boxes, pair, features, at * NUM_SPATIAL_FEATURES);
  }
  return {
    count,
    subjects: Int32Array.from(subjects),
    objects: Int32Array.from(objects),
    features,
    starts: Int32Array.from(starts),
    predicates: Int32Array.from(predicates),
  };
}

/** The predicates of each pair that has one, by subject * N + object. */
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

/** Mean and deviation of each feature; a feature that never varies has deviation 1. */
export function featureStatistics({ count, features }: PairSamples) {
  const mean = new Float64Array(NUM_SPATIAL_FEATURES);
  const deviation = new Float64Array(NUM_SPATIAL_FEATURES);
  for (let at = 0; at < features.length; at++) {
    mean[at % NUM_SPATIAL_FEATURES] += features[at] / count;
  }
  for (let at = 0; at < features.length; at++) {
    const feature = at % NUM_SPATIAL_FEATURES;
    deviation[feature] += (features[at] - mean[feature]) ** 2 / count;
  }
  return { mean, deviation: deviation.map((variance) => Math.sqrt(variance) || 1) };
}

/**
 * Images as a mirror shows them: boxes change sides, and "left" and "right" in the names
 * of predicates change places.
 *
 * @param images The images.
 * @param predicates Names of the predicates.
 * @returns The mirrored images; one with a predicate whose mirrored name is not among
 * the predicates is left out.
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
