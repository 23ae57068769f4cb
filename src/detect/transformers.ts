/**
 * Detectors of `@huggingface/transformers`, such as `Xenova/detr-resnet-50`.
 *
 * @module
 */

import { lastName, pathOf, urlOf } from "../address.ts";
import {
  type DetectionPipeline,
  loadTransformers,
  type Transformers,
} from "../deps/transformers.ts";
import { fromTransformersJs } from "../foreign/detections/transformers_js.ts";
import { DEFAULT_MIN_BELIEF } from "./centernet.ts";
import type { Detector } from "./detector.ts";

/** Settings of {@linkcode loadTransformersDetector}. */
export interface TransformersDetectorOptions {
  /** Least belief in a box; default 0.25. */
  minBelief?: number;
  /** Called while the files of the model arrive. */
  onProgress?: (bytes: number, total: number) => void;
}

/**
 * Loads a model. Its results have one label for each box.
 *
 * @param model Its name on huggingface.co, or its folder: a path that begins with `/` or
 * `.`.
 * @param options Threshold.
 * @returns The detector.
 * @throws {TypeError} If the package or the model cannot be loaded; the message says why.
 */
export async function loadTransformersDetector(
  model: string,
  { minBelief = DEFAULT_MIN_BELIEF, onProgress }: TransformersDetectorOptions = {},
): Promise<Detector> {
  const fail = (why: string, cause: unknown): never => {
    throw new TypeError(
      `Cannot load the detector "transformers:${model}": ${why}`,
      { cause },
    );
  };
  const library: Transformers = await loadTransformers().catch((cause: Error) =>
    fail(
      `its package cannot be loaded (${
        firstLine(cause)
      }); it needs the network on first use, and --allow-env --allow-sys --allow-ffi besides the permissions of "deno task predict"`,
      cause,
    )
  );
  const isFolder = /^([./]|[a-z]:[/\\])/i.test(model);
  const find: DetectionPipeline = await openPipeline(library, model, isFolder, onProgress)
    .catch((cause: Error) => fail(reasonOf(cause, isFolder), cause));
  const dispose = () => void find.dispose();
  return {
    name: `transformers:${model}`,
    detect: async ({ data, width, height }) => {
      const image = new library.RawImage(data, width, height, 4).rgb();
      const options = { threshold: minBelief, percentage: true };
      return fromTransformersJs(await find(image, options), {
        ...{ imageWidth: width, imageHeight: height, percentage: true },
        name: `results of "${model}"`,
      });
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

async function openPipeline(
  { pipeline, env }: Transformers,
  model: string,
  isFolder: boolean,
  onProgress: TransformersDetectorOptions["onProgress"],
): Promise<DetectionPipeline> {
  const { localModelPath, allowRemoteModels } = env;
  if (isFolder) {
    env.localModelPath = pathOf(new URL("./", urlOf(model.replace(/[/\\]+$/, ""))));
    env.allowRemoteModels = false;
  }
  try {
    return await pipeline("object-detection", isFolder ? lastName(model) : model, {
      progress_callback: ({ loaded, total }) => {
        if (loaded !== undefined && total !== undefined) onProgress?.(loaded, total);
      },
    });
  } finally {
    Object.assign(env, { localModelPath, allowRemoteModels });
  }
}

/** Why a model cannot be opened, and what to do. */
function reasonOf(cause: Error, isFolder: boolean): string {
  const why = firstLine(cause);
  if (isFolder && why.includes("not found locally")) {
    const file = why.match(/at "(.*)"/)?.[1];
    return `its folder must have the files of the model: found no "${
      file ?? "config.json"
    }"; check the path`;
  }
  if (!isFolder && /fetch failed|error sending request/.test(why)) {
    return `huggingface.co does not answer (${why}); check the network, or name a folder, as in transformers:./model`;
  }
  return why;
}

function firstLine({ message }: Error): string {
  return message.split("\n").find((line) => line.trim()) ?? "for no stated reason";
}
