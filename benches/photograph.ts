/**
 * Times the way from a photograph to its graph, part by part, and watches memory.
 *
 *     deno task bench:photograph photo.jpg
 *     deno task bench:photograph photo.jpg --predictions 1000
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
import { SceneGraphPredictor } from "../src/predict/predictor.ts";

/** Processes that are started, and runs of each part. */
const STARTS = 5, RUNS = 20;

const MODEL = "checkpoints/gpi_linguistic_vg_pretrained.safetensors";

const median = (times: number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** A row of the table: a part, and milliseconds. */
function print(part: string, times: number[]): void {
  const [least, most] = [Math.min(...times), Math.max(...times)].map((t) => t.toFixed(1));
  console.log(
    `${part.padEnd(34)}${
      median(times).toFixed(1).padStart(9)
    } ms  (${least} to ${most}, ${times.length} runs)`,
  );
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
async function coldStart(path: string): Promise<void> {
  const script = new URL("../tasks/predict.ts", import.meta.url).href;
  const command = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", "--cached-only", "--lock=deno.lock"],
      ...["--allow-read", "--allow-env=XDG_RUNTIME_DIR,INIT_CWD", "--allow-net"],
      ...[script, path, "--backend", "wasm", "--json"],
    ],
    stdout: "piped",
    stderr: "piped",
  });
  const run = async () => {
    const { success, stderr } = await command.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  };
  await run(); // the caches of the system are filled
  print("cold start to the first graph", await timesOf(STARTS, run));
}

async function parts(path: string, predictions: number): Promise<void> {
  const bytes = await Deno.readFile(path);
  using predictor = await SceneGraphPredictor.load(MODEL, { backend: "wasm" });
  using detector = await CenterNet.load({ backend: "wasm" });
  const picture = await decodeImage(bytes, path);
  const detections = await detector.detect(picture);
  await predictor.predict(detections);
  const whole = () => predictor.predictImage(bytes, { detector });
  await whole();
  print(
    `decode ${picture.width} x ${picture.height}`,
    await timesOf(RUNS, () => decodeImage(bytes)),
  );
  print(
    "resize to 512 x 512",
    await timesOf(RUNS, () => place(picture, [512, 512], "stretch")),
  );
  print("detect, with resize", await timesOf(RUNS, () => detector.detect(picture)));
  print(
    `predict, ${detections.boxes.length / 4} boxes`,
    await timesOf(RUNS, () => predictor.predict(detections)),
  );
  print("each further photograph", await timesOf(RUNS, whole));
  await memory(whole, predictions);
}

async function memory(run: () => Promise<unknown>, predictions: number): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  const rows = 10;
  for (let row = 0; row <= rows; row++) {
    gc?.();
    const { rss, heapUsed, external } = Deno.memoryUsage();
    const { numTensors, numBytes } = tf.memory();
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(
      `after ${Math.round(row * predictions / rows)} predictions: resident ${
        megabytes(rss)
      }, heap ${megabytes(heapUsed)}, buffers ${
        megabytes(external)
      }, ${numTensors} tensors of ${megabytes(numBytes)}`,
    );
    if (row < rows) await timesOf(Math.round(predictions / rows), run);
  }
}

if (import.meta.main) {
  const [path, flag, count = "100"] = Deno.args;
  if (
    !path || path.startsWith("-") || flag && flag !== "--predictions" ||
    !(Number(count) > 0)
  ) {
    console.error("Usage: deno task bench:photograph <photograph> [--predictions 100]");
    Deno.exit(2);
  }
  await coldStart(path);
  await parts(path, Number(count));
}
