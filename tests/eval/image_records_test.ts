import { assertEquals } from "@std/assert";
import { noCounts } from "../../src/eval/accuracy.ts";
import { ImageRecords } from "../../src/eval/image_records.ts";
import { FIRST_OF_PAIR, UNSEEN } from "../../src/eval/matching/annotated_rows.ts";
import type { ImageRanks } from "../../src/eval/matching/image_ranks.ts";
import type { ListSpec, RowSubset } from "../../src/eval/metric.ts";

const R: ListSpec = { perPair: 1, onlyAnnotated: false, anyPredicate: false };
const ngR: ListSpec = { ...R, perPair: Infinity };
const noFlaws: ImageRanks["flaws"] = {
  isUnsorted: false,
  hasSeveralPerPair: false,
  greatestScore: 0,
  hasOnlyTruePairs: false,
  hasOtherPairs: false,
  lacksPairs: false,
};

/** Rows `[predicate, flags, rank in R, rank in ngR]`. */
function imageRanks(...rows: [number, number, number, number][]): ImageRanks {
  return {
    rows: Int32Array.from(rows.flatMap(([, predicate]) => [0, 1, predicate])),
    predicates: Uint16Array.from(rows, ([predicate]) => predicate),
    flags: Uint8Array.from(rows, ([, flags]) => flags),
    ranks: [
      Uint16Array.from(rows, ([, , rank]) => rank),
      Uint16Array.from(rows, ([, , , rank]) => rank),
    ],
    hasPredictions: true,
    flaws: noFlaws,
  };
}

function rowsOf(records: ImageRecords, list: ListSpec, rows: RowSubset = "all") {
  const found: [image: number, predicate: number, rank: number][] = [];
  records.forEachRow({ list, rows }, (...row) => found.push(row));
  return found;
}

const one = imageRanks([4, FIRST_OF_PAIR, 0, 3], [2, UNSEEN, 9, 1]);
const two = imageRanks([5, FIRST_OF_PAIR | UNSEEN, 7, 8]);

function someRecords(): ImageRecords {
  const records = new ImageRecords([R, ngR]);
  records.add("a", one, { ...noCounts(), entities: 3 });
  records.skip("b");
  records.add("c", two, { ...noCounts(), entities: 2 });
  return records;
}

Deno.test("ImageRecords keeps predicates, flags and ranks of each image's rows", () => {
  const records = someRecords();
  assertEquals([records.ids, records.numScored], [["a", "b", "c"], 2]);
  assertEquals(rowsOf(records, R), [[0, 4, 0], [0, 2, 9], [2, 5, 7]]);
  assertEquals(rowsOf(records, ngR), [[0, 4, 3], [0, 2, 1], [2, 5, 8]]);
  assertEquals(rowsOf(records, R, "unseen"), [[0, 2, 9], [2, 5, 7]]);
  assertEquals(rowsOf(records, R, "seen"), [[0, 4, 0]]);
  assertEquals(rowsOf(records, R, "pairs"), [[0, 4, 0], [2, 5, 7]]);
  assertEquals([...records.accuracyCounts("entities")], [3, 0, 2]);
});

Deno.test("inOrder() moves the rows and counts of each image with it", () => {
  const ordered = someRecords().inOrder(["c", "a", "b"]);
  assertEquals([ordered.ids, ordered.numScored], [["c", "a", "b"], 2]);
  assertEquals(rowsOf(ordered, ngR), [[0, 5, 8], [1, 4, 3], [1, 2, 1]]);
  assertEquals([...ordered.accuracyCounts("entities")], [2, 3, 0]);
});

Deno.test("append() joins any number of records", () => {
  const records = someRecords(), other = new ImageRecords([R, ngR]);
  // More images than a call may have arguments.
  const numImages = 200_000;
  for (let image = 0; image < numImages; image++) {
    other.add(`${image}`, two, { ...noCounts(), entities: 1 });
  }
  records.append(other);
  assertEquals([records.ids.length, records.numScored], [numImages + 3, numImages + 2]);
  assertEquals(rowsOf(records, R).slice(0, 4), [
    [0, 4, 0],
    [0, 2, 9],
    [2, 5, 7],
    [3, 5, 7],
  ]);
  assertEquals(records.accuracyCounts("entities").at(-1), 1);
});
