import { assert, assertEquals, assertRejects } from "@std/assert";
import { splitsTable } from "../../build/count_tables.ts";
import { markdownTable } from "../../build/markdown_table.ts";
import {
  CHARTS,
  documentsWithNumbers,
  fillMarks,
  TABLES,
  written,
} from "../../build/numbers.ts";
import {
  labelPredictorsTable,
  type RecallLine,
  variantsTable,
  vrdContextTable,
} from "../../build/recall_tables.ts";
import { SEEDS, VARIANTS } from "../../build/result_specs.ts";
import {
  studyAccuracyTable,
  studyConsistencyTable,
  studyGainTable,
  studyLargerTable,
  studyNetworksTable,
} from "../../build/study_tables.ts";
import type { StudyLine } from "../../src/study/graph_labelling/summary.ts";
import { machineTable, type SpeedLine, speedTable } from "../../build/speed_tables.ts";

const documents = await Promise.all(
  (await documentsWithNumbers()).map(async (
    path,
  ) => [path, await Deno.readTextFile(path)]),
);

Deno.test("documents show the numbers of docs/results, by deno task build:numbers", async () => {
  for (const [path, text] of documents) assertEquals(await fillMarks(text), text, path);
});

Deno.test("fillMarks() fills a mark without a table, and leaves what stands behind it", async () => {
  const [mark, end] = ["<!-- generated: world -->", "<!-- /generated -->"];
  const text = await fillMarks(`${mark}\n${end}\nbetween\n${mark}\n\nold\n\n${end}\n`);
  const [, first, between, second] = text.split(/<!--.*-->\n/);
  assertEquals(between, "between\n");
  assertEquals(first, second);
});

Deno.test("charts show the numbers of docs/results, by deno task build:numbers", async () => {
  for (const [path, chart] of Object.entries(CHARTS)) {
    assertEquals(await Deno.readTextFile(path), await written(chart), path);
    assert(documents.some(([, text]) => text.includes(`](${path.split("/")[1]})`)), path);
  }
});

Deno.test("documents use every table, and measured numbers stand in these alone", () => {
  const marked = /<!-- generated: (\w+) -->[\s\S]*?<!-- \/generated -->/g;
  const used = documents.flatMap(([, text]) =>
    Array.from(text.matchAll(marked), ([, name]) => name)
  );
  assertEquals([...used].sort(), Object.keys(TABLES).sort());
  for (const [path, text] of documents) {
    const rows = text.replace(marked, "").match(/^ *\|.*\|$/gm) ?? [];
    // Two decimals: probabilities of the built-in world's definition are in a nested table.
    assertEquals(
      rows.filter((row) => /^\|.*(?<![\d.])\d+\.\d\d(?![\d.])/.test(row)),
      [],
      path,
    );
  }
});

Deno.test("fillMarks() refuses an unknown table", async () => {
  const text = "<!-- generated: spede -->\n\n<!-- /generated -->\n";
  const message = 'Cannot find the table "spede": the nearest is "speed"';
  await assertRejects(() => fillMarks(text), RangeError, message);
});

Deno.test("markdownTable() is as deno fmt writes it", () => {
  assertEquals(
    markdownTable([["", "a"], ["long name", "1.5"]]),
    ["|           |   a |", "| --------- | --: |", "| long name | 1.5 |"].join("\n"),
  );
});

const recallLine = (values: Partial<RecallLine>): RecallLine => ({
  ...{ command: "", dataset: "", split: "test", model: "", task: "sgcls" },
  ...{ protocol: "motifs", metric: "R", k: 100, value: 0.5, baseline: 0.25 },
  ...{ baseline_name: "label_predictor", difference: 0.25, low: 0.2, high: 0.3 },
  ...{ images: 1, ...values },
});

Deno.test("variantsTable() has the mean, the deviation and the gain over the control", () => {
  const lines = VARIANTS.flatMap((variant) =>
    (["sgcls", "predcls"] as const).flatMap((task) => [
      recallLine({
        ...{ task, model: `${variant}_best` },
        command: `deno task eval ${variant}_best --seeds 3`,
      }),
      recallLine({
        ...{ task, model: `${variant}_best`, baseline_name: "gpi_no_context" },
        command: `deno task eval ${variant}_best --seeds 3`,
      }),
      ...SEEDS.map((seed) =>
        recallLine({
          ...{ task, value: 0.4 + seed / 10 },
          model: seed === 0 ? `${variant}_best` : `${variant}_seed${seed}_best`,
          command: "deno task eval",
        })
      ),
    ])
  );
  const rows = variantsTable(lines).split("\n").map((row) => row.replace(/ +/g, " "));
  assertEquals(rows[2], "| label predictor alone | 25.00 | | 25.00 | |");
  // 40, 50 and 60: deviation 10.
  const gain = "+25.00 [+20.00, +30.00]";
  assertEquals(
    rows.at(-1),
    `| \`gpi_linguistic\` | 50.00 ± 10.00 | ${gain} | 50.00 ± 10.00 | ${gain} |`,
  );
});

Deno.test("vrdContextTable() sets the network beside label predictor and control", () => {
  const lines = ([
    ...["R", "zR"].map((metric) => ["preddet", metric, 50] as const),
    ...[20, 50, 100].map((k) => ["predcls", "R", k] as const),
    ...[50, 100].map((k) => ["predcls", "ngR", k] as const),
    ...["mR", "F1", "zR"].map((metric) => ["predcls", metric, 50] as const),
  ] as const)
    .flatMap(([task, metric, k]) => [
      recallLine({ task, metric, k, baseline: 0.4 }),
      recallLine({ task, metric, k, baseline_name: "gpi_no_context", low: -0.1 }),
    ]);
  assertEquals(
    vrdContextTable(lines).split("\n")[2].replace(/ +/g, " "),
    "| predicate detection R@50 | 40.00 | 25.00 | 50.00 | +25.00 [-10.00, +30.00] |",
  );
});

Deno.test("labelPredictorsTable() averages the seeds of what is fitted from one", () => {
  const lines = [0.5, 0.6, 0.7].flatMap((value) => [
    recallLine({ task: "preddet", value, baseline_name: "frequency" }),
    recallLine({
      ...{ task: "preddet", value, baseline_name: "perceptron_without_counts" },
      baseline: value - 0.2,
    }),
  ]);
  const rows = labelPredictorsTable(lines).split("\n")
    .map((row) => row.replace(/ +/g, " "));
  assertEquals(rows[0], "| | frequency | perceptron without counts | perceptron |");
  assertEquals(
    rows[2],
    "| predicate detection R@100 | 25.00 | 40.00 ± 10.00 | 60.00 ± 10.00 |",
  );
});

Deno.test("splitsTable() shows counts with thousands", () => {
  const counts = { images: 3600, entities: 23792, relations: 27217, unrelated: 197 };
  assertEquals(
    splitsTable([{ statistics: { splits: { train: counts } } }]).split("\n")[2],
    "| `train` |  3,600 |                        197 |   23,792 |    27,217 |",
  );
});

const studyLine = (values: Partial<StudyLine>): StudyLine => ({
  ...{ study: "graph-labelling", architecture: "invariant", parameters: 1131333 },
  ...{ graphs: 16, seeds: 2, updates: 9.5, larger: {} },
  accuracy: { mean: 0.5, low: 0.25, high: 0.75 },
  gain: { mean: -0.1, low: -0.2, high: 0 },
  consistency: { mean: 1, low: null, high: null },
  ...values,
});

Deno.test("tables of the synthetic experiment", () => {
  const lines = [
    studyLine({ larger: { 20: { mean: 0.25, low: null, high: null } } }),
    studyLine({ architecture: "fully_connected" }),
  ];
  const rowsOf = (table: string) =>
    table.split("\n").slice(2).map((row) => row.replace(/ +/g, " "));
  const [accuracy, ...calculated] = rowsOf(studyAccuracyTable(lines));
  assertEquals(accuracy, "| 16 | 50.00 ±25.00 | 50.00 ±25.00 |");
  assertEquals(calculated.length, 2);
  assertEquals(rowsOf(studyGainTable(lines)), ["| 16 | -10.00 [-20.00, +0.00] |"]);
  assertEquals(rowsOf(studyLargerTable(lines)), ["| 16 | 25.00 |"]);
  assertEquals(rowsOf(studyConsistencyTable(lines)), ["| 16 | 100.00 | 100.00 |"]);
  assertEquals(rowsOf(studyNetworksTable(lines)), [
    "| invariant (`invariant`) | 1,131,333 | yes |",
    "| fully connected (`fully_connected`) | 1,131,333 | no |",
  ]);
});

const speedLine = (values: Partial<SpeedLine>): SpeedLine => ({
  ...{ command: "", run: 1, processor: "P, 2 cores", bench: "predict", system: "ours" },
  ...{ form: "factored", n: 10, batch: 1, workers: 1, median_ms: 10, spread_ms: 1 },
  ...{ fastest_ms: 9, runs: 5, backend: "wasm", peak_mb: 0, idle_mb: 0, ...values },
} as SpeedLine);

Deno.test("speedTable() has the least and the most of the runs", () => {
  const lines = [1, 2].flatMap((run) =>
    [10, 20, 40].flatMap((n) => [
      speedLine({ run, n, images_per_s: 100 }),
      speedLine({ run, n, system: "tfjs", form: "published", images_per_s: 25 * run }),
      speedLine({ run, n, system: "onnxruntime-web", median_ms: 20 }),
      speedLine({ run, n, system: "onnxruntime-node", median_ms: 5 }),
    ])
  );
  assertEquals(
    speedTable(lines).split("\n")[2].replace(/ +/g, " "),
    "| 10 | 10.0 | 2.0 to 4.0 x | 2.0 x | 0.5 x |",
  );
  assertEquals(
    machineTable(lines).split("\n")[2].replace(/ +/g, " "),
    "| P, 2 cores | wasm | 2: least and most of their medians |",
  );
});
