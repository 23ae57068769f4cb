import { assertEquals } from "@std/assert";
import type { ReportLine } from "../../../src/eval/comparison/comparison.ts";
import {
  formatPerPredicate,
  formatTable,
  TABLE_FORMATS,
} from "../../../src/eval/comparison/table.ts";

const line: ReportLine = {
  dataset: "toy",
  split: "test",
  model: "gpi_mean",
  task: "sgcls",
  protocol: "motifs+threshold=0.7",
  metric: "R",
  k: 50,
  value: 0.25,
  baseline: 0.2512,
  baseline_name: "label_predictor",
  difference: -0.0012,
  low: -0.1,
  high: 0.05,
  images: 12,
  pValue: 0.5,
  deviation: null,
};
const single: ReportLine = {
  ...line,
  metric: "entityAccuracy",
  k: null,
  value: NaN,
  baseline: null,
  baseline_name: null,
  difference: null,
  pValue: null,
};

Deno.test("formatTable() writes text in percent, numbers to the right", () => {
  assertEquals(
    formatTable([line], "text"),
    `task   protocol              metric  gpi_mean  baseline                difference    95 % interval       p  images
-----  --------------------  ------  --------  ---------------  -----  ----------  ---------------  ------  ------
sgcls  motifs+threshold=0.7  R@50       25.00  label_predictor  25.12       -0.12  [-10.00, +5.00]  0.5000      12
`,
  );
  assertEquals(
    formatTable([{ ...single, deviation: 0.01 }], "text"),
    `task   protocol              metric          gpi_mean    +-   95 % interval  images
-----  --------------------  --------------  --------  ----  --------------  ------
sgcls  motifs+threshold=0.7  entityAccuracy         -  1.00  [-10.00, 5.00]      12
`,
  );
});

Deno.test("formatTable() writes one JSON object per line with exactly the agreed fields", () => {
  assertEquals(
    formatTable([line, single], "json"),
    `{"dataset":"toy","split":"test","model":"gpi_mean","task":"sgcls","protocol":"motifs+threshold=0.7","metric":"R","k":50,"value":0.25,"baseline":0.2512,"baseline_name":"label_predictor","difference":-0.0012,"low":-0.1,"high":0.05,"images":12}
{"dataset":"toy","split":"test","model":"gpi_mean","task":"sgcls","protocol":"motifs+threshold=0.7","metric":"entityAccuracy","k":null,"value":null,"baseline":null,"baseline_name":null,"difference":null,"low":-0.1,"high":0.05,"images":12}
`,
  );
});

Deno.test("formatTable() writes CSV, quoting what needs it", () => {
  assertEquals(
    formatTable([{ ...single, model: 'a,"b"' }], "csv"),
    `dataset,split,model,task,protocol,metric,k,value,baseline,baseline_name,difference,low,high,images
toy,test,"a,""b""",sgcls,motifs+threshold=0.7,entityAccuracy,,,,,,-0.1,0.05,12
`,
  );
});

Deno.test("formatTable() writes LaTeX, escaping what needs it", () => {
  assertEquals(
    formatTable([single], "latex"),
    String.raw`\begin{tabular}{lllrrr}
\hline
task & protocol & metric & gpi\_mean & 95 \% interval & images \\
\hline
sgcls & motifs+threshold=0.7 & entityAccuracy & - & [-10.00, 5.00] & 12 \\
\hline
\end{tabular}
`,
  );
});

Deno.test("formatTable() writes nothing for no rows", () => {
  for (const format of TABLE_FORMATS) assertEquals(formatTable([], format), "");
});

const values = [
  { predicate: 0, metric: "R", k: 20, images: 2, rows: 3, hits: 1, value: 1 / 3 },
  { predicate: 1, metric: "R", k: 20, images: 0, rows: 0, hits: 0, value: NaN },
];

Deno.test("formatPerPredicate() writes one line per predicate with its counts", () => {
  const names = ["on", "next, to"];
  assertEquals(
    formatPerPredicate(values, names, "text"),
    `predicate  metric   k  images  rows  hits  recall
---------  ------  --  ------  ----  ----  ------
on         R       20       2     3     1   33.33
next, to   R       20       0     0     0       -
`,
  );
  assertEquals(
    formatPerPredicate(values, names, "csv"),
    `predicate,metric,k,images,rows,hits,value
on,R,20,2,3,1,0.3333333333333333
"next, to",R,20,0,0,0,
`,
  );
  assertEquals(
    formatPerPredicate(values.slice(1), names, "json"),
    `{"predicate":"next, to","metric":"R","k":20,"images":0,"rows":0,"hits":0,"value":null}
`,
  );
  assertEquals(
    formatPerPredicate(values.slice(0, 1), [], "latex").split("\n")[4],
    String.raw`0 & R & 20 & 2 & 3 & 1 & 33.33 \\`,
  );
  assertEquals(formatPerPredicate([], names, "text"), "");
});
