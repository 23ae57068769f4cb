/**
 * The graphs of a file of predictions, as they are scored.
 *
 * @module
 */

import { lastName } from "../../address.ts";
import { hashFile, sha256 } from "../../checksum.ts";
import type { SplitName } from "../../dataset/manifest.ts";
import { rankedList } from "../../eval/ranked_list.ts";
import { parseProtocol } from "../../eval/protocol.ts";
import type { IndexSource, NamedGraph } from "../../search/write_index.ts";
import { openDataset } from "../datasets.ts";
import type { Listener } from "../listener.ts";
import { openPredictionFile } from "../systems/predictions.ts";
import { rankedGraph } from "./ranked_graph.ts";
import { systemDefaults } from "../scoring/scoring_plan.ts";

/** Greatest number of relations of a graph. */
const K = 100;

/** The images that a file of predictions is of. */
export interface PredictedImages {
  /** Name or path of their dataset. */
  dataset: string;
  /** Their split. */
  split: SplitName;
}

/**
 * Opens the graphs of a file of predictions.
 *
 * @param path A file in any form that `score` reads.
 * @param images The dataset and its split, for boxes, sizes and names.
 * @param listener Receives the progress of a dataset that has to be generated.
 * @returns The graphs, with the best 100 relations each.
 * @throws {RangeError} If there is no such dataset or file; while graphs are read, also
 * `SyntaxError` and `TypeError`, if the file is damaged or does not fit the dataset.
 */
export async function openPredictedGraphs(
  path: string,
  images: PredictedImages,
  listener: Listener,
): Promise<IndexSource> {
  const { split } = images, dataset = await openDataset(images.dataset, listener);
  const { vocabulary, manifest } = dataset, name = lastName(path);
  async function* graphs(): AsyncGenerator<NamedGraph> {
    // It is opened only if it is read, as that closes it again.
    const opened = await openPredictionFile({ name, given: path, path }, dataset, {
      split,
    });
    const { tasks: [task], protocols } = systemDefaults(dataset, true);
    const ranking = {
      ...{ task: opened.task ?? task, protocol: parseProtocol(protocols), k: K },
      numPredicates: vocabulary.predicates.length,
    };
    for await (const { id: given, prediction } of opened.file.images) {
      const { id } = opened.findImage(given), truth = opened.truths.get(id)!;
      const list = rankedList(truth, prediction, ranking);
      yield { id, split, graph: rankedGraph(list, truth, vocabulary) };
    }
  }
  const { sha256: ofFile } = await hashFile(path);
  return {
    name,
    hash: sha256(JSON.stringify([ofFile, manifest.inputsHash, split])),
    graphs: graphs(),
    total: dataset.size(split),
  };
}
