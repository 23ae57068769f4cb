/**
 * Checks the input of a prediction and completes it to the input of the model.
 *
 * @module
 */

import { FIVE_NUMBERS, type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import { keyIn, OWN_KEYS, twiceNamed } from "../foreign/image_keys.ts";
import { isListLike } from "../foreign/shapes.ts";
import type { Knowledge } from "./knowledge.ts";
import { softmaxRows } from "../softmax.ts";
import type { ModelInput } from "../model/batch.ts";
import type { Box } from "../scene_graph.ts";
import { showValue } from "../show_value.ts";
import { type EntityGroups, type InputLabel, inputLabels } from "../decode_graph.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { checkSize, fail, type Numbers, readLogits } from "./arrays.ts";
import { keptLogits, logitsOfLabels } from "./label_logits.ts";

/** One image with the output of a detector. */
export interface PredictInput {
  /**
   * N boxes, or their 4 N numbers: left, top, right, bottom in pixels. What sticks out of
   * the image is cut off.
   */
  boxes: readonly Box[] | readonly ArrayLike<number>[] | ArrayLike<number>;
  /** Width of the image in pixels. */
  imageWidth: number;
  /** Height of the image in pixels. */
  imageHeight: number;
  /**
   * `[N, C]`, before the softmax, flat or as N lists; alternatively give labels and scores.
   */
  entityLogits?: Numbers;
  /** N labels, by name or index, instead of logits. */
  entityLabels?: ArrayLike<string | number | bigint>;
  /** N probabilities of the labels, in [0, 1]; default 1, certain. */
  entityScores?: ArrayLike<number>;
  /**
   * `[N, N, P]`, before the softmax, subject first, "no relation" last, flat or as lists;
   * default: those of the checkpoint's label predictor.
   */
  relationLogits?: Numbers;
}

/**
 * The same with the names of own data, so that an image of a dataset can be predicted as it
 * stands: `detectedLabels`, if it has them, are the detector's, else `labels`. What has no
 * part in a prediction, such as `relations`, may stand beside.
 */
export interface OwnImageInput
  extends Pick<PredictInput, "boxes" | "entityLogits" | "relationLogits"> {
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
  /** N labels, by name or index. */
  labels?: ArrayLike<string | number | bigint>;
  /** N labels of a detector, by name or index; default `labels`. */
  detectedLabels?: ArrayLike<string | number | bigint>;
  /** N probabilities of the labels, in [0, 1]; default 1, certain. */
  scores?: ArrayLike<number>;
}

/** What to do about labels: keep those of the input, or let context revise them. */
export type LabelMode = "keep" | "revise";

/** The input of the model, and what was mended in that of the caller. */
export interface CheckedInput extends ModelInput {
  mended?: MendedCounts;
  /** What looks wrong but may be right, if anything does. */
  warnings?: readonly string[];
  /** Whether the relation logits are those of the label predictor. */
  isRead: boolean;
  /** `[N]`: the labels of the caller. */
  given: readonly InputLabel[];
  /** The classes of each entity that go by one name; absent if all have their own. */
  groups?: EntityGroups;
}

/** How to read an image. */
export interface ReadOptions extends ForeignOptions {
  /** What to do about labels; default `"revise"`. */
  labels?: LabelMode;
  /** `[N]`: the classes of each entity that go by one name; default none. */
  groups?: EntityGroups;
}

/**
 * Checks an image and completes its logits.
 *
 * @param input The image from the caller.
 * @param vocabulary The vocabulary of the model.
 * @param knowledge Completes missing logits.
 * @param options What to do about boxes, names and scores that can be mended, and labels.
 * @returns The input of the model.
 * @throws {RangeError | TypeError} If an argument is invalid or missing; the message names
 * it, the condition and the value found.
 */
export async function readInput(
  given: PredictInput | OwnImageInput,
  vocabulary: Vocabulary,
  { labelPredictor, entityProfiles }: Knowledge,
  { strict, cutBoxes, labels = "revise", groups }: ReadOptions = {},
): Promise<CheckedInput> {
  const rules = new ForeignRules({ strict, cutBoxes });
  const input = named(given);
  const { imageWidth: width, imageHeight: height } = input;
  for (
    const [name, value] of Object.entries({ imageWidth: width, imageHeight: height })
  ) {
    checkSize(name, value);
  }
  const boxes = readBoxes(input, width, height, rules);
  const n = boxes.length / 4, c = vocabulary.numEntityClasses;
  const read = input.entityLogits === undefined
    ? logitsOfLabels(input, n, vocabulary, entityProfiles, rules)
    : readLogits("entityLogits", input.entityLogits, [n, c]);
  const [problem] = rules.problems();
  if (problem) {
    const { place, problem: what, suggestion } = problem;
    throw new RangeError(
      `Cannot predict as ${place} ${what}${suggestion ? `; ${suggestion}` : ""}`,
    );
  }
  const likeliest = inputLabels(read, c, { isKept: labels === "keep", groups });
  const entityLogits = labels === "keep"
    ? keptLogits(read, likeliest, c, entityProfiles, groups)
    : read;
  const image = {
    ...{ boxes, width, height, entityLogits },
    ...{ given: likeliest, groups },
    mended: rules.counts,
    ...rules.boxes.doubts(),
  };
  if (input.relationLogits !== undefined) {
    const shape = [n, n, vocabulary.numPredicates];
    const relationLogits = readLogits("relationLogits", input.relationLogits, shape);
    return { ...image, relationLogits, isRead: false };
  }
  if (!labelPredictor) {
    throw new TypeError(
      'Cannot predict without "relationLogits" as this checkpoint has no label predictor; give them as [N, N, P] numbers',
    );
  }
  const entityProbabilities = Float32Array.from(softmaxRows(entityLogits, c));
  const relationLogits = await labelPredictor.predictRelations({
    ...{ boxes, width, height, entityProbabilities },
  });
  return { ...image, relationLogits, isRead: true };
}

/** The input under its own names. */
function named(given: PredictInput | OwnImageInput): PredictInput {
  const twice = twiceNamed(given);
  if (twice) {
    const [own, other] = twice;
    fail(`"${own}" and "${other}" must not both be given`, "both");
  }
  const found = given as unknown as Record<string, unknown>;
  const names = found.detectedLabels === undefined
    ? OWN_KEYS
    : { ...OWN_KEYS, entityLabels: "detectedLabels" };
  const read = (key: string) => found[keyIn(found, key, names)] ?? undefined;
  return {
    imageWidth: read("imageWidth"),
    imageHeight: read("imageHeight"),
    boxes: read("boxes"),
    entityLabels: read("entityLabels"),
    entityScores: read("entityScores"),
    entityLogits: read("entityLogits"),
    relationLogits: read("relationLogits"),
  } as PredictInput;
}

function readBoxes(
  { boxes }: PredictInput,
  width: number,
  height: number,
  rules: ForeignRules,
): Float32Array {
  if (boxes === undefined) {
    throw new TypeError(
      'Cannot predict without "boxes": give a row [x1, y1, x2, y2] for each',
    );
  }
  const rows = rowsOf(boxes);
  const read = new Float32Array(4 * rows.length);
  for (const [i, row] of rows.entries()) {
    const numbers = Array.from(row, Number), place = `box ${i}`;
    if (numbers.length !== 4) {
      fail(
        `${place} must have 4 numbers`,
        `${numbers.length}, [${numbers}]`,
        numbers.length === 5 ? FIVE_NUMBERS : undefined,
      );
    }
    if (!numbers.every((number) => Number.isFinite(Math.fround(number)))) {
      fail(`${place} must have finite numbers`, `[${numbers}]`);
    }
    const taken = rules.boxes.take(numbers, { width, height }, { place });
    if ("must" in taken) {
      fail(`${place} must be ${taken.must}`, `[${numbers}]`, taken.suggestion);
    }
    read.set(taken, 4 * i);
  }
  return read;
}

/** The rows of boxes, which may be flat. */
function rowsOf(boxes: PredictInput["boxes"]): ArrayLike<unknown>[] {
  if (!isListLike(boxes)) fail("boxes must be a list", showValue(boxes));
  const list = Array.from<unknown>(boxes);
  if (list.every(isListLike)) return list;
  if (list.some(isListLike)) {
    fail("boxes must be rows of 4 numbers", "rows and numbers side by side");
  }
  if (list.length % 4 !== 0) {
    fail("boxes must be rows of 4 numbers", `${list.length} numbers`);
  }
  return Array.from({ length: list.length / 4 }, (_, i) => list.slice(4 * i, 4 * i + 4));
}
