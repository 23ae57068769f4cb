/**
 * The tables of recall in the documents.
 *
 * @module
 */

import { meanAndDeviation } from "../src/eval/comparison/bootstrap.ts";
import type { ReportRow } from "../src/eval/comparison/comparison.ts";
import { gainText, percent } from "../src/eval/comparison/table.ts";
import { markdownTable } from "./markdown_table.ts";
import { RATIOS, VARIANTS } from "./result_specs.ts";

/** A line of `docs/results` that holds a recall. */
export type RecallLine = ReportRow & { command: string };

const [CONTROL] = VARIANTS;
const GAIN = "gain over the control";

/** The built-in world in three lines. */
export function syntheticTable(lines: readonly RecallLine[]): string {
  return variantTable(lines, ["label_predictor", CONTROL, "gpi_linguistic"], false);
}

/** Every variant, with the deviation over seeds. */
export function variantsTable(lines: readonly RecallLine[]): string {
  return variantTable(lines, ["label_predictor", ...VARIANTS], true);
}

function variantTable(
  lines: readonly RecallLine[],
  systems: readonly string[],
  hasDeviation: boolean,
): string {
  const tasks = ["sgcls", "predcls"] as const;
  const head = ["", "SGCls R@100", GAIN, "PredCls R@100", GAIN];
  return markdownTable([
    head,
    ...systems.map((system) => [
      nameOf(system),
      ...tasks.flatMap((task) => {
        const rows = lines.filter((row) =>
          row.task === task && row.metric === "R" && row.k === 100
        );
        if (system === "label_predictor") {
          return [percent(find(rows, { baseline_name: system }).baseline), ""];
        }
        const model = `${system}_best`, isMean = / --seeds \d+/;
        const means = rows.filter((row) =>
          row.model === model && isMean.test(row.command)
        );
        const value = percent(find(means, {}).value);
        const gain = means.find((row) => row.baseline_name === CONTROL);
        const { deviation } = meanAndDeviation(
          rows.filter((row) =>
            !isMean.test(row.command) && row.baseline_name === "label_predictor" &&
            row.model.replace(/_seed\d+/, "") === model
          ).map((row) => row.value),
        );
        return [
          hasDeviation ? `${value} ± ${percent(deviation)}` : value,
          gain ? withInterval(gain) : "",
        ];
      }),
    ]),
  ]);
}

/** What the network adds on VRD. */
export function vrdContextTable(lines: readonly RecallLine[]): string {
  return contextTable(lines, [
    ...["R", "zR"].map((metric) => ["preddet", metric, 50] as const),
    ...[20, 50, 100].map((k) => ["predcls", "R", k] as const),
    ...[50, 100].map((k) => ["predcls", "ngR", k] as const),
    ...["mR", "F1", "zR"].map((metric) => ["predcls", metric, 50] as const),
  ]);
}

function contextTable(
  lines: readonly RecallLine[],
  metrics: readonly (readonly [task: string, metric: string, k: number])[],
): string {
  return markdownTable([
    ["", "label predictor", "control", "`gpi_linguistic`", GAIN],
    ...metrics.map(([task, metric, k]) => {
      const where = { task, metric, k } as Partial<RecallLine>;
      const besidePredictor = find(lines, { ...where, baseline_name: "label_predictor" });
      const besideControl = find(lines, { ...where, baseline_name: CONTROL });
      return [
        `${TASKS[task]} ${metric}@${k}`,
        percent(besidePredictor.baseline),
        percent(besideControl.baseline),
        percent(besideControl.value),
        withInterval(besideControl),
      ];
    }),
  ]);
}

const TASKS: Readonly<Record<string, string>> = {
  preddet: "predicate detection",
  predcls: "PredCls",
};

/**
 * The label predictors of a dataset: rows of metrics; what is fitted from a seed has the
 * mean and the deviation over seeds.
 */
export function labelPredictorsTable(lines: readonly RecallLine[]): string {
  const keyOf = ({ task, metric, k }: RecallLine) => `${task} ${metric}@${k}`;
  const groups = Map.groupBy(lines, keyOf);
  const baselines = [...new Set(lines.map(({ baseline_name }) => baseline_name ?? ""))];
  const cell = (values: readonly number[]) => {
    const { mean, deviation } = meanAndDeviation(values);
    // Class statistics do not depend on the seed.
    const isSame = values.length > 1 && values.every((value) => value === values[0]);
    return isSame ? percent(values[0]) : `${percent(mean)} ± ${percent(deviation)}`;
  };
  return markdownTable([
    ["", ...baselines.map((name) => name.replaceAll("_", " ")), "perceptron"],
    ...[...groups.values()].map((group) => {
      const [{ task, metric, k }] = group;
      const ofBaseline = (name: string) =>
        group.filter(({ baseline_name }) => baseline_name === name);
      return [
        `${TASKS[task]} ${metric}@${k}`,
        ...baselines.map((name) =>
          cell(ofBaseline(name).map(({ baseline }) => baseline ?? NaN))
        ),
        cell(ofBaseline(baselines[0]).map(({ value }) => value)),
      ];
    }),
  ]);
}

/** Title, task, metric and K of a row, and what else its lines have. */
type Row = readonly [
  title: string,
  task: string,
  metric: string,
  k?: number,
  where?: Partial<RecallLine>,
];

/** What a detector's labels gain. */
const DETECTED: readonly Row[] = [
  ["SGCls R@50, detected labels", "sgcls", "R", 50],
  ["accuracy of detected labels", "sgcls", "entityAccuracy"],
];

/** Photographs' annotations in three lines. */
export function vg5kShortTable(lines: readonly RecallLine[]): string {
  return rowsTable(lines, [
    ["PredCls R@50, given labels", "predcls", "R", 50],
    ...DETECTED,
  ]);
}

/** Photographs' annotations: relations of given labels, and labels of a detector. */
export function vg5kTable(lines: readonly RecallLine[]): string {
  return rowsTable(lines, [
    ...["R", "mR", "F1", "ngR"].flatMap((metric) =>
      (metric === "R" ? [20, 50, 100] : metric === "mR" ? [50, 100] : [50]).map((k) =>
        [`PredCls ${metric}@${k}`, "predcls", metric, k] as const
      )
    ),
    ...DETECTED,
  ]);
}

/** VRD with the labels of its authors' detector. */
export function vrdRcnnTable(lines: readonly RecallLine[]): string {
  return rowsTable(lines, [
    ["accuracy of labels", "sgcls", "entityAccuracy"],
    ...[["R", 20], ["R", 50], ["R", 100], ["ngR", 50], ["ngR", 100]].map((
      [metric, k],
    ) => [`SGCls ${metric}@${k}`, "sgcls", metric, k] as Row),
  ]);
}

/** `vg5k` with the labels of a Faster R-CNN, by which boxes are entities. */
export function vg5kRcnnTable(lines: readonly RecallLine[]): string {
  const entities = {
    vg5k_rcnn_all: "all annotated boxes",
    vg5k_rcnn: "boxes that it found",
    vg5k_rcnn_boxes: "its own boxes",
  };
  return rowsTable(
    lines,
    Object.entries(entities).flatMap(([dataset, which]) => {
      const task = dataset === "vg5k_rcnn_boxes" ? "sgdet" : "sgcls";
      const name = task === "sgdet" ? "SGDet" : "SGCls", where = { dataset };
      return [
        ...task === "sgcls"
          ? [[`${which}: accuracy of labels`, task, "entityAccuracy", , where] as Row]
          : [],
        ...[["R", 50], ["R", 100], ["ngR", 50]].map(([metric, k]) =>
          [`${which}: ${name} ${metric}@${k}`, task, metric, k, where] as Row
        ),
      ];
    }),
  );
}

/** Relationship and phrase detection among the boxes of VRD's own detector. */
export function vrdRcnnBoxesTable(lines: readonly RecallLine[]): string {
  const titles = { sgdet: "relationship detection", phrdet: "phrase detection" };
  return rowsTable(
    lines,
    Object.entries(titles).flatMap(([task, title]) =>
      [["R", "k = 1"], ["R/10", "k = 10"], ["R/70", "k = 70"], ["zR", "zero-shot, k = 1"]]
        .flatMap(([metric, what]) =>
          [50, 100].map((k) => [`${title} R@${k}, ${what}`, task, metric, k] as Row)
        )
    ),
  );
}

function rowsTable(lines: readonly RecallLine[], rows: readonly Row[]): string {
  return markdownTable([
    ["", "label predictor", "control", "`gpi_linguistic`", GAIN],
    ...rows.map(([title, task, metric, k, further]) => {
      const where = {
        ...{ task, metric },
        ...k !== undefined && { k },
        ...further,
      } as Partial<RecallLine>;
      const besidePredictor = find(lines, { ...where, baseline_name: "label_predictor" });
      const besideControl = find(lines, { ...where, baseline_name: CONTROL });
      return [
        title,
        percent(besidePredictor.baseline),
        percent(besideControl.baseline),
        percent(besideControl.value),
        withInterval(besideControl),
      ];
    }),
  ]);
}

/** Weights of unrelated pairs. */
export function ratiosTable(lines: readonly RecallLine[]): string {
  const columns = [
    ["sgcls", "R", 20],
    ["sgcls", "R", 100],
    ["sgcls", "ngR", 100],
    ["predcls", "R", 20],
    ["predcls", "mR", 20],
  ] as const;
  return markdownTable([
    [
      "`--negative-ratio`",
      ...columns.map(([task, metric, k]) =>
        `${task === "sgcls" ? "SGCls" : "PredCls"} ${metric}@${k}`
      ),
    ],
    ...RATIOS.map((ratio) => [
      String(ratio),
      ...columns.map(([task, metric, k]) =>
        percent(find(lines, { model: `ratio_${ratio}_best`, task, metric, k }).value)
      ),
    ]),
  ]);
}

/** What a sweep says a value of a setting is worth. */
interface WorthLine {
  command: string;
  type: string;
  setting: string;
  value: string;
  runs: number;
  mean: number;
  difference: number;
  low: number;
  high: number;
}

/** Validation recall by the value of the one setting that two sweeps vary. */
export function sweptRatiosTable(lines: readonly WorthLine[]): string {
  const worth = lines.filter(({ type }) => type === "worth");
  const columns = ["vrd", "vg5k"].map((dataset) =>
    worth.filter(({ command }) => command.endsWith(`sweep_${dataset}.json`))
      .sort((a, b) => Number(a.value) - Number(b.value))
  );
  return markdownTable([
    ["`--negative-ratio`", "VRD", "beside the others", "vg5k", "beside the others"],
    ...columns[0].map(({ value }, i) => [
      value,
      ...columns.map((rows) => rows[i]).flatMap(({ mean, difference, low, high }) => [
        percent(mean),
        gainText(difference, low, high),
      ]),
    ]),
  ]);
}

/** Two weights of unrelated pairs. */
export function negativeRatioTable(lines: readonly RecallLine[]): string {
  const models = ["gpi_linguistic_vrd_best", "vrd_ratio_10_best"];
  return markdownTable([
    ["PredCls", "`--negative-ratio 0.2`", "`--negative-ratio 10` (published)"],
    ...[["R", 50], ["ngR", 50], ["ngR", 100]].map(([metric, k]) => [
      `${metric}@${k}`,
      ...models.map((model) =>
        percent(find(lines, { model, metric, k } as Partial<RecallLine>).value)
      ),
    ]),
  ]);
}

/** 8 bits beside 32. */
export function int8Table(lines: readonly RecallLine[]): string {
  const trained = {
    paper_best: "built-in world, 8 epochs",
    paper_vrd_best: "VRD, 4 epochs",
  };
  return markdownTable([
    ["trained on", "float32", "int8"],
    ...Object.entries(trained).map(([model, name]) => [
      name,
      ...["float32", "int8"].map((precision) => {
        const ofIt = lines.filter(({ command }) =>
          command.includes(`--precision ${precision}`)
        );
        return percent(find(ofIt, { model, metric: "R", k: 100 }).value);
      }),
    ]),
  ]);
}

/** The oracles of the built-in world. */
export function worldTable(lines: readonly RecallLine[]): string {
  const names: Readonly<Record<string, string>> = {
    label_predictor: "label predictor alone",
    class_frequencies: "weighted by class frequencies",
    other_things: "weighted by the other things",
    true_labels: "true labels, predicted relations",
    all_true: "all true relations",
  };
  const ks = [20, 50, 100];
  return markdownTable([
    ["", ...ks.map((k) => `R@${k}`)],
    ...Object.entries(names).map(([model, name]) => [
      name,
      ...ks.map((k) => percent(find(lines, { model, k }).value)),
    ]),
  ]);
}

function nameOf(system: string): string {
  if (system === "label_predictor") return "label predictor alone";
  return `\`${system}\`${system === CONTROL ? " (control)" : ""}`;
}

function withInterval({ difference, low, high }: RecallLine): string {
  return gainText(difference, low, high);
}

/** The first line that has the values. */
function find(lines: readonly RecallLine[], values: Partial<RecallLine>): RecallLine {
  const wanted = Object.entries(values) as [keyof RecallLine, unknown][];
  const found = lines.find((line) => wanted.every(([key, value]) => line[key] === value));
  if (found) return found;
  throw new RangeError(
    `Cannot find the line with ${JSON.stringify(values)}: make it again`,
  );
}
