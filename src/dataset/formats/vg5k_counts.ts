/**
 * Reads the counts of `vg5k`'s training relations: how often each triplet of classes and
 * predicate was annotated in other images of Visual Genome, whose boxes are not published.
 *
 * `tuples-counts_train.json` maps `"[subject, object, predicate]"`, raw indices from 0, to
 * a count.
 *
 * @module
 */

import { throwKindAs } from "../../json_problem.ts";
import { parseJson } from "../../json_value.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";
import type { Vg5kNames } from "./_vg5k_names.ts";

/** T kinds of triplets, each once, in ascending order of subject, object and predicate. */
export interface TripletCounts {
  /** `[T]`: indices of subjects' classes. */
  subjects: Int32Array;
  /** `[T]`: indices of objects' classes. */
  objects: Int32Array;
  /** `[T]`: indices of predicates. */
  predicates: Int32Array;
  /** `[T]`: how often each was annotated. */
  counts: Int32Array;
}

/**
 * Reads the counts.
 *
 * @param file `tuples-counts_train.json`.
 * @param names From `readVg5kNames()`: triplets whose names are merged are added up, and
 * those of "background" are left out.
 * @returns The counts in the merged vocabulary.
 * @throws {SyntaxError} If the file is not JSON or does not have the form above.
 * @throws {RangeError} If an index or a count is out of range.
 */
export function readVg5kCounts(file: JsonFile, names: Vg5kNames): TripletCounts {
  const { numEntityClasses, noRelation } = names.vocabulary;
  const sums = new Map<number, number>();
  for (const [key, value] of parseJsonFile(file).entries()) {
    const count = value.integer({ min: 1 });
    const where = `"${file.name}": the key ${JSON.stringify(key)}`;
    const [subject, object, predicate] = parseJson(key, where, throwKindAs(SyntaxError))
      .items(3, "indices, [subject, object, predicate]");
    const from = names.classes[subject.index(names.classes.length)];
    const to = names.classes[object.index(names.classes.length)];
    const what = names.predicates[predicate.index(names.predicates.length)];
    if (from < 0 || to < 0) continue;
    const place = (from * numEntityClasses + to) * noRelation + what;
    sums.set(place, (sums.get(place) ?? 0) + count);
  }
  const places = Int32Array.from(sums.keys()).sort();
  const pair = (place: number) => Math.floor(place / noRelation);
  return {
    subjects: places.map((place) => Math.floor(pair(place) / numEntityClasses)),
    objects: places.map((place) => pair(place) % numEntityClasses),
    predicates: places.map((place) => place % noRelation),
    counts: places.map((place) => sums.get(place)!),
  };
}
