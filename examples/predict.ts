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
  new URL("../checkpoints/gpi_linguistic_vg_pretrained.safetensors", import.meta.url),
);
const graph = await sgp.predict({
  imageWidth: 640,
  imageHeight: 480,
  boxes: [[300, 120, 390, 350], [240, 190, 470, 420], [320, 100, 360, 140]],
  entityLabels: ["person", "horse", "hat"],
  entityScores: [0.9, 0.8, 0.7],
}, { k: 3 });

for (const relation of graph.relations) {
  const { subject, predicate, object } = tripletOf(graph, relation);
  console.log(relation.score.toFixed(2), subject, predicate, object);
}
