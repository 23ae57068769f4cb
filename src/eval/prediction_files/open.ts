/**
 * Opens files of predictions in all supported formats: this project's own JSON and JSONL,
 * KaihuaTang's JSON and SGBench's JSON.
 *
 * @module
 */

import type { Vocabulary } from "../../vocabulary.ts";
import { jsonLines } from "../../json_lines.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";
import { type ImagePrediction, parseImage } from "./image_prediction.ts";
import { parseSgbench } from "./sgbench_json.ts";
import { parseSggBenchmark, type Resized, type Size } from "./sgg_benchmark_json.ts";
import { type Task, TASKS } from "../protocol.ts";

/** The value of `format` in a file in the project's own format. */
export const PREDICTION_FORMAT = "scene-graph-predictions";

/** The file beside KaihuaTang's predictions that names their images and classes. */
const INFO = "custom_data_info.json";

/** An opened file of predictions. */
export interface PredictionFile {
  /** Which of the formats it is in. */
  format: "own" | "sgg-benchmark" | "sgbench" | "records";
  /** What the system was given, if the file tells. */
  task?: Task;
  /** The predictions, read lazily. */
  images: AsyncIterable<ImagePrediction>;
  /** What was taken for granted, if anything. */
  warning?: string;
}

/** The properties of the dataset that {@linkcode openPredictions} needs. */
export interface PredictionContext {
  /** Names of the classes. */
  vocabulary: Vocabulary;
  /** Returns id and size of the image with a file name; throws if the dataset lacks it. */
  findImage: (fileName: string) => { id: string; size: Size };
  /** How KaihuaTang's program resized images; default as it does. */
  resized?: Resized;
}

/** The source of a file of predictions. */
export interface PredictionSource {
  /** Name of the file; ends with `.jsonl`, `.ndjson` or `.json`. */
  name: string;
  /** Its bytes, in pieces. */
  chunks: () => AsyncIterable<Uint8Array>;
  /** Reads another file of the same folder; `undefined` if it does not exist. */
  beside: (name: string) => Promise<Uint8Array | undefined>;
}

/**
 * Opens a file of predictions. The format follows from its contents. JSONL is read line by
 * line, the other formats as a whole.
 *
 * @param source The file.
 * @param context Vocabulary and images of the dataset.
 * @returns Format, task and predictions.
 * @throws {RangeError} If its name has another ending, or the file beside it is missing.
 * @throws {SyntaxError} If it is not JSON; the message names the line.
 * @throws {TypeError} If it has none of the formats.
 */
export async function openPredictions(
  source: PredictionSource,
  context: PredictionContext,
): Promise<PredictionFile> {
  const { name } = source;
  if (/\.(jsonl|ndjson)$/.test(name)) return await openLines(source, context);
  if (!name.endsWith(".json")) {
    throw new RangeError(`Cannot read "${name}": its name must end with .json or .jsonl`);
  }
  const root = parseJson(await textOf(source.chunks()), `"${name}"`);
  return await openDocument(root, source, context);
}

/**
 * The predictions of a parsed document, whose form is seen from its contents.
 *
 * @param root The document.
 * @param source The file that it is from.
 * @param context Vocabulary and images of the dataset.
 * @throws {TypeError | RangeError} As {@linkcode openPredictions}.
 */
export async function openDocument(
  root: JsonValue,
  { name, beside }: Pick<PredictionSource, "name" | "beside">,
  context: PredictionContext,
): Promise<PredictionFile> {
  const kind = kindOf(root.value);
  if (kind === "sgbench") {
    return { format: kind, images: overList(parseSgbench(root, context.vocabulary)) };
  }
  if (kind === "sgg-benchmark") {
    const bytes = await beside(INFO);
    if (bytes === undefined) {
      throw new RangeError(
        `Cannot read "${name}": its ${INFO}, which names the images, must lie beside it`,
      );
    }
    const info = parseJson(new TextDecoder().decode(bytes), `"${INFO}"`);
    const { vocabulary, findImage, resized } = context;
    const images = parseSggBenchmark(root, info, vocabulary, findImage, resized);
    return { format: kind, task: "sgdet", images: overList(images) };
  }
  const isList = Array.isArray(root.value);
  const task = isList ? undefined : parseHeader(root, context.vocabulary);
  const list = (isList ? root : root.at("images")).items();
  function* images(): Generator<ImagePrediction> {
    for (const image of list) yield parseImage(image, context.vocabulary);
  }
  return { format: "own", task, images: overList(images()) };
}

/** The format of a parsed document. */
function kindOf(document: unknown): PredictionFile["format"] {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return "own";
  }
  const { format, images } = document as Record<string, unknown>;
  if (format === undefined && Array.isArray(images)) return "sgbench";
  const first: unknown = Object.values(document)[0];
  const isNumbered = Object.keys(document).every((key) => /^\d+$/.test(key));
  const hasPairs = typeof first === "object" && first !== null && "rel_pairs" in first;
  return isNumbered && hasPairs ? "sgg-benchmark" : "own";
}

/** Whether a line is that of settings, with which a file of our own begins. */
export function isHeader(line: JsonValue): boolean {
  return "format" in Object(line.value);
}

/**
 * Checks the settings of the project's own format.
 *
 * @returns The task, if they name one.
 */
export function parseHeader(root: JsonValue, vocabulary: Vocabulary): Task | undefined {
  if (root.at("format").value !== PREDICTION_FORMAT) {
    root.refuseKind(
      `"format": "${PREDICTION_FORMAT}", SGBench's or KaihuaTang's JSON`,
    );
  }
  root.at("version").exactly(1);
  for (const key of ["entities", "predicates"] as const) {
    const names = root.at(key), known = vocabulary[key];
    const texts = names.optional?.names() ?? known;
    const wrong = known.findIndex((text, i) => texts[i] !== text);
    if (texts.length === known.length && wrong < 0) continue;
    names.refuse(
      `the ${known.length} names of the dataset in its order${
        wrong < 0 ? "" : `, "${known[wrong]}" at ${wrong}`
      }`,
    );
  }
  return root.at("task").optional?.oneOf(TASKS);
}

async function openLines(
  source: PredictionSource,
  { vocabulary }: PredictionContext,
): Promise<PredictionFile> {
  const lines = jsonLines(source.name, source.chunks());
  const first = await lines.next();
  const hasHeader = !first.done && isHeader(first.value);
  const task = hasHeader ? parseHeader(first.value!, vocabulary) : undefined;
  async function* images(): AsyncGenerator<ImagePrediction> {
    if (!first.done && !hasHeader) yield parseImage(first.value, vocabulary);
    for await (const line of lines) yield parseImage(line, vocabulary);
  }
  return { format: "own", task, images: images() };
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Gives a list the interface of a stream. */
async function* overList<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
