/**
 * One image of a file of predictions, checked value by value.
 *
 * @module
 */

import type { Prediction } from "../prediction.ts";
import { showValue } from "../../show_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/** A prediction and the image that it is of. */
export interface ImagePrediction {
  /** Id of the image. */
  id: string;
  prediction: Prediction;
}

/** Something read from JSON, with its name for errors. */
export class Field {
  /**
   * @param value What JSON has there.
   * @param name How to find it: `image "5": boxes[2]`.
   */
  constructor(readonly value: unknown, readonly name: string) {}

  /** Throws a `TypeError` that says what must stand here. */
  refuse(must: string): never {
    throw new TypeError(
      `Cannot read ${this.name}: it must be ${must}: found ${showValue(this.value)}`,
    );
  }

  /** True if there is nothing, or null. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** A field of this object. */
  get(key: string): Field {
    if (
      typeof this.value !== "object" || this.value === null || Array.isArray(this.value)
    ) {
      this.refuse("an object");
    }
    const value = Object.hasOwn(this.value, key)
      ? (this.value as Record<string, unknown>)[key]
      : undefined;
    return new Field(value, `${this.name}: ${key}`);
  }

  /** The entries of this list. */
  list(): Field[] {
    if (!Array.isArray(this.value)) this.refuse("a list");
    return this.value.map((value, i) => new Field(value, `${this.name}[${i}]`));
  }

  /** This list of a certain length. */
  tuple(length: number): Field[] {
    const list = this.list();
    if (list.length !== length) this.refuse(`a list of ${length}`);
    return list;
  }

  /** This finite number; JSON writes NaN as null. */
  number(): number {
    if (typeof this.value !== "number" || !Number.isFinite(this.value)) {
      this.refuse("a finite number");
    }
    return this.value;
  }

  /** This whole number from `low` to below `high`. */
  index(low: number, high: number): number {
    const { value } = this;
    if (
      !Number.isInteger(value) || (value as number) < low || (value as number) >= high
    ) {
      this.refuse(`a whole number in [${low}, ${high})`);
    }
    return value as number;
  }

  /** This text, or a number as text. */
  text(): string {
    if (typeof this.value === "number") return `${this.value}`;
    if (typeof this.value !== "string") this.refuse("a text");
    return this.value;
  }

  /** A class: its name, or its index from 0. */
  label(names: readonly string[], indexOf: (name: string) => number): number {
    if (typeof this.value !== "string") return this.index(0, names.length);
    try {
      return indexOf(this.value);
    } catch (cause) {
      throw new RangeError(`Cannot read ${this.name}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
}

/**
 * Numbers of lists in lists, one after another.
 *
 * @param field The lists.
 * @param shape Length of each level; `undefined` where any length will do, which must
 * then be the same throughout.
 */
export function flatten(
  field: Field,
  shape: readonly (number | undefined)[],
): Float64Array {
  const values: number[] = [];
  const lengths = [...shape];
  const walk = (field: Field, level: number) => {
    if (level === lengths.length) {
      values.push(field.number());
      return;
    }
    const list = field.list();
    lengths[level] ??= list.length;
    if (list.length !== lengths[level]) field.refuse(`a list of ${lengths[level]}`);
    for (const entry of list) walk(entry, level + 1);
  };
  walk(field, 0);
  return Float64Array.from(values);
}

/** Boxes `[left, top, right, bottom]`, right of left and below top. */
export function parseBoxes(field: Field): Float64Array {
  return Float64Array.from(
    field.list().flatMap((box) => {
      const [x1, y1, x2, y2] = box.tuple(4).map((number) => number.number());
      if (!(x1 <= x2 && y1 <= y2)) {
        box.refuse("[x1, y1, x2, y2] with x1 <= x2 and y1 <= y2");
      }
      return [x1, y1, x2, y2];
    }),
  );
}

/**
 * One image in our own format, see the README: entities, and either scores of pairs, a
 * list of relations, or probabilities of everything.
 *
 * @param field The image.
 * @param vocabulary Names and number of classes.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function parseImage(field: Field, vocabulary: Vocabulary): ImagePrediction {
  const id = field.get("id").text();
  const image = new Field(field.value, `image "${id}"`);
  const { entities, predicates } = vocabulary;
  const entityIndex = (name: string) => vocabulary.entityIndex(name);
  const given = image.get("boxes"), labels = image.get("labels");
  const scores = image.get("scores");
  const boxes = given.isMissing ? undefined : parseBoxes(given);
  const common = {
    boxes,
    entityLabels: labels.isMissing
      ? undefined
      : labels.list().map((label) => label.label(entities, entityIndex)),
    entityScores: scores.isMissing ? undefined : flatten(scores, [undefined]),
  };
  const relations = image.get("relations"), pairs = image.get("pairs");
  if (!relations.isMissing) {
    return { id, prediction: { ...common, ...parseRelations(relations, vocabulary) } };
  }
  if (!pairs.isMissing) {
    const list = flatten(pairs, [undefined, 2]);
    const predicateScores = flatten(image.get("predicateScores"), [
      list.length / 2,
      predicates.length,
    ]);
    return { id, prediction: { ...common, pairs: list, predicateScores } };
  }
  const all = image.get("relationProbabilities");
  if (all.isMissing) {
    image.refuse('an object with "relations", "pairs" or "relationProbabilities"');
  }
  const n = all.list().length;
  const entityProbabilities = flatten(image.get("entityProbabilities"), [
    n,
    entities.length,
  ]);
  const relationProbabilities = flatten(all, [n, n, predicates.length + 1]);
  return { id, prediction: { boxes, entityProbabilities, relationProbabilities } };
}

/** Rows `[subject, object, predicate]` or `[subject, object, predicate, score]`. */
function parseRelations(field: Field, vocabulary: Vocabulary) {
  const rows = field.list();
  const width = rows[0]?.list().length === 4 ? 4 : 3;
  const triplets: number[] = [], scores: number[] = [];
  const indexOf = (name: string) => vocabulary.predicateIndex(name);
  for (const row of rows) {
    const [subject, object, predicate, score] = row.tuple(width);
    triplets.push(
      subject.number(),
      object.number(),
      predicate.label(vocabulary.predicates, indexOf),
    );
    if (score) scores.push(score.number());
  }
  return width === 4 ? { triplets, scores } : { triplets };
}
