/**
 * A viewer of a small dataset, which asks itself without a socket.
 *
 * @module
 */

import { DatasetWriter } from "../../src/dataset/dataset.ts";
import type { Annotation, Example } from "../../src/example.ts";
import type { VocabularyData } from "../../src/vocabulary.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { type AppOptions, viewApp } from "../../src/view/app.ts";
import { DroppedFiles } from "../../src/view/dropped.ts";
import type { Listener } from "../../src/pipeline/listener.ts";
import { Runs } from "../../src/view/runs.ts";
import { View, type ViewOptions } from "../../src/view/view.ts";

/** Address of the viewer. */
export const ORIGIN = "http://127.0.0.1:8190";

/** A viewer that answers. */
export interface TestView extends Disposable {
  /** Asks for a path. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Asks for JSON, which must be there. */
  // deno-lint-ignore no-explicit-any -- of any shape, as tests look into it
  json(path: string): Promise<any>;
}

/** Writes `<folder>/world`, whose test images are `count` scenes. */
export async function writeWorld(folder: string, count: number): Promise<string> {
  const path = `${folder}/world`;
  const sizes = { train: 2, validation: 1, test: count };
  await writeWorldDataset(path, { command: "test", seed: 5, sizes });
  return path;
}

/**
 * Writes a dataset that is not of the built-in world, though its scenes are.
 *
 * @param path Folder of the dataset.
 * @param ids Ids of its test images.
 * @param options Names of classes and predicates; and whether the boxes are a detector's,
 * beside the annotated ones, which come in reverse order; no detected box has taken over the
 * first relation.
 */
export async function writeScenes(
  path: string,
  ids: readonly string[],
  { vocabulary = WORLD_VOCABULARY, isDetected = false }: {
    vocabulary?: VocabularyData;
    isDetected?: boolean;
  } = {},
): Promise<void> {
  const writer = await DatasetWriter.create(path, {
    ...{ name: "scenes", vocabulary, source: "test", licence: "none", command: "test" },
    ...{ inputsHash: "0".repeat(64) },
    labelPredictor: { name: "confusion", simulated: true },
    ...isDetected && { details: { boxes: "detected" } },
  });
  for (const [i, id] of ids.entries()) {
    const { example } = generateImage(3, "test", i);
    const detected = isDetected && {
      annotated: reversed(example),
      relations: example.relations.slice(3),
    };
    await writer.add("test", { ...example, id, ...detected });
  }
  await writer.close();
}

/** The annotation with its entities in reverse order. */
function reversed({ boxes, entityLabels, relations }: Example): Annotation {
  const n = entityLabels.length;
  return {
    boxes: boxes.map((_, i) => boxes[4 * (n - 1 - Math.floor(i / 4)) + i % 4]),
    entityLabels: entityLabels.toReversed(),
    relations: relations.map((value, i) => i % 3 === 2 ? value : n - 1 - value),
  };
}

/** Opens a viewer in a folder that the test may write to. */
export async function openTestView(
  options: Partial<ViewOptions> & { dataset: string; index: string },
  more: Partial<AppOptions> & { listener?: Listener } = {},
): Promise<TestView> {
  using stack = new DisposableStack();
  const view = stack.use(
    await View.open({
      ...{ split: "test", systems: [], metrics: "R", k: [5, 20], workers: 1 },
      ...{ backend: "wasm", kept: `${options.index}.kept`, ...options },
    }, more.listener),
  );
  const dropped = stack.use(
    new DroppedFiles({
      checkpoint: "checkpoints/gpi_linguistic_vg_pretrained.safetensors",
      read: () => Promise.reject(new RangeError("Cannot read it as it must be a file")),
    }),
  );
  const app = viewApp({
    view,
    dropped,
    runs: new Runs(`${options.dataset}/..`),
    ...more,
  });
  const ask = async (path: string, init: RequestInit = {}) =>
    await app(new Request(`${ORIGIN}${path}`, init));
  const owned = stack.move();
  return {
    ask,
    async json(path) {
      const response = await ask(path);
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      return answer;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}
