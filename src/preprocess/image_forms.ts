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
  const rowsAmong = (rows: Int32Array): Int32Array => {
    const among: number[] = [];
    for (let r = 0; r < rows.length; r += 3) {
      const [subject, object, predicate] = rows.subarray(r, r + 3);
      const from = placeOf.get(subject), to = placeOf.get(object);
      if (from !== undefined && to !== undefined) among.push(from, to, predicate);
    }
    return Int32Array.from(among);
  };
  return {
    ...image,
    boxes: Float32Array.from(
      kept.flatMap((i) => [...image.boxes.subarray(4 * i, 4 * i + 4)]),
    ),
    entityLabels: Int32Array.from(kept, (i) => image.entityLabels[i]),
    relations: rowsAmong(image.relations),
    ...image.negatives && { negatives: rowsAmong(image.negatives) },
  };
}
