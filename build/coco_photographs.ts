/**
 * Photographs with COCO's boxes, as a detector sees them.
 *
 * @module
 */

import type { Detections } from "../src/detections.ts";
import { decodeImage } from "../src/detect/decode_image.ts";
import type { Detector } from "../src/detect/detector.ts";
import { readFile } from "../src/files.ts";
import { parseJson } from "../src/json_value.ts";
import { overlapOf } from "../src/eval/matching/hits.ts";

/** A detection is of an annotated box if their intersection over union is no less. */
const LEAST_OVERLAP = 0.5;

/** A photograph whose detections are compared with its annotation. */
export interface SeenPhotograph {
  /** COCO's id of the image. */
  id: number;
  detections: Detections;
  /** For each detection the class of the annotated box that it is of, -1 if of none. */
  truths: Int32Array;
  /** Number of annotated boxes. */
  annotated: number;
}

interface Annotation {
  imageId: number;
  name: string;
  box: readonly number[];
}

/**
 * Detects what is in each photograph of a folder.
 *
 * @param folder Has `instances.json` in COCO's form, and the photographs in `photos`.
 * @param detector The detector, with COCO's names of classes.
 * @returns The photographs in the order of the file. Each annotated box has at most one
 * detection and each detection at most one box; the greatest overlaps are joined first.
 */
export async function* seenPhotographs(
  folder: string,
  detector: Detector,
): AsyncGenerator<SeenPhotograph> {
  const path = `${folder}/instances.json`;
  const { value } = parseJson(await readFile(path), `"${path}"`);
  const { images, annotations, categories } = value as {
    images: { id: number; file_name: string }[];
    annotations: {
      image_id: number;
      category_id: number;
      bbox: number[];
      iscrowd: number;
    }[];
    categories: { id: number; name: string }[];
  };
  const nameOf = new Map(categories.map(({ id, name }) => [id, name]));
  const known = annotations.filter(({ iscrowd }) => !iscrowd)
    .map(({ image_id, category_id, bbox: [x, y, width, height] }): Annotation => ({
      imageId: image_id,
      name: nameOf.get(category_id)!,
      box: [x, y, x + width, y + height],
    }));
  for (const { id, file_name } of images) {
    const photograph = `${folder}/photos/${file_name}`;
    const picture = await decodeImage(await readFile(photograph), photograph);
    const detections = await detector.detect(picture);
    const mine = known.filter(({ imageId }) => imageId === id);
    const truths = truthsOf(detections, mine);
    yield { id, detections, truths, annotated: mine.length };
  }
}

function truthsOf(
  { boxes, classes }: Detections,
  annotations: readonly Annotation[],
): Int32Array {
  const n = boxes.length / 4;
  const truths = new Int32Array(n).fill(-1), used = new Set<number>();
  const pairs = annotations.flatMap(({ box }, a) =>
    Array.from({ length: n }, (_, d) => ({
      a,
      d,
      overlap: overlapOf(box, 0, boxes, d, "union", 0),
    }))
  ).filter(({ overlap }) => overlap >= LEAST_OVERLAP);
  for (const { a, d } of pairs.sort((x, y) => y.overlap - x.overlap)) {
    if (used.has(a) || truths[d] >= 0) continue;
    used.add(a);
    truths[d] = classes.indexOf(annotations[a].name);
  }
  return truths;
}
