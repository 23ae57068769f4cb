/**
 * Writes the JSON format of `user_json.ts`. Reading it back gives the same numbers, bit by
 * bit.
 *
 * @module
 */

import type { AnnotatedImage, Logits } from "../../example.ts";
import type { SplitName } from "../manifest.ts";
import { USER_FORMAT, type UserHeader } from "./_user_json_checks.ts";

/** An image to write. */
export interface WrittenImage {
  /** Its split; if missing, the reader draws one. */
  split?: SplitName;
  image: AnnotatedImage & Partial<Logits>;
}

/**
 * Writes a file in pieces.
 *
 * @param header The header.
 * @param images The images, with labels of the header's vocabulary.
 * @param isLines Whether to write one image per line (`.jsonl`) or one object (`.json`).
 * @returns The pieces of the text.
 */
export async function* userJsonText(
  header: UserHeader,
  images: AsyncIterable<WrittenImage> | Iterable<WrittenImage>,
  isLines: boolean,
): AsyncGenerator<string> {
  const { vocabulary, name, source, licence, labelPredictor, mended } = header;
  const { entities, predicates } = vocabulary;
  const head = JSON.stringify({
    format: USER_FORMAT,
    version: 1,
    name,
    source,
    licence,
    labelPredictor,
    mended,
    entities,
    predicates,
  });
  yield isLines ? `${head}\n` : `${head.slice(0, -1)},"images":[\n`;
  let separator = "";
  for await (const { split, image } of images) {
    const text = imageText(image, split, header);
    yield isLines ? `${text}\n` : `${separator}${text}`;
    separator = ",\n";
  }
  if (!isLines) yield "\n]}\n";
}

/**
 * The text of one image, without a line break.
 *
 * @param image The image.
 * @param split Its split, if it is named.
 * @param header Has the names of classes.
 */
export function imageText(
  image: WrittenImage["image"],
  split: SplitName | undefined,
  { vocabulary }: Pick<UserHeader, "vocabulary">,
): string {
  const { id, fileName, width, height, boxes, entityLabels, relations } = image;
  const { entityLogits, relationLogits, negatives, annotated } = image;
  const { entities, predicates, numPredicates } = vocabulary;
  const n = entityLabels.length;
  const named = (rows: Int32Array) =>
    Array.from({ length: rows.length / 3 }, (_, r) => {
      const [subject, object, predicate] = rows.subarray(3 * r, 3 * r + 3);
      return [subject, object, predicates[predicate]];
    });
  const text = JSON.stringify({
    id,
    fileName,
    split,
    width,
    height,
    labels: Array.from(entityLabels, (label) => entities[label]),
    relations: named(relations),
    negatives: negatives && named(negatives),
  });
  const more = [`"boxes":${rows(boxes, n, 4)}`];
  if (annotated) {
    const text = JSON.stringify({
      labels: Array.from(annotated.entityLabels, (label) => entities[label]),
      relations: named(annotated.relations),
    });
    const boxes = rows(annotated.boxes, annotated.entityLabels.length, 4);
    more.push(`"annotated":${text.slice(0, -1)},"boxes":${boxes}}`);
  }
  if (entityLogits) {
    more.push(`"entityLogits":${rows(entityLogits, n, vocabulary.numEntityClasses)}`);
  }
  if (relationLogits) {
    const matrix = Array.from({ length: n }, (_, i) => {
      const width = n * numPredicates;
      const row = relationLogits.subarray(i * width, (i + 1) * width);
      return rows(row, n, numPredicates);
    });
    more.push(`"relationLogits":[${matrix}]`);
  }
  return `${text.slice(0, -1)},${more}}`;
}

function rows(values: Float32Array, count: number, width: number): string {
  const texts = Array.from({ length: count }, (_, i) => {
    const row = values.subarray(i * width, (i + 1) * width);
    return `[${Array.from(row, shortest)}]`;
  });
  return `[${texts}]`;
}

/**
 * The shortest of three texts that reads back as the same float32. Five digits suffice for
 * every value that was a float16, nine for all.
 */
function shortest(value: number): string {
  for (const digits of [5, 8]) {
    const text = String(Number(value.toPrecision(digits)));
    if (Object.is(Math.fround(Number(text)), value)) return text;
  }
  // JSON can write minus zero, but String() drops its sign.
  return Object.is(value, -0) ? "-0" : String(Number(value.toPrecision(9)));
}
