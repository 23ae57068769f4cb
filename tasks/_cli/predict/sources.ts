/**
 * Reads what `predict` and `detect` are given: photographs, the output of detectors, or the
 * input of a prediction.
 *
 * @module
 */

import { withoutSecrets } from "../../../src/address.ts";
import { loadDetector } from "../../../src/detect/detect.ts";
import type { Detector, DetectorOptions } from "../../../src/detect/detect.ts";
import type { Detections } from "../../../src/detections.ts";
import { isPhotograph } from "../../../src/detect/image_header.ts";
import { readPicture } from "../../../src/detect/picture.ts";
import { fileKind, looksLike } from "../../../src/file_kind.ts";
import { imageName } from "../../../src/foreign/detections/list_images.ts";
import {
  batchIn,
  type DetectionHints,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";
import { parseJson } from "../../../src/json_value.ts";
import { findImageFiles, readImageFile } from "../../../src/pipeline/image_files.ts";
import type { PredictInput } from "../../../src/predict/input.ts";
import { readText } from "../../../src/foreign/detections/read_text.ts";
import { parsePredictInput } from "./input.ts";
import { userPath } from "../flags/user_path.ts";

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
    unset: "0.25; 0 for a detector's results in JSON",
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

/** An image in a file. */
export interface FoundImage {
  /** What the file calls it. */
  name?: string;
  /** Reads it; throws what is wrong with it. */
  read(): Promise<ImageInput>;
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

  /** Whether there are annotations, which know images without a box. */
  get hasAnnotations(): boolean {
    return this.#options.hints.images !== undefined;
  }

  /** Whether the sizes of images that do not have them are known. */
  get hasSizes(): boolean {
    return this.hasAnnotations || this.#options.hints.imageWidth !== undefined;
  }

  /**
   * Reads the bytes of one image. Their content says what they are, whatever the name.
   *
   * @param bytes The file.
   * @param name Its name, for errors.
   * @returns What a prediction starts from.
   * @throws {SyntaxError | TypeError | RangeError} If it is neither a photograph nor JSON of
   * a known form, or has a wrong value; the message names it.
   */
  async readBytes(bytes: Uint8Array, name: string): Promise<ImageInput> {
    const images = await this.imagesIn(bytes, name);
    if (images?.length === 1) return await images[0].read();
    throw new TypeError(
      `Cannot use "${name}" as it must be of one image: found ${
        images?.length === 0 ? "none" : "several; give it to predict"
      }`,
    );
  }

  /**
   * The images in a file that is no list: a photograph, detections in one image, or an
   * object with those of a batch.
   *
   * @param bytes The file.
   * @param name Its name, for errors.
   * @returns The images, with their names if they have one; `undefined` if each line is a
   * value.
   * @throws {SyntaxError} If it is neither a photograph nor of a known form.
   */
  async imagesIn(bytes: Uint8Array, name: string): Promise<FoundImage[] | undefined> {
    if (isPicture(bytes)) {
      const read = async () => ({
        input: await this.#detectIn(bytes, name),
        picture: bytes,
      });
      return [{ read }];
    }
    const text = await readOne(bytes, name);
    if (text === "lines") return undefined;
    if (!text) throw notReadable(bytes, name);
    // deno-lint-ignore require-await -- its errors are rejections, as of photographs
    const read = (value: unknown, place: string) => async () => ({
      input: this.#inputOf(value, place, { format: text.format }),
    });
    const batch = batchIn(text.value);
    if (!batch) return [{ read: read(text.value, name) }];
    return batch.map((value, i) => {
      const own = imageName(value);
      return {
        name: own,
        read: read(value, own === undefined ? `${name}[${i}]` : `${name}, image ${own}`),
      };
    });
  }

  #inputOf(value: unknown, name: string, more: DetectionHints): ImageInput["input"] {
    const { hints } = this.#options, format = hints.format ?? more.format;
    return readDetectionsJson(value, name, { ...hints, ...more, format }) ??
      parsePredictInput(value, name);
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
   * Reads the image that a line is of: JSON as {@linkcode SourceReader.readBytes} takes it,
   * or a photograph by its path or address, plain, in quotes or as `{"image": ...}`.
   *
   * @param line The line.
   * @param options What errors call it, default its own name; and the id of its image in
   * COCO's results.
   * @throws {SyntaxError | TypeError | RangeError} As {@linkcode SourceReader.readBytes}.
   */
  async readLine(
    line: Uint8Array,
    { place, imageId }: { place?: string; imageId?: string } = {},
  ): Promise<ImageInput & { name?: string }> {
    const { source, value, name } = partsOfLine(line);
    if (source === undefined) {
      return { input: this.#inputOf(value, place ?? name ?? "line", { imageId }), name };
    }
    const found = await readSource(source);
    return { ...await this.readBytes(found.bytes, found.name), name };
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

/** The error of a file that is neither a photograph nor JSON. */
function notReadable(bytes: Uint8Array, name: string): SyntaxError {
  const found = looksLike(bytes) ??
    "its first bytes are of no known kind; check the path";
  return new SyntaxError(
    `Cannot read "${name}" as it must be a photograph (JPEG, PNG or WebP), or detections as JSON, XML, CSV or YOLO's lines: ${found}`,
  );
}

async function readSource(source: string): Promise<{ name: string; bytes: Uint8Array }> {
  if (source === STDIN) {
    return { name: "stdin", bytes: await new Response(Deno.stdin.readable).bytes() };
  }
  return { name: withoutSecrets(source), bytes: await readImageFile(source) };
}

/** Reads the text of one image; says if each line has one. */
async function readOne(bytes: Uint8Array, name: string) {
  try {
    return await readText(bytes, `"${name}"`);
  } catch (error) {
    const [first, rest] = new TextDecoder().decode(bytes).split(/\n([^]*)/, 2);
    const areLines = rest !== undefined && /^\s*[[{]/.test(rest) && isObjectText(first);
    if (error instanceof SyntaxError && areLines) return "lines";
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
  const { image, fileName: _, id: __, ...more } = Object(value);
  const given = typeof value === "string" ? value : image;
  const isPhotograph = typeof given === "string" && Object.keys(more).length === 0;
  if (typeof value === "string" || isPhotograph) {
    const source = userPath(given, "path");
    return { source, name: withoutSecrets(source) };
  }
  const name = imageName(value);
  return { value, name: name === undefined ? undefined : withoutSecrets(name) };
}

/** Whether it is a photograph, or a picture that is refused as one. */
function isPicture(bytes: Uint8Array): boolean {
  return isPhotograph(bytes) || / (image|video)$/.test(fileKind(bytes)?.name ?? "");
}
