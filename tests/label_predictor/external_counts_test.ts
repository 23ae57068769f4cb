import { assert, assertEquals, assertThrows } from "@std/assert";
import { expectedRows } from "../../src/label_predictor/class_pairs.ts";
import {
  type ExternalCounts,
  ExternalCountTable,
} from "../../src/label_predictor/external_counts.ts";
import { assertClose } from "../_assert.ts";

const SIZES = { numEntityClasses: 2, numPredicates: 3 };

/** Class 0 has predicate 1 with class 1 four times, in two rows; 1 has 0 with 0 twice. */
const COUNTS: ExternalCounts = {
  subjects: Int32Array.of(0, 1, 0),
  objects: Int32Array.of(1, 0, 1),
  predicates: Int32Array.of(1, 0, 1),
  counts: Int32Array.of(1, 2, 3),
};

const TABLE = new ExternalCountTable(COUNTS, SIZES);

/** The features of a pair of classes before the logarithm. */
function features(subject: number, object: number): Float32Array {
  const out = new Float32Array(5);
  TABLE.write(subject, object, out, 2);
  assertEquals(out.subarray(0, 2), new Float32Array(2));
  return out.subarray(2).map(Math.exp);
}

Deno.test("ExternalCountTable backs predicates off and relates pairs to independence", () => {
  // Overall [1 + 2, 1 + 4] / 8 = [3/8, 5/8]. Class 0 as subject, and 1 as object:
  // ([0, 4] + 3 [3/8, 5/8]) / 7 = [9/56, 47/56]; 1 as subject, and 0 as object:
  // ([2, 0] + 3 [3/8, 5/8]) / 5 = [5/8, 3/8].
  // Pair (0, 1): [9/56 9/56 8/3, 47/56 47/56 8/5] ~ [135, 2209] / 2344, and with three
  // such observations ([0, 4] + 3 [135, 2209] / 2344) / 7 = [405, 16003] / 16408.
  // Four relations; if subject and object were independent 4 4/6: (4 + 3) / (8/3 + 3).
  assertClose(features(0, 1), [405 / 16408, 16003 / 16408, 21 / 17], 1e-6);
  // Pair (1, 0): [5/8 5/8 8/3, 3/8 3/8 8/5] ~ [125, 27] / 152, so [679, 81] / 760; two
  // relations, and 2 2/6: (2 + 3) / (2/3 + 3).
  assertClose(features(1, 0), [679 / 760, 81 / 760, 15 / 11], 1e-6);
  // Pair (0, 0) has no counts: [9/56 5/8 8/3, 47/56 3/8 8/5] ~ [25, 47] / 72; 4 2/6: 3 /
  // (4/3 + 3).
  assertClose(features(0, 0), [25 / 72, 47 / 72, 9 / 13], 1e-6);
});

Deno.test("ExternalCountTable takes the logarithm of the expectation where classes are uncertain", () => {
  const logs = TABLE.expectedLogs(Float32Array.of(0.25, 0.75, 1, 0), 2);
  assertEquals(logs.length, 2 * 2 * 3);
  const expected = [
    0.25 * 25 / 72 + 0.75 * 679 / 760,
    0.25 * 47 / 72 + 0.75 * 81 / 760,
    0.25 * 9 / 13 + 0.75 * 15 / 11,
  ];
  assertClose(logs.subarray(3, 6).map(Math.exp), expected, 1e-6);
});

Deno.test("ExternalCountTable without counts says nothing", () => {
  const none = new Int32Array();
  const empty = { subjects: none, objects: none, predicates: none, counts: none };
  const table = new ExternalCountTable(empty, SIZES);
  const logs = table.expectedLogs(Float32Array.of(1, 0, 0, 1), 2);
  assertClose(logs.subarray(3, 6).map(Math.exp), [1 / 2, 1 / 2, 1], 1e-6);
});

Deno.test("expectedRows() leaves out all but the likeliest classes if asked to", () => {
  // One outcome for 3 x 3 classes; the subject is of class 1 or 2, not 0.
  const table = Float32Array.of(100, 100, 100, 1, 2, 3, 10, 20, 30);
  const sizes = { numEntityClasses: 3, width: 1 };
  const probabilities = Float32Array.of(0.2, 0.5, 0.3, 0, 1, 0);
  const all = expectedRows(table, sizes, probabilities, 2);
  assertClose([all[1]], [0.2 * 100 + 0.5 * 2 + 0.3 * 20], 1e-5);
  const two = expectedRows(table, { ...sizes, mostClasses: 2 }, probabilities, 2);
  assertClose([two[1]], [(0.5 * 2 + 0.3 * 20) / 0.8], 1e-5);
});

Deno.test("ExternalCountTable.fromArrays() gives the same table again", () => {
  const arrays = TABLE.toArrays();
  // Rows of one triplet are added up; rows are sorted.
  assertEquals(arrays["counts/subjects"].data, Int16Array.of(0, 1));
  assertEquals(arrays["counts/objects"].data, Int16Array.of(1, 0));
  assertEquals(arrays["counts/predicates"].data, Int16Array.of(1, 0));
  assertEquals(arrays["counts/counts"].data, Int32Array.of(4, 2));
  assertEquals(arrays["counts/sizes"].data, Int32Array.of(2, 3));
  const again = ExternalCountTable.fromArrays({
    ...arrays,
    other: arrays["counts/sizes"],
  });
  assert(again);
  assertEquals(again.toArrays(), arrays);
  const labels = Float32Array.of(0.3, 0.7, 1, 0);
  assertEquals(again.expectedLogs(labels, 2), TABLE.expectedLogs(labels, 2));
  assertEquals(
    ExternalCountTable.fromArrays({ other: arrays["counts/sizes"] }),
    undefined,
  );
});

Deno.test("ExternalCountTable refuses columns that do not fit the vocabulary or each other", () => {
  for (
    const [change, message] of [
      [
        { subjects: Int32Array.of(0, 2, 0) },
        '"subjects" must be in [0, 2): found 2 in row 1',
      ],
      [
        { objects: Int32Array.of(-1, 0, 1) },
        '"objects" must be in [0, 2): found -1 in row 0',
      ],
      [{ predicates: Int32Array.of(1, 0, 2) }, '"predicates" must be in [0, 2): found 2'],
      [
        { counts: Int32Array.of(1, 2, -3) },
        '"counts" must be in [0, Infinity): found -3',
      ],
      [
        { counts: Int32Array.of(1) },
        '"counts" must have 3 numbers, like "subjects": found 1',
      ],
    ] as const
  ) {
    assertThrows(
      () => new ExternalCountTable({ ...COUNTS, ...change }, SIZES),
      RangeError,
      `Cannot use external counts as ${message}`,
    );
  }
});

Deno.test("ExternalCountTable.fromArrays() refuses arrays of another type, or without sizes", () => {
  const arrays = TABLE.toArrays();
  const { "counts/counts": counts, ...rest } = arrays;
  for (
    const [changed, message] of [
      [rest, '"counts/counts" must be of Int32Array: found no such array'],
      [
        { ...arrays, "counts/subjects": counts },
        '"counts/subjects" must be of Int16Array: found Int32Array',
      ],
      [
        { ...arrays, "counts/sizes": { shape: [1], data: Int32Array.of(2) } },
        '"counts/sizes" must be 2 numbers above 0: found [2]',
      ],
    ] as const
  ) {
    assertThrows(
      () => ExternalCountTable.fromArrays(changed),
      RangeError,
      `Cannot read external counts as ${message}`,
    );
  }
});
