import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ReportRow } from "../../src/eval/comparison/comparison.ts";
import { resultsTable } from "../../src/render/results_table.ts";

const row: ReportRow = {
  dataset: "synthetic",
  split: "test",
  model: "gpi_<b>",
  task: "sgcls",
  protocol: "motifs",
  metric: "R",
  k: 100,
  value: 0.5,
  baseline_name: "label_predictor",
  baseline: 0.4375,
  difference: 0.0625,
  low: -0.0104,
  high: 0.08,
  images: 500,
};

/** The text of each cell of each row, without drawings. */
const cellsOf = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, inside]) =>
    [...inside.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)]
      .map(([, cell]) => cell.replace(/<[^>]*>/g, "").trim())
  );

Deno.test("resultsTable() writes percents and differences in points", () => {
  assertEquals(cellsOf(resultsTable([row])), [
    ["figure", "gpi_&lt;b&gt;", "label_predictor", "gain"],
    ["sgcls R@100 motifs", "50.0", "43.8", "+6.3 [\u22121.0, +8.0]"],
  ]);
});

Deno.test("resultsTable() puts all baselines of a figure in one row", () => {
  const control = {
    ...row,
    baseline_name: "gpi_no_context",
    baseline: 0.5,
    difference: 0,
  };
  const cells = cellsOf(resultsTable([row, { ...row, k: 50 }, control]));
  assertEquals(cells.length, 3);
  assertEquals(cells[1].slice(-2), ["50.0", "0.0 [\u22121.0, +8.0]"]);
  assertEquals(cells[2].slice(-2), ["", ""]);
});

Deno.test("resultsTable() shows the interval of a value without a baseline", () => {
  const alone = {
    ...row,
    k: null,
    baseline: null,
    baseline_name: null,
    difference: null,
  };
  assertEquals(cellsOf(resultsTable([{ ...alone, low: 0.4, high: 0.6 }])), [
    ["figure", "gpi_&lt;b&gt;"],
    ["sgcls R motifs", "50.0 [40.0, 60.0]"],
  ]);
});

Deno.test("resultsTable() shows a dash for NaN", () => {
  const none = { value: NaN, baseline: NaN, difference: NaN, low: NaN, high: NaN };
  const html = resultsTable([{ ...row, ...none }]);
  assertEquals(cellsOf(html)[1].slice(1), ["–", "–", "– [–, –]"]);
  assertEquals(html.includes("NaN"), false);
});

Deno.test("resultsTable() names dataset, split and number of images", () => {
  assertStringIncludes(resultsTable([row]), "synthetic, test split, 500 images");
});

Deno.test("resultsTable() names the column in each cell, for narrow pages", () => {
  const labels = [...resultsTable([row]).matchAll(/data-label="([^"]*)"/g)];
  assertEquals(labels.map(([, label]) => label), [
    "gpi_&lt;b&gt;",
    "label_predictor",
    "gain over label_predictor",
  ]);
});
