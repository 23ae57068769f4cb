/**
 * The training images of `vg5k` with labels from certain to doubtful, in the three ways in
 * which a prediction gets them, and its validation images in the two that are real.
 *
 * @module
 */

import type { BoxDetections } from "../dataset/formats/box_detections.ts";
import type { SplitName } from "../dataset/manifest.ts";
import type { AnnotatedImage } from "../example.ts";
import { certainProfileLogits } from "../label_predictor/entity_profiles.ts";
import { classMap } from "../predict/classes/class_map.ts";
import { Random } from "../random.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { builtInWords, nameVectors } from "../words/word_vectors.ts";
import doubtSamples from "./centernet_doubt.json" with { type: "json" };
import type { DetectorDoubt } from "./detector_doubt.ts";
import { withEntities } from "./image_forms.ts";
import type { ImageOfSplit } from "./example_of.ts";
import { type Borrowed, type DoubtSamples, SampledDoubt } from "./sampled_doubt.ts";
import { statedLogits } from "./stated_doubt.ts";
import { detectedImages, type Vg5kDetected } from "./vg5k_detected.ts";

/** A graph needs two entities. */
const LEAST_ENTITIES = 2;

/** Settings of {@linkcode mixedImages}. */
export interface MixedOptions {
  vocabulary: Vocabulary;
  /** Seed of everything random. */
  seed: number;
  /** Uses the sampled beliefs of one half of the photographs; default: of both. */
  half?: number;
}

/** The images in all forms. */
export interface MixedImages {
  images: Record<SplitName, ImageOfSplit[]>;
  /** The Faster R-CNN. */
  detected: Vg5kDetected;
  /** What the manifest says of the sampled beliefs. */
  sampled: { detector: string; source: string; samples: number; borrowed: Borrowed[] };
}

/**
 * Makes the forms. Each training image comes with
 *
 * - stated labels: all entities, each with a label and a calibrated score up to 1;
 * - real detections: the entities that the Faster R-CNN found, with its beliefs;
 * - sampled beliefs: the entities of classes that CenterNet knows, with beliefs that it had
 *   of real boxes of the same class.
 *
 * Validation images come with certain labels, and with real detections; test images with
 * certain labels.
 *
 * @param images The annotated images.
 * @param detections The Faster R-CNN's output by the id of the image.
 * @param options Vocabulary and seed.
 * @returns The images; ids of further forms end in `~rcnn` and `~centernet`.
 */
export async function mixedImages(
  images: Readonly<Record<SplitName, readonly AnnotatedImage[]>>,
  detections: ReadonlyMap<string, BoxDetections>,
  { vocabulary, seed, half }: MixedOptions,
): Promise<MixedImages> {
  const c = vocabulary.numEntityClasses;
  const detected = detectedImages(images, detections, { numClasses: c });
  const profiles = profilesOf(detected.detector.doubt);
  const samples: DoubtSamples = doubtSamples as unknown as DoubtSamples;
  const counts = new Float64Array(c);
  for (const { entityLabels } of images.train) {
    for (const label of entityLabels) counts[label]++;
  }
  const words = await builtInWords();
  const sampled = new SampledDoubt(samples, {
    shares: classMap(samples.classes, vocabulary.entities, { weights: counts, words })
      .shares,
    words: nameVectors(samples.classes, words),
    ...{ numClasses: c, half, profiles },
  });
  const rcnn = (split: SplitName) =>
    detected.images[split].filter(isGraph).map((image) => renamed(image, "rcnn"));
  const stated = images.train.map((whole) => withStatedLabels(whole, profiles, seed));
  const certain = (whole: AnnotatedImage) => ({
    ...whole,
    whole,
    entityLogits: certainProfileLogits(whole.entityLabels, c, profiles),
  });
  const seen = images.train.map((whole) => {
    const random = new Random(seed, "sampled", whole.id);
    const kept = [...whole.entityLabels.keys()]
      .filter((i) => sampled.sees(whole.entityLabels[i]));
    const image = withEntities(whole, kept);
    const entityLogits = new Float32Array(kept.length * c);
    image.entityLabels.forEach((label, i) =>
      entityLogits.set(sampled.draw(label, random), i * c)
    );
    return renamed({ ...image, whole, entityLogits }, "centernet");
  });
  return {
    images: {
      train: [...stated, ...rcnn("train"), ...seen.filter(isGraph)],
      validation: [...images.validation.map(certain), ...rcnn("validation")],
      test: images.test.map(certain),
    },
    detected,
    sampled: {
      detector: samples.detector,
      source: samples.source,
      samples: samples.samples.length,
      borrowed: [...sampled.borrowed],
    },
  };
}

/**
 * All images with stated labels: simulated ones with calibrated scores up to 1.
 *
 * @param images The annotated images.
 * @param doubt How the Faster R-CNN is wrong.
 * @param seed Decides labels and scores.
 */
export function statedImages(
  images: Readonly<Record<SplitName, readonly AnnotatedImage[]>>,
  doubt: DetectorDoubt,
  seed: number,
): Record<SplitName, ImageOfSplit[]> {
  const profiles = profilesOf(doubt);
  const stated = (of: readonly AnnotatedImage[]) =>
    of.map((whole) => withStatedLabels(whole, profiles, seed));
  return {
    train: stated(images.train),
    validation: stated(images.validation),
    test: stated(images.test),
  };
}

function withStatedLabels(
  whole: AnnotatedImage,
  profiles: Float32Array,
  seed: number,
): ImageOfSplit {
  const random = new Random(seed, "stated", whole.id);
  return {
    ...whole,
    whole,
    entityLogits: statedLogits(whole.entityLabels, profiles, random),
  };
}

function isGraph({ entityLabels }: AnnotatedImage): boolean {
  return entityLabels.length >= LEAST_ENTITIES;
}

function renamed<T extends AnnotatedImage>(image: T, form: string): T {
  return { ...image, id: `${image.id}~${form}` };
}

/** `[C, C]`: log-probabilities of the classes behind a label that is wrong. */
function profilesOf({ numClasses, confusions }: DetectorDoubt): Float32Array {
  return Float32Array.from(
    confusions,
    (share, i) => Math.floor(i / numClasses) === i % numClasses ? 0 : Math.log(share),
  );
}
