/**
 * Images of a dataset with their annotated and their predicted graph, to be drawn.
 *
 * @module
 */

import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { type SplitName, SPLITS } from "../dataset/manifest.ts";
import type { Example } from "../example.ts";
import { annotatedGraph } from "../annotated_graph.ts";
import { rereaderOf } from "../label_predictor/reread.ts";
import { nearestName } from "../nearest.ts";
import { decodeGraph } from "../decode_graph.ts";
import type { ReportExample } from "../render/report_page.ts";
import { drawScene } from "../world/drawing/scene_svg.ts";
import { generateScene } from "../world/world.ts";
import { isWorldDataset } from "../world/write_dataset.ts";
import { folderName } from "../pipeline/datasets.ts";
import { networkOf } from "../pipeline/systems/systems.ts";
import { canReread } from "../train/choose_network.ts";

/** An image and its place, by which the built-in world draws it. */
export interface PlacedImage {
  example: Example;
  split: SplitName;
  /** From 0. */
  index: number;
}

/**
 * Finds images by their ids.
 *
 * @param dataset The dataset.
 * @param ids The ids.
 * @param splits Where to look; default: everywhere.
 * @returns The images in the order of the ids.
 * @throws {RangeError} If an image is not there; the message names the nearest.
 */
export async function findImages(
  dataset: Dataset,
  ids: readonly string[],
  splits: readonly SplitName[] = SPLITS,
): Promise<PlacedImage[]> {
  const found = new Map<string, PlacedImage>(), wanted = new Set(ids);
  const known: string[] = [];
  for (const split of splits) {
    let index = 0;
    for await (const example of dataset.examples(split)) {
      const { id } = example;
      if (wanted.has(id)) found.set(id, { example, split, index });
      else known.push(id);
      index++;
      if (found.size === wanted.size) return ids.map((id) => found.get(id)!);
    }
  }
  const missing = ids.find((id) => !found.has(id));
  if (missing === undefined) return [];
  const nearest = nearestName(missing, known);
  throw new RangeError(
    `Cannot find the image "${missing}" in "${folderName(dataset)}" (${
      splits.join(", ")
    }): ${nearest === undefined ? "it has no images" : `the nearest is "${nearest}"`}`,
  );
}

/** The first images that have an annotated relation. */
export async function firstImages(
  dataset: Dataset,
  split: SplitName,
  count: number,
): Promise<PlacedImage[]> {
  const images: PlacedImage[] = [];
  let index = 0;
  for await (const example of dataset.examples(split)) {
    if (images.length === count) break;
    if (example.relations.length > 0) images.push({ example, split, index });
    index++;
  }
  return images;
}

/**
 * Predicts images, on the backend that is in use.
 *
 * @param images The images.
 * @param dataset The dataset that they are of.
 * @param topK Number of predicted relations.
 * @param checkpoint The network; default: none, so that the graph is the label predictor's.
 * @returns Annotated and predicted graph of each.
 */
export async function graphsOf(
  images: readonly PlacedImage[],
  dataset: Dataset,
  topK: number,
  checkpoint?: Checkpoint,
): Promise<ReportExample[]> {
  const examples = images.map(({ example }) => example);
  const sgp = checkpoint && networkOf(checkpoint);
  const form = checkpoint && canReread(dataset) ? checkpoint.config.relations : "network";
  const reread = rereaderOf(form, checkpoint?.labelPredictor);
  const predictions = sgp
    ? await reread(examples, await sgp.predict(examples))
    : examples;
  sgp?.dispose();
  const { manifest, vocabulary } = dataset;
  return images.map(({ example, split, index }, i) => ({
    id: example.id,
    predicted: decodeGraph(predictions[i], example, vocabulary, { k: topK }),
    annotated: annotatedGraph(example, vocabulary),
    ...(isWorldDataset(manifest) && {
      background: drawScene(generateScene(manifest.seed ?? 0, split, index)),
    }),
  }));
}
