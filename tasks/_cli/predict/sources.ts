/**
 * Reads what `predict` and `detect` are given: photographs, the output of detectors, or the input of a
 * prediction.
 *
 * @module
 */

import { withoutSecrets } from "../../../src/address.ts";
import { loadDetector } from "../../../src/detect/detect.ts";
import type { Detector, DetectorOptions } from "../../../src/detect/detect.ts";
import type { Detections } from "../../../src/detections.ts";
import { isPhotograph } from "../../../src/detect/image_header.ts";
import { readPicture } from "../../../src/detect/picture.ts";
import { fileKind, KIND_BYTES, looksLike } from "../../../src/file_kind.ts";
import {
  type DetectionHints,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";
import { type JsonValue, parseJson } from "../../../src/json_value.ts";
import { findImageFiles, readImageFile } from "../../../src/pipeline/image_files.ts";
import type { PredictInput } from "../../../src/predict/input.ts";
import { parsePredictInput } from "./input.ts";
import { userPath } from "../user_path.ts";

/** The flags of `predict` for its input. */
export const SOURCE_FLAGS = {
  detector: {
    default: "centernet",
    help:
      "Finds the entities of photographs: centernet, a module (.ts, .js), a YOLO model (.onnx), transformers:<model>",
  },
  minBelief: {
    type: "number",
    max: 1,
    unset: "0.25",
    help: "Leave out boxes that the detector believes in less",
  },
  maxEntities: {
    default: 60,
    min: 1,
    help: "Greatest number of entities of a detector, likeliest first",
  },
} as const;

/** Begins the name of a model of transformers.js, which has slashes but is no path. */
const TRANSFORMERS = "transformers:";

/** The name of a detector, with paths as the user means them. */
function userDetector(name: string): string {
  if (!name.startsWith(TRANSFORMERS)) return userPath(name, "path or name");
  const model = name.slice(TRANSFORMERS.length);
  const isRelative = model.startsWith(".");
  return TRANSFORMERS + (isRelative ? `./${userPath(model, "path")}` : model);
}

/** Stands for stdin. */
const STDIN = "-";

/** What a prediction starts from. */
export interface ImageInput {
  input: PredictInput | Detections;
  /** The file, if it is a photograph. */
  picture?: Uint8Array;
}

/**
 * Finds the files of several arguments.
 *
 * @param args Files, folders, patterns, addresses, or `-` for stdin.
 * @returns Names of all files, each once.
 * @throws {RangeError} As `findImageFiles`.
 */
export async function listSources(args: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const arg of args) {
    names.push(...arg === STDIN ? [arg] : await findImageFiles(arg));
  }
  return [...new Set(names)];
}

/** How to read images. */
export interface SourceOptions {
  /** Settings of the detector. */
  detector: DetectorOptions;
  /** What a file of a detector's results does not say. */
  hints: DetectionHints;
}

/** Reads images one by one; owns the detector, which the first photograph loads. */
export class SourceReader implements AsyncDisposable {
  readonly #name: string;
  readonly #options: SourceOptions;
  #detector?: Promise<Detector>;

  /**
   * @param detector Name of the detector.
   * @param options Its settings, and what files do not say.
   */
  constructor(detector: string, options: SourceOptions) {
    this.#name = userDetector(detector);
    this.#options = options;
  }

  /**
   * Reads one image. Its content says what it is, whatever its name.
   *
   * @param source Its path or address, or `-` for stdin.
   * @returns What a prediction starts from.
   * @throws {SyntaxError | TypeError | RangeError} If it is neither a photograph nor JSON of
   * a known form, or has a wrong value; the message names it.
   */
  async read(source: string): Promise<ImageInput> {
    const { name, bytes } = await readSource(source);
    return await this.readBytes(bytes, name);
  }

  /**
   * Reads the bytes of one image, as {@linkcode SourceReader.read} does.
   *
   * @param bytes The file.
   * @param name Its name, for errors.
   */
  async readBytes(bytes: Uint8Array, name: string): Promise<ImageInput> {
    if (isPicture(bytes)) {
      return { input: await this.#detectIn(bytes, name), picture: bytes };
    }
    if (!isText(bytes)) throw notReadable(bytes, name);
    const { value } = parseOne(bytes, name);
    const input = readDetectionsJson(value, name, this.#options.hints) ??
      parsePredictInput(value, name);
    return { input };
  }

  /**
   * Finds the entities of one photograph.
   *
   * @param source Its path or address, or `-` for stdin.
   * @returns The output of the detector.
   * @throws {SyntaxError | TypeError | RangeError} If it is no photograph, or cannot be
   * decoded; the message names it.
   */
  async detect(source: string): Promise<Detections> {
    const { name, bytes } = await readSource(source);
    if (isPicture(bytes)) return await this.#detectIn(bytes, name);
    const found = bytes.length === 0 ? "an empty file" : fileKind(bytes)?.name;
    throw new TypeError(
      `Cannot detect entities in "${name}": it must be a photograph in JPEG, PNG or WebP${
        found ? `: found ${found}` : ""
      }; JSON is an input of predict`,
    );
  }

  /**
   * Reads the image that a line is of: JSON as {@linkcode SourceReader.read} takes it, or a
   * photograph by its path or address, plain, in quotes or as `{"image": ...}`.
   *
   * @throws {SyntaxError | TypeError | RangeError} As {@linkcode SourceReader.read}.
   */
  async readLine(
    line: Uint8Array,
  ): Promise<{ input: ImageInput["input"]; name?: string }> {
    const { source, value, name } = partsOfLine(line);
    if (source !== undefined) return { input: (await this.read(source)).input, name };
    const shown = name ?? "line";
    const input = readDetectionsJson(value, shown, this.#options.hints) ??
      parsePredictInput(value, shown);
    return { input, name };
  }

  /** As {@linkcode SourceReader.detect}, of the photograph that a line names. */
  async detectLine(line: Uint8Array): Promise<{ found: Detections; source: string }> {
    const { source } = partsOfLine(line);
    if (source !== undefined) return { found: await this.detect(source), source };
    throw new TypeError(
      'Cannot detect entities in a line as it must name a photograph, by its path or address or as {"image": ...}: found other JSON, which is an input of predict',
    );
  }

  async #detectIn(bytes: Uint8Array, name: string): Promise<Detections> {
    const detector = this.#detector ??= loadDetector(this.#name, this.#options.detector);
    const [picture, opened] = await Promise.all([readPicture(bytes, name), detector]);
    return await opened.detect(picture);
  }

  /** Frees the memory of the detector. */
  async [Symbol.asyncDispose](): Promise<void> {
    // One that could not be loaded has been told of.
    await this.#detector?.then((detector) => detector.dispose(), () => {});
  }
}

/** Whether a file begins as JSON. */
function isText(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, KIND_BYTES));
  return bytes.length > 0 && /^\s*([[{"]|$)/.test(head);
}

/** The error of a file that is neither a photograph nor JSON. */
function notReadable(bytes: Uint8Array, name: string): SyntaxError {
  const found = looksLike(bytes) ??
    "its first bytes are of no known kind; check the path";
  return new SyntaxError(
    `Cannot read "${name}" as it must be a photograph (JPEG, PNG or WebP) or JSON: ${found}`,
  );
}

async function readSource(source: string): Promise<{ name: string; bytes: Uint8Array }> {
  return source === STDIN
    ? { name: "stdin", bytes: await new Response(Deno.stdin.readable).bytes() }
    : { name: withoutSecrets(source), bytes: await readImageFile(source) };
}

/** Parses the JSON of one image; says what to do if each line has one. */
function parseOne(bytes: Uint8Array, name: string): JsonValue {
  try {
    return parseJson(bytes, `"${name}"`);
  } catch (error) {
    const [first, rest] = new TextDecoder().decode(bytes).split(/\n([^]*)/, 2);
    if (error instanceof SyntaxError && rest?.trim() && isObjectText(first)) {
      error.message += "; if each line is an input, add --lines";
    }
    throw error;
  }
}

function isObjectText(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** What a line of a filter's input says: the source of a photograph, or JSON. */
function partsOfLine(
  line: Uint8Array,
): { source?: string; value?: unknown; name?: string } {
  const text = new TextDecoder().decode(line).trim();
  const value = /^[[{"]/.test(text) ? parseJson(line, "the line").value : text;
  const { image, fileName, id, ...more } = Object(value);
  const given = typeof value === "string" ? value : image;
  const isPhotograph = typeof given === "string" && Object.keys(more).length === 0;
  if (typeof value === "string" || isPhotograph) {
    const source = userPath(given, "path");
    return { source, name: withoutSecrets(source) };
  }
  const name = image ?? fileName ?? id;
  return { value, name: name === undefined ? undefined : withoutSecrets(String(name)) };
}

/** Whether it is a photograph, or a picture that is refused as one. */
function isPicture(bytes: Uint8Array): boolean {
  return isPhotograph(bytes) || / (image|video)$/.test(fileKind(bytes)?.name ?? "");
}
