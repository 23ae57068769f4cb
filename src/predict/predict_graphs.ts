/**
 * Predicts the graphs of checked inputs.
 *
 * @module
 */

import { decodeGraph, type DecodeOptions } from "../decode_graph.ts";
import type { Logits } from "../example.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import { runOn } from "../kernels/backend.ts";
import { rereadRelations } from "../label_predictor/reread.ts";
import type { Attention } from "../model/prediction.ts";
import type { SgpPrediction } from "../model/sgp.ts";
import type { SceneGraph } from "../scene_graph.ts";
import type { DetectionReport } from "./detected_graph.ts";
import type { CheckedInput } from "./input.ts";
import type { LoadedModel } from "./load_model.ts";
import type { PredictOptions } from "./options.ts";
import { type StepBeliefs, stepBeliefs } from "./step_beliefs.ts";

/** A scene graph, and how the network came to it. */
export interface PredictedGraph extends SceneGraph {
  /**
   * The attention in each step, first step first; absent unless it is requested and the
   * variant has attention.
   */
  attention?: Attention[];
  /**
   * What the network believed before the first step, which is what it was given, and after
   * each one; absent unless requested.
   */
  steps?: StepBeliefs[];
  /** What was mended in the input, such as `{ boxesCut: 2 }`; absent if nothing was. */
  mended?: MendedCounts;
  /** What looks wrong with the input but may be right; absent if nothing does. */
  warnings?: readonly string[];
  /** How detections became entities; absent if the input was no detections. */
  detections?: DetectionReport;
}

/**
 * Predicts the graphs of several images at once.
 *
 * @param images The images.
 * @param model The network and what it knows.
 * @param options What to return besides; `how` decodes logits.
 * @returns One graph for each image, in the same order.
 */
export async function predictGraphs(
  images: readonly CheckedInput[],
  model: LoadedModel,
  { attention, steps = false, context = true, how }: PredictOptions & {
    how: DecodeOptions;
  },
): Promise<PredictedGraph[]> {
  const { backend, sgp, vocabulary } = model;
  const measure = attention === true ? "mean" : attention || undefined;
  const predictions: SgpPrediction[] = context
    ? await runOn(backend, () => sgp.predict(images, { attention: measure, steps }))
    : images.map(({ entityLogits, relationLogits }) => ({
      entityLogits,
      relationLogits,
    }));
  const reread = context
    ? await Promise.all(predictions.map((made, i) => readAgain(images[i], made, model)))
    : predictions;
  return reread.map((prediction, i): PredictedGraph => {
    const image = images[i], { attention } = prediction;
    const graph = decodeGraph(prediction, image, vocabulary, how);
    const moments = [image, ...prediction.steps ?? []];
    return {
      ...graph,
      ...(attention && { attention }),
      ...(steps && { steps: stepBeliefs(moments, graph, image, vocabulary) }),
      ...(image.mended && { mended: image.mended }),
      ...(image.warnings && { warnings: image.warnings }),
    };
  });
}

/** Has the label predictor read relations again, if those of the image were its own. */
async function readAgain(
  image: CheckedInput,
  prediction: SgpPrediction,
  { backend, sgp, knowledge: { labelPredictor } }: LoadedModel,
): Promise<SgpPrediction> {
  if (!image.isRead || !labelPredictor) return prediction;
  const again = (output: Logits) =>
    runOn(
      backend,
      () => rereadRelations(image, output, labelPredictor, sgp.config.relations),
    );
  const { steps = [] } = prediction;
  const [last, ...read] = await Promise.all([prediction, ...steps].map(again));
  return { ...prediction, ...last, ...(prediction.steps && { steps: read }) };
}
