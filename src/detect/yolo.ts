/**
 * Detectors of the YOLO family (version 5 and 8 to 12) in ONNX files, as Ultralytics'
 * `export format=onnx` writes them, and YOLOX as its `export_onnx.py` does, by ONNX Runtime
 * for the web.
 *
 * @module
 */

import { loadOnnxRuntime, type OnnxSession, type OnnxTensor } from "../deps/onnx.ts";
import type { Detections } from "../detections.ts";
import { fetchBytes } from "../fetch_bytes.ts";
import { looksLike } from "../file_kind.ts";
import { DEFAULT_MIN_BELIEF } from "./centernet.ts";
import { COCO_NAMES } from "./coco_names.ts";
import type { Detector, Picture } from "./detector.ts";
import { onnxMetadata } from "./_onnx_metadata.ts";
import { place, type Placement } from "./place.ts";
import { isChosen, readChosen, readYolo, yoloLayout } from "./yolo_output.ts";
import { decodeYolox, isYolox } from "./yolox_output.ts";

/** Side of the input where the file leaves it open; the models' own default. */
const SIDE = 640;

/** Settings of {@linkcode loadYolo}. */
export interface YoloOptions {
  /** Least belief in a box, above 0 and at most 1; default 0.25. */
  minBelief?: number;
  /** Names of the classes; default: those in the file, else COCO's if there are 80. */
  classes?: readonly string[];
}

/**
 * Loads a model.
 *
 * @param source Its path or URL.
 * @param options Threshold, and names of the classes.
 * @returns The detector.
 * @throws {TypeError} If it cannot be fetched.
 * @throws {SyntaxError} If ONNX Runtime cannot read it.
 * @throws {RangeError} If its input is none of a picture.
 */
export async function loadYolo(
  source: string,
  { minBelief = DEFAULT_MIN_BELIEF, classes }: YoloOptions = {},
): Promise<Detector> {
  const bytes = await fetchBytes(source, `Cannot load the detector "${source}"`);
  const { env, InferenceSession, Tensor } = await loadOnnxRuntime();
  let session: OnnxSession, metadata: Map<string, string>;
  try {
    metadata = onnxMetadata(bytes);
    env.wasm.numThreads = 1;
    env.logLevel = "error";
    session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  } catch (cause) {
    const why = looksLike(bytes) ??
      `ONNX Runtime says "${(cause as Error).message.split("\n")[0]}"`;
    throw new SyntaxError(`Cannot read the detector "${source}" as ONNX: ${why}`, {
      cause,
    });
  }
  const size = inputSize(session, source, metadata);
  classes ??= namesOf(metadata.get("names") ?? "");
  const dispose = () => void session.release();
  let ofYolox = false;
  const run = async (picture: Picture) => {
    const { pixels, ...placement } = place(
      picture,
      size,
      ofYolox ? "corner" : "letterbox",
    );
    const [width, height] = size, shape = [1, 3, height, width];
    const input = new Tensor("float32", planesOf(pixels, { ofYolox }), shape);
    const outputs = await session.run({ [session.inputNames[0]]: input });
    const all = session.outputNames.map((name) => ({ ...shapeOf(outputs[name]), name }));
    return { output: outputs[session.outputNames[0]], all, placement };
  };
  const task = metadata.get("task"),
    settings = { source, classes, minBelief, size, task };
  return {
    name: source,
    detect: async (picture) => {
      let { output, all, placement } = await run(picture);
      // Only the output tells YOLOX, whose input has other numbers in another place.
      if (!ofYolox && isOfYolox(output, settings)) {
        ofYolox = true;
        ({ output, all, placement } = await run(picture));
      }
      return readOutput(output, placement, { ...settings, ofYolox, all });
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

interface Settings {
  source: string;
  classes: readonly string[] | undefined;
  minBelief: number;
  size: readonly [width: number, height: number];
  /** What the model does, as the file says; `detect` is what is wanted. */
  task: string | undefined;
}

/** Whether an output is YOLOX's; one that cannot be read is not. */
function isOfYolox(
  { dims, data, type }: OnnxTensor,
  { classes = guessedClasses(dims), size }: Settings,
): boolean {
  const layout = classes && yoloLayout(dims, classes.length);
  return type === "float32" && layout !== undefined &&
    isYolox(data as Float32Array, layout, size);
}

function readOutput(
  { dims, data, type }: OnnxTensor,
  placement: Placement,
  { source, classes, task = "detect", ofYolox, all, ...settings }: Settings & {
    ofYolox: boolean;
    all: readonly NamedShape[];
  },
): Detections {
  const known = classes ?? guessedClasses(dims);
  const options = { classes: known ?? [], ...settings };
  if (type === "float32" && known) {
    const values = data as Float32Array, layout = yoloLayout(dims, known.length);
    if (isChosen(values, dims, known.length)) {
      return readChosen(values, placement, options);
    }
    if (layout) {
      const boxes = ofYolox ? decodeYolox(values, layout, settings.size) : values;
      return readYolo(boxes, layout, placement, options);
    }
  }
  const k = known?.length ?? 0;
  const must = known
    ? `must be [1, ${4 + k}, N], [1, N, ${4 + k}] or [1, N, ${
      5 + k
    }] for its ${k} classes, or [1, N, 6]`
    : "has classes that the file must name, or --classes (classes)";
  throw new RangeError(
    `Cannot read the output of the detector "${source}": it ${must}: found ${
      all.map((output) => shapeText(output, all.length > 1)).join(", ")
    }; ${
      task === "detect" ? REMEDY : `its task is "${task}": take a model that detects`
    }`,
  );
}

/** What to do about a model that is not read. */
const REMEDY =
  'YOLO 5 to 12 (by "yolo export format=onnx half=False batch=1") and YOLOX are read; call another model in a module of your own (--detector mine.ts)';

/** The type and shape of an output, and its name. */
interface NamedShape {
  name: string;
  type: string;
  dims: readonly number[];
}

function shapeOf({ type, dims }: OnnxTensor): Omit<NamedShape, "name"> {
  return { type, dims };
}

function shapeText({ name, type, dims }: NamedShape, isNamed: boolean): string {
  return `${isNamed ? `${name} ` : ""}${type} [${dims.join(", ")}]`;
}

/** COCO's classes, for files without names whose outputs have as many classes. */
function guessedClasses(dims: readonly number[]): readonly string[] | undefined {
  return yoloLayout(dims, COCO_NAMES.length) && COCO_NAMES;
}

/**
 * `[height, width, 3]` from 0 to 255 as `[3, height, width]`: red, green and blue from 0 to
 * 1, or for YOLOX blue, green and red from 0 to 255.
 */
function planesOf(
  pixels: Float32Array,
  { ofYolox }: { ofYolox: boolean },
): Float32Array {
  const size = pixels.length / 3, planes = new Float32Array(pixels.length);
  const [red, blue, scale] = ofYolox ? [2 * size, 0, 1] : [0, 2 * size, 255];
  for (let i = 0, from = 0; i < size; i++) {
    planes[i + red] = pixels[from++] / scale;
    planes[i + size] = pixels[from++] / scale;
    planes[i + blue] = pixels[from++] / scale;
  }
  return planes;
}

/** The names as Python writes them: `{0: 'person', 1: "cat's eye"}`, or a list. */
function namesOf(text: string): readonly string[] | undefined {
  const names = Array.from(
    text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g),
    ([, single, double]) => (single ?? double).replace(/\\(.)/g, "$1"),
  );
  return names.length > 0 ? names : undefined;
}

/** Width and height of the input, which must be `[1, 3, height, width]` of float32. */
function inputSize(
  session: OnnxSession,
  source: string,
  metadata: ReadonlyMap<string, string>,
): readonly [width: number, height: number] {
  const { isTensor, type, shape = [] } = session.inputMetadata[0];
  const { inputNames } = session;
  if (inputNames.length > 1) {
    throw new RangeError(
      `Cannot use the detector "${source}" as it must have one input, a picture: found ${inputNames.length} (${
        inputNames.join(", ")
      }); ${REMEDY}`,
    );
  }
  const is = (i: number, size: number) => shape[i] === size || !(Number(shape[i]) > 0);
  const isPicture = isTensor && type === "float32" && shape.length === 4 && is(0, 1) &&
    is(1, 3);
  if (!isPicture) {
    const found = isTensor ? `${type} [${shape.join(", ")}]` : "no tensor";
    throw new RangeError(
      `Cannot use the detector "${source}" as its input must be float32 [1, 3, height, width]: found ${found}; ${REMEDY}`,
    );
  }
  const stated = metadata.get("imgsz")?.match(/\d+/g)?.map(Number) ?? [];
  const [height = SIDE, width = height] = stated;
  const side = (size: number | string, open: number) =>
    typeof size === "number" && size > 0 ? size : open;
  return [side(shape[3], width), side(shape[2], height)];
}
