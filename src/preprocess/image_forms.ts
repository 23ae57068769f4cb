/**
 * Parts of annotated images.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";

/**
 * An image with some of its entities, and the relations among them.
 *
 * @param image The annotated image.
 * @param kept Indices of the entities to keep, ascending.
 * @returns The smaller image, of the same id.
 */
export function withEntities(
  image: AnnotatedImage,
  kept: readonly number[],
): AnnotatedImage {
  const placeOf = new Map(kept.map((entity, place) => [entity, place]));
  const relations: number[] = [];
  for (let r = 0; r < image.relations.length; r += 3) {
    const [subject, object, predicate] = image.relations.subarray(r, r + 3);
    const from = placeOf.get(subject), to = placeOf.get(object);
    if (from !== undefined && to !== undefined) relations.push(from, to, predicate);
  }
  return {
    ...image,
    boxes: Float32Array.from(
      kept.flatMap((i) => [...image.boxes.subarray(4 * i, 4 * i + 4)]),
    ),
    entityLabels: Int32Array.from(kept, (i) => image.entityLabels[i]),
    relations: Int32Array.from(relations),
  };
}
