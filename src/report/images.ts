/**
 * Chooses the images of a report, and predicts them.
 *
 * @module
 */

import type { SplitName } from "../dataset/manifest.ts";
import { type ChangedImage, changedImages } from "../eval/helped_images.ts";
import { type WorstImage, worstImages } from "../eval/worst_images.ts";
import type { ReportExample } from "../render/report_page.ts";
import { findImages, firstImages, graphsOf, type PlacedImage } from "./drawn_images.ts";
import type { ModelEvaluation } from "../pipeline/model_evaluation.ts";
import { firstTask } from "./charts.ts";
import { photographsOf } from "./photographs.ts";
import type { Listener } from "../pipeline/listener.ts";
import { type CheckpointSystem, LABEL_PREDICTOR } from "../pipeline/systems/systems.ts";

/** Number of images that are drawn because they are the first, and the worst. */
const NUM_EXAMPLES = 4;
/** Number of images that context helped most, and hurt most. */
const NUM_CHANGED = 3;

/** Number of relations in a drawing. */
export const TOP_K = 8;

/** An image and why it is shown. */
interface Chosen {
  id: string;
  why: string;
  /** What was found in it, for those who see the image. */
  note: (image: PlacedImage) => string;
  isChanged: boolean;
}

/**
 * Draws the first images of a split, so that none is picked by hand, the worst ones, and
 * those that context helped and hurt most.
 *
 * @param found The evaluation.
 * @param split The split that was scored.
 * @param system The network; without one nothing is drawn.
 * @param options Photographs, and how many images were scored.
 * @param listener Receives warnings of photographs that cannot be shown.
 */
export async function predictExamples(
  found: ModelEvaluation,
  split: SplitName,
  system: CheckpointSystem | undefined,
  { limit, photographs }: { limit?: number; photographs?: string },
  listener: Listener,
): Promise<ReportExample[]> {
  if (!system) return [];
  const { dataset } = found;
  const first = (await firstImages(dataset, split, NUM_EXAMPLES))
    .filter(({ index }) => index < (limit ?? Infinity));
  const shown = new Set(first.map(({ example }) => example.id));
  // Some of the first ones may be among the worst, and these among the hurt ones.
  const chosen = chooseImages(found, system).filter(({ id }) => {
    if (shown.has(id)) return false;
    shown.add(id);
    return true;
  });
  const images = [
    ...first,
    ...await findImages(dataset, chosen.map(({ id }) => id), [split]),
  ];
  const graphs = await graphsOf(images, dataset, TOP_K, system.checkpoint);
  const without = await graphsOf(images, dataset, TOP_K);
  const shownWith = await photographsOf(images, { dataset, photographs }, listener);
  return graphs.map((drawn, i) => {
    const graph = { ...drawn, photograph: shownWith[i] };
    if (i < first.length) return graph;
    const { why, note, isChanged } = chosen[i - first.length];
    return {
      ...{ ...graph, why, note: note(images[i]) },
      ...(isChanged && { before: without[i].predicted }),
    };
  });
}

function chooseImages(found: ModelEvaluation, { name }: CheckpointSystem): Chosen[] {
  const systems = firstTask(found);
  const model = systems.find(({ evaluation }) => evaluation.system === name)!.evaluation;
  const alone = systems.find((one) => one.name === LABEL_PREDICTOR)?.evaluation;
  const { evaluator, task, protocol } = model;
  const k = Math.max(...evaluator.ks);
  // After many candidates both find all that there is to find.
  const fewest = Math.min(...evaluator.ks);
  const changed = alone && alone !== model
    ? changedImages(evaluator, alone.evaluator, NUM_CHANGED, fewest)
    : { helped: [], hurt: [] };
  const ofChanged = (why: string) =>
  (
    { image, metric, k, rows, hits, baseline }: ChangedImage,
  ): Chosen => ({
    ...{ id: image, why, isChanged: true },
    note: () =>
      `${task} ${metric}@${k}, ${protocol.name}: ${hits} of ${rows} found, ${baseline} by the label predictor alone.`,
  });
  return [
    ...worstImages(evaluator, NUM_EXAMPLES).map((worst): Chosen => ({
      ...{ id: worst.image, why: "among the worst", isChanged: false },
      note: (image) => missedIn(worst, image),
    })),
    ...changed.helped.map(ofChanged("context helped most")),
    ...changed.hurt.map(ofChanged("context hurt most")),
  ];

  /** What was missed in an image. */
  function missedIn(
    { metric, hits, rows, missed }: WorstImage,
    { example: { entityLabels } }: PlacedImage,
  ): string {
    const { entities, predicates } = found.dataset.vocabulary;
    const names = missed.map(({ subject, object, predicate }) =>
      [
        entities[entityLabels[subject]],
        predicates[predicate],
        entities[entityLabels[object]],
      ].join(" ")
    );
    return `${task} ${metric}@${k}, ${protocol.name}: ${hits} of ${rows} found; missed: ${
      names.join(", ")
    }.`;
  }
}
