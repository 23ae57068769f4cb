import { assertEquals } from "@std/assert";
import type { ReportLine } from "../../../src/eval/comparison/comparison.ts";
import { systemsTable } from "../../../src/eval/comparison/systems_table.ts";

const row: ReportLine = {
  ...{
    dataset: "toy",
    split: "test",
    model: "a_best",
    task: "sgcls",
    protocol: "motifs",
  },
  ...{ metric: "R", k: 20, value: 0.5, baseline: 0.25, baseline_name: "control" },
  ...{ difference: 0.25, low: 0.1, high: 0.3, images: 4, pValue: 0.01, deviation: null },
};
const rows: ReportLine[] = [
  row,
  { ...row, k: 50, value: 0.75, baseline: 0.5 },
  { ...row, task: "predcls", metric: "accuracy", k: null, value: 1, baseline: NaN },
  { ...row, model: "b", value: 0.625, deviation: 0.01 },
];

Deno.test("systemsTable() has a row for each system and a column for each metric", () => {
  assertEquals(
    systemsTable(rows, "text"),
    `sgcls, motifs, in percent:
system           R@20   R@50
-------  ------------  -----
control         25.00  50.00
a_best          50.00  75.00
b        62.50 ± 1.00      -

predcls, motifs, in percent:
system   accuracy
-------  --------
control         -
a_best     100.00
b               -
`,
  );
});

Deno.test("systemsTable() writes one table for LaTeX with booktabs", () => {
  assertEquals(
    systemsTable(rows, "latex"),
    String.raw`% needs \usepackage{booktabs}
\begin{tabular}{lrrr}
\toprule
 & \multicolumn{2}{c}{sgcls, motifs} & \multicolumn{1}{c}{predcls, motifs} \\
\cmidrule(lr){2-3} \cmidrule(lr){4-4}
system & R@20 & R@50 & accuracy \\
\midrule
control & 25.00 & 50.00 & - \\
a\_best & 50.00 & 75.00 & 100.00 \\
b & 62.50 $\pm$ 1.00 & - & - \\
\bottomrule
\end{tabular}
`,
  );
  assertEquals(systemsTable([], "latex"), "");
});
