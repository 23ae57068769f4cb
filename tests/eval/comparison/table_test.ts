import { assertEquals } from "@std/assert";
import type { ReportLine } from "../../../src/eval/comparison/comparison.ts";
import { formatTable } from "../../../src/eval/comparison/table.ts";

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

Deno.test("formatTable() writes - where there is no value", () => {
  const none = { value: NaN, baseline: NaN, difference: NaN, pValue: NaN };
  const last = formatTable([{ ...line, ...none, low: NaN, high: NaN }], "text")
    .trimEnd().split("\n").at(-1)!;
  assertEquals(
    last.split(/  +/),
    ["sgcls", "motifs+threshold=0.7", "R@50", "-", "label_predictor", "-", "-", "[-, -]"]
      .concat("-", "12"),
  );
});

Deno.test("formatTable() writes one JSON object per line with exactly the agreed fields", () => {
  assertEquals(
    formatTable([line, single], "json"),
    `{"dataset":"toy","split":"test","model":"gpi_mean","task":"sgcls","protocol":"motifs+threshold=0.7","metric":"R","k":50,"value":0.25,"baseline":0.2512,"baseline_name":"label_predictor","difference":-0.0012,"low":-0.1,"high":0.05,"images":12,"p":0.5,"deviation":null}
{"dataset":"toy","split":"test","model":"gpi_mean","task":"sgcls","protocol":"motifs+threshold=0.7","metric":"entityAccuracy","k":null,"value":null,"baseline":null,"baseline_name":null,"difference":null,"low":-0.1,"high":0.05,"images":12,"p":null,"deviation":null}
`,
  );
});

Deno.test("formatTable() writes CSV, quoting what needs it", () => {
  assertEquals(
    formatTable([{ ...single, model: 'a,"b"' }], "csv"),
    `dataset,split,model,task,protocol,metric,k,value,baseline,baseline_name,difference,low,high,images,p,deviation
toy,test,"a,""b""",sgcls,motifs+threshold=0.7,entityAccuracy,,,,,,-0.1,0.05,12,,
`,
  );
});

Deno.test("formatTable() writes LaTeX, escaping what needs it", () => {
  assertEquals(
    formatTable([single], "latex"),
    String.raw`% needs \usepackage{booktabs}
\begin{tabular}{lllrrr}
\toprule
task & protocol & metric & gpi\_mean & 95 \% interval & images \\
\midrule
sgcls & motifs+threshold=0.7 & entityAccuracy & - & [-10.00, 5.00] & 12 \\
\bottomrule
\end{tabular}
`,
  );
});

Deno.test("formatTable() writes nothing for no rows", () => {
  for (const format of ["text", "csv", "latex", "json"] as const) {
    assertEquals(formatTable([], format), "");
  }
});
