/**
 * The index of a dataset's or a file's scene graphs, made when it is missing or old.
 *
 * @module
 */

import { annotatedGraph } from "../../annotated_graph.ts";
import { lastName } from "../../address.ts";
import { hashFile } from "../../checksum.ts";
import { SPLITS } from "../../dataset/manifest.ts";
import { PREDICTION_FORMAT } from "../../eval/prediction_files/open.ts";
import { annotationOf } from "../../example.ts";
import { fileInfo, readChunks } from "../../files.ts";
import { isJsonLines } from "../../json_file.ts";
import { jsonLines } from "../../json_lines.ts";
import { GraphIndex } from "../../search/graph_index.ts";
import { readGraph } from "../../search/read_graph.ts";
import {
  type IndexSource,
  type NamedGraph,
  writeIndex,
} from "../../search/write_index.ts";
import { folderName, openDataset } from "../datasets.ts";
import { type Listener, SILENT } from "../listener.ts";
import { openPredictedGraphs, type PredictedImages } from "./predicted_graphs.ts";

/** Where indices are. */
const INDICES = "data/processed/.indices";

/** Where graphs come from. */
export interface GraphOptions {
  /** The dataset and split that a file of predictions is of; default: it is no such file. */
  of?: PredictedImages;
}

/**
 * Opens the annotated graphs of a dataset, those that `predict --json` has printed, or those
 * of a file of predictions.
 *
 * @param name Name or path of a dataset, or path of a file.
 * @param options Tells of which images predictions are.
 * @param listener Receives the progress of a dataset that has to be generated.
 * @returns The graphs.
 * @throws {RangeError} If there is neither, and as `openPredictedGraphs`.
 */
export async function openGraphs(
  name: string,
  { of }: GraphOptions = {},
  listener: Listener = SILENT,
): Promise<IndexSource> {
  if (of) return await openPredictedGraphs(name, of, listener);
  if (isJsonLines(name) && await fileInfo(name)) {
    const { sha256 } = await hashFile(name);
    return { name: lastName(name), hash: sha256, graphs: graphsOfFile(name) };
  }
  const dataset = await openDataset(name, listener);
  async function* graphs(): AsyncGenerator<NamedGraph> {
    for (const split of SPLITS) {
      for await (const example of dataset.examples(split)) {
        yield {
          id: example.id,
          split,
          // Of detected boxes: what was annotated, not what they take over from it.
          graph: annotatedGraph(annotationOf(example), dataset.vocabulary),
        };
      }
    }
  }
  return {
    name: folderName(dataset),
    hash: dataset.manifest.inputsHash,
    graphs: graphs(),
    total: SPLITS.reduce((sum, split) => sum + dataset.size(split), 0),
  };
}

async function* graphsOfFile(path: string): AsyncGenerator<NamedGraph> {
  let index = 0;
  for await (const line of jsonLines(path, readChunks(path))) {
    if (line.at("format").value === PREDICTION_FORMAT) {
      throw new RangeError(
        `Cannot read graphs of "${path}" as its lines must be those of predict --json: found predictions, whose dataset must be named with --dataset`,
      );
    }
    yield readGraph(line, index++);
  }
}

/** An index and what became of it. */
export interface OpenedIndex {
  index: GraphIndex;
  path: string;
  /** Whether it had to be made. */
  isNew: boolean;
}

/** Where graphs come from, and where their index is. */
export interface IndexOptions extends GraphOptions {
  /** Path of the index; default: by its name in `data/processed/.indices`. */
  path?: string;
}

/**
 * Opens the index of a dataset or file, and makes it first if it is missing or of other
 * graphs.
 *
 * @param name Name or path of a dataset, or path of a file.
 * @param options Where graphs come from, and where their index is.
 * @param listener Receives the progress.
 * @returns The index; the caller disposes it.
 * @throws {RangeError} If the graphs cannot be found or read.
 */
export async function openIndex(
  name: string,
  { path, of }: IndexOptions = {},
  listener: Listener = SILENT,
): Promise<OpenedIndex> {
  const source = await openGraphs(name, { of }, listener);
  const file = path ??
    `${INDICES}/${source.name.replace(/[^\w.-]/g, "_")}-${
      source.hash.slice(0, 8)
    }.sqlite`;
  const there = await GraphIndex.open(file);
  if (there?.source.hash === source.hash) {
    return { index: there, path: file, isNew: false };
  }
  there?.[Symbol.dispose]();
  const bar = listener.progress("index", "images");
  const onProgress = (done: number) => bar.update(done, source.total ?? done);
  await writeIndex(file, { ...source, onProgress });
  bar.done();
  return { index: (await GraphIndex.open(file))!, path: file, isNew: true };
}
