import { assertEquals } from "@std/assert";
import { formatPerPredicate } from "../../../src/eval/comparison/predicate_table.ts";
import type { PredicateValue } from "../../../src/eval/metric_values.ts";

const values = [
  { predicate: 0, metric: "R", k: 20, images: 2, rows: 3, hits: 1, value: 1 / 3 },
  { predicate: 1, metric: "R", k: 20, images: 0, rows: 0, hits: 0, value: NaN },
];
const of = (name: string, ...runs: PredicateValue[][]) => ({ name, runs });
const system = of("gpi_mean", values);

Deno.test("formatPerPredicate() writes one line per predicate with its counts", () => {
  const names = ["on", "next, to"];
  assertEquals(
    formatPerPredicate(system, names, "text"),
    `predicate  metric   k  images  rows  hits  recall
---------  ------  --  ------  ----  ----  ------
on         R       20       2     3     1   33.33
next, to   R       20       0     0     0       -
`,
  );
  assertEquals(
    formatPerPredicate(system, names, "csv"),
    `predicate,metric,k,images,rows,hits,value
on,R,20,2,3,1,0.3333333333333333
"next, to",R,20,0,0,0,
`,
  );
  assertEquals(
    formatPerPredicate(of("gpi_mean", values.slice(1)), names, "json"),
    `{"model":"gpi_mean","predicate":"next, to","metric":"R","k":20,"images":0,"rows":0,"hits":0,"value":null}
`,
  );
  assertEquals(
    formatPerPredicate(of("gpi_mean", values.slice(0, 1)), [], "latex").split("\n")[5],
    String.raw`0 & R & 20 & 2 & 3 & 1 & 33.33 \\`,
  );
  assertEquals(formatPerPredicate(of("gpi_mean", []), names, "text"), "");
});

Deno.test("formatPerPredicate() puts baselines beside the mean over runs", () => {
  const [on, nextTo] = values;
  // Hits 1 and 3 of 3 rows: 2 and two thirds on average.
  const twoRuns = of("gpi_mean", [on], [{ ...on, hits: 3, value: 1 }]);
  const baselines = [
    of("label_predictor", [nextTo, { ...on, hits: 0, value: 0 }]),
    of("lists_only", []),
  ];
  assertEquals(
    formatPerPredicate(twoRuns, ["on"], "text", baselines),
    `predicate  metric   k  images  rows  hits  recall  label_predictor  lists_only
---------  ------  --  ------  ----  ----  ------  ---------------  ----------
on         R       20       2     3     2   66.67             0.00           -
`,
  );
  const { value, baselines: beside } = JSON.parse(
    formatPerPredicate(twoRuns, ["on"], "json", baselines),
  );
  assertEquals([value, beside], [2 / 3, { label_predictor: 0, lists_only: null }]);
});
