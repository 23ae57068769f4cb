/**
 * Times the way from a photograph to its graph, part by part, and watches memory.
 *
 * Cold starts are whole processes with packages in the cache; the other times are medians
 * of one process. Garbage is collected before memory is read, so growth is what is kept.
 *
 * @module
 */

import { CenterNet } from "../src/detect/centernet.ts";
import { decodeImage } from "../src/detect/decode_image.ts";
import { place } from "../src/detect/place.ts";
import { tf } from "../src/deps/tf.ts";
import { readFile } from "../src/files.ts";
import { SceneGraphPredictor } from "../src/predict/predictor.ts";

/** Processes that are started, and runs of each part. */
const STARTS = 5, RUNS = 20;

const MODEL = "checkpoints/gpi_linguistic_vg_pretrained.safetensors";

/** A part of the way, and the milliseconds of each of its runs. */
export interface PartTimes {
  part: string;
  times: number[];
}

/** Memory after a number of predictions, in bytes. */
export interface MemoryUse {
  predictions: number;
  resident: number;
  heap: number;
  buffers: number;
  tensors: number;
  tensor_bytes: number;
}

/**
 * Times each part of the way from a photograph to its graph, and watches memory.
 *
 * @param path The photograph, JPEG, PNG or WebP.
 * @param predictions Number of predictions during which memory is watched.
 * @returns Each part and each use of memory as soon as it is known.
 * @throws {Deno.errors.NotFound | RangeError} Before anything is timed, if there is no such
 * file, or if it is not a photograph.
 */
export async function* timePhotograph(
  path: string,
  predictions: number,
): AsyncGenerator<PartTimes | MemoryUse, void> {
  const bytes = await readFile(path);
  const picture = await decodeImage(bytes, path);
  yield* coldStart(path);
  using predictor = await SceneGraphPredictor.load(MODEL, { backend: "wasm" });
  using detector = await CenterNet.load({ backend: "wasm" });
  const detections = await detector.detect(picture);
  await predictor.predict(detections);
  const whole = () => predictor.predictImage(bytes, { detector });
  await whole();
  const parts: [part: string, run: () => unknown][] = [
    [`decode ${picture.width} x ${picture.height}`, () => decodeImage(bytes)],
    ["resize to 512 x 512", () => place(picture, [512, 512], "stretch")],
    ["detect, with resize", () => detector.detect(picture)],
    [
      `predict, ${detections.boxes.length / 4} boxes`,
      () => predictor.predict(detections),
    ],
    ["each further photograph", whole],
  ];
  for (const [part, run] of parts) yield { part, times: await timesOf(RUNS, run) };
  yield* memory(whole, predictions);
}

async function timesOf(runs: number, run: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

/** Whole processes, from their start to the graph on stdout. */
async function* coldStart(path: string): AsyncGenerator<PartTimes, void> {
  const script = new URL("../tasks/predict.ts", import.meta.url).href;
  const command = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", "--cached-only", "--lock=deno.lock"],
      ...["--allow-read", "--allow-env=XDG_RUNTIME_DIR,INIT_CWD", "--allow-net"],
      ...[script, path, "--backend", "wasm", "--json"],
    ],
    env: { INIT_CWD: Deno.cwd() }, // the path is of this folder, not of the user's
    stdout: "piped",
    stderr: "piped",
  });
  const run = async () => {
    const { success, stderr } = await command.output();
    if (!success) {
      throw new Error(`Cannot predict "${path}": ${new TextDecoder().decode(stderr)}`);
    }
  };
  await run(); // the caches of the system are filled
  yield { part: "cold start to the first graph", times: await timesOf(STARTS, run) };
}

async function* memory(
  run: () => Promise<unknown>,
  predictions: number,
): AsyncGenerator<MemoryUse, void> {
  const { gc } = globalThis as { gc?: () => void };
  const rows = 10;
  for (let row = 0; row <= rows; row++) {
    gc?.();
    const { rss, heapUsed, external } = Deno.memoryUsage();
    const { numTensors, numBytes } = tf.memory();
    yield {
      predictions: Math.round(row * predictions / rows),
      ...{ resident: rss, heap: heapUsed, buffers: external },
      ...{ tensors: numTensors, tensor_bytes: numBytes },
    };
    if (row < rows) await timesOf(Math.round(predictions / rows), run);
  }
}
