import { assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkExample, type Example } from "../src/example.ts";
import { anyExample, emptyImage, manOnHorse, VOCABULARY } from "./dataset/_examples.ts";

fc.configureGlobal({ seed: 1 });

function assertRefused(change: Partial<Example>, message: string): void {
  assertThrows(
    () => checkExample(manOnHorse(change), VOCABULARY),
    RangeError,
    `Cannot use image "${change.id ?? "1"}" as ${message}`,
  );
}

Deno.test("checkExample() accepts a valid example", () => {
  checkExample(manOnHorse(), VOCABULARY);
  checkExample(emptyImage("a"), VOCABULARY);
  const { entityLogits: _, relationLogits: __, ...annotated } = manOnHorse();
  checkExample(annotated, VOCABULARY);
  // Several predicates for a pair, and a row twice.
  checkExample(
    manOnHorse({ relations: Int32Array.of(0, 1, 0, 0, 1, 1, 0, 1, 0) }),
    VOCABULARY,
  );
  fc.assert(fc.property(anyExample, (example) => checkExample(example, VOCABULARY)));
});

Deno.test("checkExample() refuses an id that cannot be stored", () => {
  assertRefused({ id: "" }, `its id must be well-formed, non-empty text: found ""`);
  assertThrows(
    () => checkExample(manOnHorse({ id: "\ud800" }), VOCABULARY),
    RangeError,
    `its id must be well-formed, non-empty text: found "\\ud800"`,
  );
});

Deno.test("checkExample() refuses an image without a size", () => {
  const rule = "its width and height must be above 0: found";
  assertRefused({ width: 0 }, `${rule} 0 x 80`);
  assertRefused({ height: -3 }, `${rule} 100 x -3`);
  assertRefused({ width: NaN }, `${rule} NaN x 80`);
  assertRefused({ height: Infinity }, `${rule} 100 x Infinity`);
});

Deno.test("checkExample() refuses boxes that are not in the image", () => {
  assertRefused(
    { boxes: new Float32Array(7) },
    "its 2 entities must have 8 box numbers: found 7",
  );
  const bad: Record<string, number[]> = {
    "outside at the left": [-1, 0, 40, 60],
    "outside at the top": [0, -1, 40, 60],
    "outside at the right": [0, 0, 101, 60],
    "outside at the bottom": [0, 0, 40, 81],
    "of no width": [40, 0, 40, 60],
    "of no height": [0, 60, 40, 60],
    "reversed": [40, 60, 0, 0],
    "not numbers": [0, 0, NaN, 60],
    "infinite": [0, 0, Infinity, 60],
  };
  for (const box of Object.values(bad)) {
    assertRefused(
      { boxes: Float32Array.of(10, 0, 40, 60, ...box) },
      `box 1 must lie inside 100 x 80 with x1 < x2 and y1 < y2: found [${
        box.join(", ")
      }]`,
    );
  }
});

Deno.test("checkExample() refuses labels outside the vocabulary", () => {
  assertRefused(
    { entityLabels: Int32Array.of(0, 2) },
    "label of entity 1 must be in [0, 2): found 2",
  );
  assertRefused(
    { entityLabels: Int32Array.of(-1, 0) },
    "label of entity 0 must be in [0, 2): found -1",
  );
});

Deno.test("checkExample() refuses relations of unknown entities or predicates", () => {
  assertRefused(
    { relations: Int32Array.of(0, 1) },
    "relations must be rows of 3 numbers: found 2 numbers",
  );
  const rule = "relation 1 must join two different entities in [0, 2): found";
  for (const [subject, object] of [[0, 2], [2, 0], [-1, 0], [0, -1], [1, 1]]) {
    assertRefused(
      { relations: Int32Array.of(0, 1, 0, subject, object, 0) },
      `${rule} ${subject} and ${object}`,
    );
  }
  for (const predicate of [-1, 2]) { // 2 is "no relation", which is not annotated
    assertRefused(
      { relations: Int32Array.of(0, 1, predicate) },
      `predicate of relation 0 must be in [0, 2): found ${predicate}`,
    );
  }
});

Deno.test("checkExample() refuses logits that are too few, too many or not finite", () => {
  assertRefused(
    { entityLogits: new Float32Array(5) },
    "entityLogits must hold 4 numbers: found 5",
  );
  assertRefused(
    { relationLogits: new Float32Array(6) },
    "relationLogits must hold 12 numbers: found 6",
  );
  assertRefused(
    { entityLogits: Float32Array.of(0, NaN, 0, 0) },
    "entityLogits must be finite: found NaN at 1",
  );
  assertRefused(
    { relationLogits: new Float32Array(12).fill(-Infinity, 11) },
    "relationLogits must be finite: found -Infinity at 11",
  );
});
