/**
 * The surer the labels of the caller are, the better the graph must be: true labels are
 * given with one score, and recall must not fall as the score rises.
 */

import { assert } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { readVg5k } from "../../src/preprocess/read_vg5k.ts";
import { worldExamples } from "../../src/world/world.ts";
import { DATA, isMissing } from "../_fixtures.ts";

const SCORES = [0.5, 0.7, 0.9, 0.97, 0.99, 0.999, 1];

/** Recall is of a hundred images, so it may tremble by this, in [0, 1]. */
const TREMBLE = 0.005;

/** SGCls R@20 by `motifs`, and the share of labels that stay, with true labels. */
async function scoredWith(
  score: number,
  images: readonly AnnotatedImage[],
  sgp: SceneGraphPredictor,
): Promise<{ recall: number; kept: number }> {
  const evaluator = new RecallEvaluator("motifs", { task: "sgcls", ks: [20] });
  let kept = 0, entities = 0;
  for (const image of images) {
    const graph = await sgp.predict({
      boxes: image.boxes,
      imageWidth: image.width,
      imageHeight: image.height,
      entityLabels: Array.from(image.entityLabels),
      entityScores: Array.from(image.entityLabels, () => score),
    }, { k: 100 });
    graph.entities.forEach(({ labelIndex }, i) => {
      entities++;
      kept += Number(labelIndex === image.entityLabels[i]);
    });
    evaluator.add(image, {
      entityLabels: graph.entities.map(({ labelIndex }) => labelIndex),
      entityScores: graph.entities.map((entity) => entity.score),
      triplets: graph.relations.flatMap((
        { subject, object, predicateIndex },
      ) => [subject, object, predicateIndex]),
      scores: graph.relations.map((relation) => relation.score),
    });
  }
  return { recall: evaluator.result().values[0].value, kept: kept / entities };
}

async function assertRises(
  checkpoint: string,
  images: readonly AnnotatedImage[],
): Promise<void> {
  const url = new URL(`../../checkpoints/${checkpoint}.safetensors`, import.meta.url);
  using sgp = await SceneGraphPredictor.load(url, { backend: "wasm" });
  let best = 0;
  for (const score of SCORES) {
    const { recall, kept } = await scoredWith(score, images, sgp);
    assert(
      recall >= best - TREMBLE,
      `recall falls from ${best} to ${recall} at a score of ${score}`,
    );
    best = Math.max(best, recall);
    if (score >= 0.99) assert(kept >= 0.99, `${kept} of the labels stay at ${score}`);
    if (score === 1) assert(kept === 1, `${kept} of certain labels stay`);
  }
}

Deno.test("recall does not fall as given scores rise: the built-in world", async () => {
  const images = [...worldExamples(0, "test", 80)]
    .filter(({ relations }) => relations.length > 0);
  await assertRises("gpi_linguistic_pretrained", images);
});

Deno.test({
  name: "recall does not fall as given scores rise: photographs",
  ignore: isMissing(`${DATA}/vg5k`),
  async fn() {
    const { images } = await readVg5k(`${DATA}/vg5k`);
    const test = images.test.filter(({ relations }) => relations.length > 0);
    await assertRises("gpi_linguistic_vg_pretrained", test.slice(0, 120));
  },
});
