import { assertEquals } from "@std/assert";
import { classFrequencies } from "../../src/label_predictor/class_frequencies.ts";
import { ExternalCountTable } from "../../src/label_predictor/external_counts.ts";
import { FrequencyPredictor } from "../../src/label_predictor/frequency.ts";
import { addRelations, zeroCounts } from "../../src/label_predictor/relation_counts.ts";

const SIZES = { numEntityClasses: 4, numPredicates: 3 };

Deno.test("classFrequencies() counts the pairs of class statistics", () => {
  const counts = zeroCounts(SIZES);
  addRelations(counts, {
    entityLabels: Int32Array.of(0, 0, 2),
    relations: Int32Array.of(0, 2, 1),
  });
  // Six ordered pairs: 0-0 twice, 0-2 twice, 2-0 twice.
  const arrays = new FrequencyPredictor(counts).toArrays();
  assertEquals([...classFrequencies(arrays, 4)!], [8, 0, 4, 0]);
});

Deno.test("classFrequencies() counts the external relations of a perceptron", () => {
  const table = new ExternalCountTable({
    subjects: Int32Array.of(0, 3),
    objects: Int32Array.of(1, 0),
    predicates: Int32Array.of(1, 0),
    counts: Int32Array.of(20, 5),
  }, SIZES);
  assertEquals([...classFrequencies(table.toArrays(), 4)!], [25, 20, 0, 5]);
});

Deno.test("classFrequencies() of arrays without counts is undefined", () => {
  assertEquals(classFrequencies({}, 4), undefined);
});
