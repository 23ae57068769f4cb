/**
 * Writes what was found in each image, and prints the order of its entities.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { SplitName } from "../../dataset/manifest.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import type { ImageResult, ImageTriplet } from "../../eval/evaluator.ts";
import type { Protocol, Task } from "../../eval/protocol.ts";
import type { AnnotatedImage } from "../../example.ts";
import { annotationsById } from "../../eval/prediction_files/score.ts";
import { writeFileAtomically } from "../../files.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/**
 * Writes one line of JSON for each image of each evaluation: `image`, `system`, `task`,
 * `protocol`, `isScored`, `hits` of each recall, `triplets` with their ranks, and those
 * that the first ranked list `missed`.
 *
 * @param path The file.
 * @param evaluations The evaluations.
 * @param dataset Has the names of classes.
 * @param split The part of it that was scored.
 */
export async function writeImageResults(
  path: string,
  evaluations: readonly SystemEvaluation[],
  dataset: Dataset,
  split: SplitName,
): Promise<void> {
  const truths = await annotationsById(dataset.examples(split));
  const encoder = new TextEncoder();
  function* lines(): Generator<Uint8Array> {
    for (const { system, task, protocol, evaluator } of evaluations) {
      for (const result of evaluator.imageResults()) {
        const truth = truths.get(result.image)!;
        const settings = { system, task, protocol };
        const line = imageLine(result, settings, truth, dataset.vocabulary);
        yield encoder.encode(JSON.stringify(line) + "\n");
      }
    }
  }
  await writeFileAtomically(path, lines());
}

/** What was found in one image, with the names of classes. */
export interface ImageLine extends Omit<ImageResult, "triplets"> {
  system?: string;
  task: Task;
  /** Name of the protocol. */
  protocol: string;
  triplets: (Omit<ImageTriplet, "predicate"> & { triplet: string[] })[];
  /** The triplets that the first ranked list has not within the K. */
  missed: string[][];
}

/**
 * Names what was found in one image.
 *
 * @param result What was found.
 * @param settings Of the evaluation.
 * @param truth The annotated image.
 * @param vocabulary Names of classes.
 */
export function imageLine(
  { image, isScored, hits, triplets }: ImageResult,
  { system, task, protocol }: { system?: string; task: Task; protocol: Protocol },
  { entityLabels }: AnnotatedImage,
  { entities, predicates }: Vocabulary,
): ImageLine {
  const named = triplets.map(({ subject, object, predicate, ranks }) => {
    const names = [
      entities[entityLabels[subject]],
      predicates[predicate],
      entities[entityLabels[object]],
    ];
    return { subject, object, triplet: names, ranks };
  });
  const missed = named.filter(({ ranks }) => Object.values(ranks)[0] === null)
    .map(({ triplet }) => triplet);
  const of = { image, system, task, protocol: protocol.name, isScored, hits };
  return { ...of, triplets: named, missed };
}

/** The entities of one image in the order in which predictions index them. */
export interface EntityOrder {
  /** Id of the image. */
  id: string;
  /** Name of its file, if it is not the id; predictions may go by either. */
  fileName?: string;
  width: number;
  height: number;
  /** `[N]`: names of the classes. */
  labels: string[];
  /** `[N, 4]`. */
  boxes: number[][];
  /** `[R, 2]`: subject and object of each annotated row; predicate detection gives them. */
  pairs: number[][];
}

/**
 * Lists the entities of a split as predictions must index them.
 *
 * @param dataset The dataset.
 * @param split The part of it.
 * @param limit Only the first images; default: all.
 */
export async function* entityOrders(
  dataset: Dataset,
  split: SplitName,
  limit?: number,
): AsyncGenerator<EntityOrder> {
  const rows = (all: ArrayLike<number>, width: number, keep = width) =>
    Array.from(
      { length: all.length / width },
      (_, row) => Array.from({ length: keep }, (_, k) => all[row * width + k]),
    );
  const { entities } = dataset.vocabulary;
  for await (const example of dataset.examples(split, { limit })) {
    const { id, fileName, width, height, boxes, entityLabels, relations } = example;
    yield {
      ...{ id, fileName, width, height },
      labels: Array.from(entityLabels, (label) => entities[label]),
      boxes: rows(boxes, 4),
      pairs: rows(relations, 3, 2),
    };
  }
}
