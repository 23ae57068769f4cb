/**
 * Reads the user's own data from this project's JSON format. A `.json` file is one object
 * with a list `images`. A `.jsonl` file has the same object without `images` in its first
 * line and one image in every further line, so it can be read line by line.
 *
 * | key | |
 * |---|---|
 * | `format`, `version` | `"scene-graph-dataset"`, 1 |
 * | `entities`, `predicates` | names of the classes, without "no relation" |
 * | `name`, `source`, `licence` | texts; may be missing |
 * | `labelPredictor` | source of the logits: `{ "name", "simulated", ... }`; may be missing |
 * | `mended` | what was mended when the data were converted; may be missing |
 * | `images` | list of images |
 *
 * An image with N entities, for C classes and P - 1 predicates:
 *
 * | key | |
 * |---|---|
 * | `id` | text or whole number, unique |
 * | `fileName` | name by which predictions may also name the image; may be missing |
 * | `split` | `"train"`, `"validation"` or `"test"`; if all images lack it, splits are drawn 8 to 1 to 1 |
 * | `width`, `height` | in pixels |
 * | `boxes` | N rows `[left, top, right, bottom]` in pixels |
 * | `labels` | N names or indices |
 * | `relations` | rows `[subject, object, predicate]`: two indices of boxes, and a name or index |
 * | `negatives` | rows as in `relations` of what is known not to be so; may be missing |
 * | `annotated` | `{ "boxes", "labels", "relations" }` as annotated, if `boxes` are a detector's; may be missing |
 * | `detectedLabels`, `scores` | N labels from a detector (default: `labels`) and their probabilities; may be missing |
 * | `entityLogits` | N rows of C numbers instead of scores; may be missing |
 * | `relationLogits` | N x N rows of P numbers, subject first, "no relation" last; may be missing |
 *
 * @module
 */

import { looksLike } from "../../file_kind.ts";
import { type ForeignOptions, ForeignRules } from "../../foreign/rules.ts";
import { checkJsonSize, isJson, isJsonLines } from "../../json_file.ts";
import { Random } from "../../random.ts";
import type { AnnotatedImage, Logits } from "../../example.ts";
import type { SplitName } from "../manifest.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";
import type { Problems } from "./_problems.ts";
import { checkUserHeader, checkUserImage, type UserHeader } from "./_user_json_checks.ts";

export { type Problem, Problems } from "./_problems.ts";
export { USER_FORMAT, type UserHeader } from "./_user_json_checks.ts";

/** An image with its split, and its logits if it has any. */
export interface UserImage {
  split: SplitName;
  image: AnnotatedImage & Partial<Logits>;
}

/** An opened file, whose header is read and whose images are read lazily. */
export interface UserFile {
  /** What was mended in the header and in the images read so far. */
  rules: ForeignRules;
  /** `undefined` if the header cannot be used; there are no images then. */
  header?: UserHeader;
  /** The images without errors, in order. */
  images: AsyncIterable<UserImage>;
}

/** The source of a file. */
export interface UserSource {
  /** Name of the file; ends with `.json`, `.jsonl` or `.ndjson`. */
  name: string;
  /** Number of its bytes, if it is known. */
  size?: number;
  /** Its bytes, piece by piece. */
  chunks: () => AsyncIterable<Uint8Array>;
}

/** Splits drawn for images without one, with cumulative shares. */
const SHARES: readonly [SplitName, number][] = [["test", 0.1], ["validation", 0.2], [
  "train",
  1,
]];

/**
 * Opens a file. Its problems are collected, and images with errors are left out.
 *
 * @param source The file.
 * @param problems Receives the problems.
 * @param options `seed` of the splits if the images do not name theirs, default 1; and
 * what to do about boxes, names and scores that can be mended.
 * @returns The header, and the images.
 * @throws {RangeError} If its name ends with neither `.json`, `.jsonl` nor `.ndjson`, or
 * if the file is too large for its form.
 */
export async function openUserJson(
  source: UserSource,
  problems: Problems,
  options: ForeignOptions & { seed?: number } = {},
): Promise<UserFile> {
  const { name, size } = source;
  const rules = new ForeignRules(options);
  const isLines = isJsonLines(name);
  if (!isLines && !isJson(name)) {
    throw new RangeError(`Cannot read "${name}": its name must end with .json or .jsonl`);
  }
  if (!isLines && size !== undefined) checkJsonSize(name, size);
  const values = isLines ? readLines(source, problems) : readWhole(source, problems);
  const first = await values.next();
  const header = first.done
    ? undefined
    : checkUserHeader(first.value, !isLines, problems, rules);
  if (first.done && problems.count.errors === 0) problems.error("", "the file is empty");
  const { seed = 1 } = options;
  if (!header) return { header, rules, images: none() };
  return { header, rules, images: readImages(header, values, problems, rules, seed) };
}

async function* none(): AsyncGenerator<UserImage> {}

async function* readImages(
  { vocabulary }: UserHeader,
  values: AsyncIterable<JsonValue<undefined>>,
  problems: Problems,
  rules: ForeignRules,
  seed: number,
): AsyncGenerator<UserImage> {
  const ids = new Map<string, string>();
  let named = 0, unnamed = 0;
  for await (const value of values) {
    const checked = checkUserImage(value, vocabulary, problems, rules);
    if (checked === undefined) continue;
    const { split, image } = checked;
    const before = ids.get(image.id);
    if (before !== undefined) {
      problems.error(value.place, `repeats the id "${image.id}" of ${before}`);
      continue;
    }
    ids.set(image.id, value.place);
    if (split) named++;
    else unnamed++;
    if (Math.min(named, unnamed) === 1 && (split ? named : unnamed) === 1) {
      problems.error(
        value.place,
        `${split ? "has" : "lacks"} a "split", unlike the images before`,
        "name the split in all images or in none",
      );
    }
    yield { split: split ?? drawSplit(image.id, seed), image };
  }
  problems.addAll(rules);
  if (named + unnamed === 0) {
    problems.error("images", "must hold at least one image without errors");
  }
}

/** Draws a split from the seed and the id alone, so added images do not move others. */
function drawSplit(id: string, seed: number): SplitName {
  const x = new Random(seed, "split", id).uniform();
  return SHARES.find(([, limit]) => x < limit)![0];
}

/** Yields the object of a `.json` file, then its images. */
async function* readWhole(
  source: UserSource,
  problems: Problems,
): AsyncGenerator<JsonValue<undefined>> {
  let text = "";
  for await (const part of decoded(source, problems, () => "")) text += part;
  if (problems.count.errors > 0) return;
  const root = parseJson(text, "", problems.report);
  if (root === undefined) return;
  yield root;
  yield* root.at("images").items() ?? [];
}

/** Yields the value of each line of a `.jsonl` file that is not empty. */
async function* readLines(
  source: UserSource,
  problems: Problems,
): AsyncGenerator<JsonValue<undefined>> {
  const parts: string[] = [];
  let number = 1;
  const place = () => `line ${number}`;
  const parsed = () => {
    const line = parts.splice(0).join("");
    return line.trim() === "" ? undefined : parseJson(line, place(), problems.report);
  };
  for await (const text of decoded(source, problems, place)) {
    const [rest, ...more] = text.split("\n");
    parts.push(rest);
    for (const start of more) {
      const value = parsed();
      if (value) yield value;
      number++;
      parts.push(start);
    }
  }
  const value = parsed();
  if (value) yield value;
}

/** Decodes a file in pieces, up to the first byte that is not UTF-8. */
async function* decoded(
  { chunks }: UserSource,
  problems: Problems,
  place: () => string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let chunk: Uint8Array = new Uint8Array();
  let isFirst = true;
  try {
    for await (chunk of chunks()) {
      const other = isFirst && chunk.length > 0
        ? looksLike(chunk, "a JSON file")
        : undefined;
      if (other) return problems.error("", other);
      isFirst = false;
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The valid start of the chunk is needed to report the right line.
    yield new TextDecoder().decode(chunk).split("\ufffd", 1)[0];
    problems.error(place(), "it is not UTF-8 from here on", "save it in this encoding");
  }
}
