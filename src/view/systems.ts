/**
 * The systems of a viewer: each gives its ranked list for an image.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { predictionOf, type System } from "../eval/evaluate.ts";
import { givesLabels } from "../eval/protocol.ts";
import {
  type RankedList,
  rankedList,
  type RankedListOptions,
} from "../eval/ranked_list.ts";
import type { Example } from "../example.ts";
import { type BackendName, type BackendOptions, useBackend } from "../kernels/backend.ts";
import { rereaderOf } from "../label_predictor/reread.ts";
import type { Attention } from "../model/prediction.ts";
import { countTable } from "../pipeline/scoring/count_table.ts";
import type { Listener } from "../pipeline/listener.ts";
import {
  type FileSettings,
  openPredictionFile,
} from "../pipeline/systems/predictions.ts";
import {
  type CheckpointSystem,
  networkOf,
  type PredictionsSystem,
  type ScoredSystem,
} from "../pipeline/systems/systems.ts";
import { canReread } from "../train/choose_network.ts";

/** A system that is shown. */
export interface OpenSystem {
  name: string;
  /** The list of an image, as it is scored; absent if the system has none of it. */
  listOf(example: Example): Promise<RankedList | undefined>;
  /** Whom entities attend to in each step; absent if the system is no such network. */
  attentionOf?(example: Example): Promise<Attention[]>;
}

/** How systems are opened. */
export interface OpenOptions extends BackendOptions, FileSettings {
  backend?: BackendName;
  /** Task, protocol and length of the lists. */
  ranking: RankedListOptions;
}

/** Open systems. */
export interface OpenSystems extends Disposable {
  systems: OpenSystem[];
}

/**
 * Opens systems for images that are asked for one by one. Files of predictions are read
 * once, and their lists are kept.
 *
 * @param systems The systems.
 * @param dataset The dataset.
 * @param options How lists are ranked, and where networks compute.
 * @param listener Receives progress.
 * @returns The systems, in the same order; the caller disposes them.
 */
export async function openShownSystems(
  systems: readonly ScoredSystem[],
  dataset: Dataset,
  options: OpenOptions,
  listener: Listener,
): Promise<OpenSystems> {
  using stack = new DisposableStack();
  const { ranking } = options;
  const ofLogits = (name: string, system: System): OpenSystem => ({
    name,
    async listOf(example) {
      const [output] = await system([example]);
      return rankedList(example, predictionOf(example, output), ranking);
    },
  });
  if (systems.some(({ kind }) => kind === "checkpoint")) {
    await useBackend(options.backend, options);
  }
  const opened: OpenSystem[] = [];
  for (const system of systems) {
    const { name } = system;
    if (system.kind === "label_predictor") {
      opened.push(ofLogits(name, (examples) => Promise.resolve(examples)));
    } else if (system.kind === "frequency") {
      const table = await countTable(dataset);
      const labels = givesLabels(ranking.task) ? "given" : "predicted";
      opened.push(ofLogits(name, table[labels]));
    } else if (system.kind === "predictions") {
      const lists = await readLists(system, dataset, options, listener);
      opened.push({ name, listOf: ({ id }) => Promise.resolve(lists.get(id)) });
    } else {
      const network = openNetwork(system, dataset);
      stack.use(network);
      const { attentionOf } = network;
      opened.push({ ...ofLogits(name, network.predict), attentionOf });
    }
  }
  const owned = stack.move();
  return { systems: opened, [Symbol.dispose]: () => owned.dispose() };
}

/** Builds the network of a checkpoint on the backend in use. */
function openNetwork({ checkpoint }: CheckpointSystem, dataset: Dataset) {
  const sgp = networkOf(checkpoint);
  const { config, labelPredictor } = checkpoint;
  const form = canReread(dataset) ? config.relations : "network";
  const reread = rereaderOf(form, labelPredictor);
  return {
    predict: async (examples: readonly Example[]) =>
      await reread(examples, await sgp.predict(examples)),
    async attentionOf(example: Example): Promise<Attention[]> {
      const [{ attention }] = await sgp.predict([example], { attention: "mean" });
      return attention ?? [];
    },
    [Symbol.dispose]: () => sgp.dispose(),
  };
}

/** Reads the lists of a file of predictions, by id of the image. */
async function readLists(
  system: PredictionsSystem,
  dataset: Dataset,
  options: OpenOptions,
  listener: Listener,
): Promise<Map<string, RankedList>> {
  const { file, truths, findImage } = await openPredictionFile(system, dataset, options);
  const bar = listener.progress(`read ${system.name}`, "images");
  const lists = new Map<string, RankedList>();
  for await (const { id: name, prediction } of file.images) {
    const { id } = findImage(name);
    const truth = truths.get(id);
    // The limit leaves out others.
    if (!truth) continue;
    lists.set(id, rankedList(truth, prediction, options.ranking));
    bar.update(lists.size, truths.size);
  }
  bar.done();
  return lists;
}
