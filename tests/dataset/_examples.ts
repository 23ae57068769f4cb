/**
 * Examples for tests of storing and reading.
 *
 * @module
 */

import fc from "fast-check";
import type { Example } from "../../src/example.ts";
import type { DatasetInfo } from "../../src/dataset/manifest.ts";
import { Vocabulary } from "../../src/vocabulary.ts";

/** Two entity classes and two predicates: C = 2, P = 3. */
export const VOCABULARY = new Vocabulary({
  entities: ["man", "horse"],
  predicates: ["on", "near"],
});

/** The description of the test datasets. */
export const INFO: DatasetInfo = {
  name: "test",
  vocabulary: VOCABULARY.toJSON(),
  labelPredictor: { name: "none", simulated: true },
  source: "made up",
  licence: "none",
  command: "deno task test",
  inputsHash: "abc",
};

/** A valid example with logits exact in float16, a man on a horse, with some changes. */
export function manOnHorse(change: Partial<Example> = {}): Example {
  return {
    id: "1",
    width: 100,
    height: 80,
    boxes: Float32Array.of(10, 0, 40, 60, 0, 20, 100, 80),
    entityLabels: Int32Array.of(0, 1),
    relations: Int32Array.of(0, 1, 0),
    entityLogits: Float32Array.of(1, -1, 0.5, 2),
    relationLogits: Float32Array.from({ length: 12 }, (_, i) => i),
    ...change,
  };
}

/** An image without entities. */
export function emptyImage(id: string): Example {
  return {
    id,
    width: 1,
    height: 1,
    boxes: new Float32Array(0),
    entityLabels: new Int32Array(0),
    relations: new Int32Array(0),
    entityLogits: new Float32Array(0),
    relationLogits: new Float32Array(0),
  };
}

/** Any valid example whose logits are exact in float16. */
export const anyExample: fc.Arbitrary<Example> = fc.record({
  id: fc.string({ unit: "grapheme", minLength: 1 }),
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  numEntities: fc.integer({ min: 0, max: 4 }),
}).chain(({ id, width, height, numEntities: n }) => {
  const logits = (length: number) =>
    fc.array(fc.float({ min: -60000, max: 60000, noNaN: true }), {
      minLength: length,
      maxLength: length,
    }).map((values) => new Float32Array(new Float16Array(values)));
  const side = (length: number) =>
    fc.tuple(fc.float({ min: 0, max: 0.5, noNaN: true }), fc.constantFrom(0.75, 1))
      .map(([from, to]) => [length * from, length * to]);
  const box = fc.tuple(side(width), side(height))
    .map(([[x1, x2], [y1, y2]]) => [x1, y1, x2, y2]);
  const relation = fc.tuple(
    fc.nat(Math.max(n - 1, 0)),
    fc.integer({ min: 1, max: Math.max(n - 1, 1) }),
    fc.nat(VOCABULARY.noRelation - 1),
  ).map(([subject, step, predicate]) => [subject, (subject + step) % n, predicate]);
  return fc.record({
    id: fc.constant(id),
    width: fc.constant(width),
    height: fc.constant(height),
    boxes: fc.array(box, { minLength: n, maxLength: n })
      .map((rows) => Float32Array.from(rows.flat())),
    entityLabels: fc.array(fc.nat(1), { minLength: n, maxLength: n })
      .map((labels) => Int32Array.from(labels)),
    relations: fc.array(relation, { maxLength: n > 1 ? 5 : 0 })
      .map((rows) => Int32Array.from(rows.flat())),
    entityLogits: logits(n * VOCABULARY.numEntityClasses),
    relationLogits: logits(n * n * VOCABULARY.numPredicates),
  }, { noNullPrototype: true });
});
