import { assertEquals, assertThrows } from "@std/assert";
import { listKey, parseKs, parseMetric, parseMetrics } from "../../src/eval/metric.ts";

Deno.test("parseMetric() knows every combination, in any case", () => {
  const rows: [string, string, string, string, string][] = [
    // given, name, kind, list, rows
    ["r", "R", "recall", "1", "all"],
    ["NGR", "ngR", "recall", "Infinity", "all"],
    ["mr", "mR", "mean", "1", "all"],
    ["ngmr", "ngmR", "mean", "Infinity", "all"],
    ["zr", "zR", "recall", "1", "unseen"],
    ["ngzr", "ngzR", "recall", "Infinity", "unseen"],
    ["sr", "sR", "recall", "1", "seen"],
    ["r/10", "R/10", "recall", "10", "all"],
    ["zR/70", "zR/70", "recall", "70", "unseen"],
    ["mR/2", "mR/2", "mean", "2", "all"],
    ["f1", "F1", "f1", "1", "all"],
    ["ngf1", "ngF1", "f1", "Infinity", "all"],
    ["a", "A", "recall", "1 annotated", "all"],
    ["pr", "pR", "recall", "1 any", "pairs"],
    ["mr:HEAD", "mR:head", "mean", "1", "all"],
    ["ngmR:tail", "ngmR:tail", "mean", "Infinity", "all"],
    ["wr", "wR", "weighted", "1", "all"],
    ["R:0", "zR", "recall", "1", "unseen"],
    ["R/10:1-5", "R/10:1-5", "recall", "10", "1-5"],
    ["ngr:51+", "ngR:51+", "recall", "Infinity", "51+"],
    ["Accuracy", "accuracy", "accuracy", "1", "all"],
  ];
  for (const [given, ...expected] of rows) {
    const { name, kind, list, rows: subset } = parseMetric(given);
    assertEquals([name, kind, listKey(list), subset], expected);
  }
});

Deno.test("parseMetric() refuses unknown names", () => {
  for (
    const name of [
      "",
      "m",
      "ng",
      "f1r",
      "R/0",
      "ngR/5",
      "zz",
      "R@20",
      "ngA",
      "R:2-5",
      "R:head",
      "mR:1-5",
      "zR:0",
    ]
  ) {
    assertThrows(
      () => parseMetric(name),
      RangeError,
      `Cannot find the metric "${name}": there are R, ngR, mR`,
    );
  }
});

Deno.test("parseMetrics() keeps the order and drops repetitions", () => {
  const names = parseMetrics("R, mR,r,zR").map(({ name }) => name);
  assertEquals(names, ["R", "mR", "zR"]);
  assertThrows(() => parseMetrics(""), RangeError, "Cannot evaluate without a metric");
});

Deno.test("parseKs() sorts, drops repetitions and refuses invalid values", () => {
  assertEquals(parseKs("100,20,50,20"), [20, 50, 100]);
  assertEquals(parseKs([5]), [5]);
  for (
    const [ks, found] of [["0", "0"], ["1.5", "1.5"], ["x", "NaN"], ["99999", "99999"]]
  ) {
    assertThrows(
      () => parseKs(ks),
      RangeError,
      `Cannot compute recall@K as k must be an integer from 1 to 65000: current value is ${found}`,
    );
  }
  assertThrows(
    () => parseKs([]),
    RangeError,
    'Cannot compute recall@K as "k" must have one number or more: found none',
  );
});
