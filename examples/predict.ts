/**
 * Boxes of a detector in, a scene graph out:
 *
 * ```sh
 * deno run --allow-read examples/predict.ts
 * ```
 *
 * @module
 */

import { SceneGraphPredictor, tripletOf } from "../mod.ts";

using sgp = await SceneGraphPredictor.load(
  new URL("../checkpoints/gpi_linguistic_pretrained.safetensors", import.meta.url),
);
const graph = await sgp.predict({
  imageWidth: 640,
  imageHeight: 427,
  boxes: [[0, 175, 640, 427], [30, 156, 417, 332], [453, 58, 640, 210]],
  entityLabels: ["street", "bus", "elephant"],
  entityScores: [0.55, 0.62, 0.5],
}, { k: 3 });

for (const relation of graph.relations) {
  const { subject, predicate, object } = tripletOf(graph, relation);
  console.log(relation.score.toFixed(2), subject, predicate, object);
}
