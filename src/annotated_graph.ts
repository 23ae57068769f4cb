/**
 * The annotation of an image as a scene graph.
 *
 * @module
 */

import type { AnnotatedImage } from "./example.ts";
import type { SceneGraph } from "./scene_graph.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Makes the annotated graph of an image.
 *
 * @param image The image.
 * @param vocabulary Names of its classes and predicates.
 * @returns The graph; all scores are 1.
 */
export function annotatedGraph(
  image: AnnotatedImage,
  vocabulary: Vocabulary,
): SceneGraph {
  const { boxes, entityLabels, relations, width, height } = image;
  const entities = Array.from(entityLabels, (labelIndex, i) => {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4);
    const box = [x1, y1, x2, y2] as const;
    return { label: vocabulary.entities[labelIndex], labelIndex, score: 1, box };
  });
  return {
    imageWidth: width,
    imageHeight: height,
    entities,
    relations: Array.from({ length: relations.length / 3 }, (_, r) => {
      const [subject, object, predicateIndex] = relations.subarray(3 * r, 3 * r + 3);
      const predicate = vocabulary.predicates[predicateIndex];
      return { subject, object, predicate, predicateIndex, score: 1 };
    }),
  };
}
