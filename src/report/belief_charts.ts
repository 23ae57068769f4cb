/**
 * The charts of what a network's probabilities are worth, and of what context changes.
 *
 * @module
 */

import type { Chart } from "../render/charts/chart.ts";
import { finite } from "./charts.ts";
import type { Confusion } from "../pipeline/scoring/confusions.ts";
import type { BeliefReport } from "../pipeline/scoring/reliability.ts";

/** Number of classes of a chart of confusions: those that are mistaken most often. */
const NUM_CLASSES = 12;

/**
 * Makes the charts of one or more networks.
 *
 * @param reports What their probabilities are worth.
 */
export function beliefCharts(reports: readonly BeliefReport[]): Chart[] {
  return [
    ...reports.map(thresholdChart),
    ...(["entities", "relations"] as const).flatMap((kind) =>
      reports.map((report) => reliabilityChart(report, kind))
    ),
    ...reports.flatMap(({ system, confusions, predicateConfusions }) => [
      ...confusionChart(confusions, `Labels before and after context, ${system}`, LABELS),
      ...confusionChart(
        predicateConfusions,
        `Predicates before and after context, ${system}`,
        PREDICATES,
      ),
    ]),
  ];
}

function thresholdChart({ system, thresholds }: BeliefReport): Chart {
  return {
    title: `Precision, recall and F1 of relations, ${system}`,
    note:
      "Relations whose calibrated probability is at least the threshold; right are annotated ones with both labels right",
    kind: "line",
    ...{ x: "threshold", y: "value", series: "measure", range: [0, 100] },
    isLogarithmic: true,
    columns: [
      { key: "measure", title: "measure" },
      { key: "threshold", title: "threshold (logarithmic)" },
      { key: "count", title: "relations" },
      { key: "value", title: "percent", digits: 2 },
    ],
    rows: ["precision", "recall", "f1"].flatMap((measure) =>
      thresholds.map((point) => ({
        measure: measure === "f1" ? "F1" : measure,
        threshold: point.threshold,
        count: point.count,
        value: finite(100 * point[measure as "precision" | "recall" | "f1"]),
      }))
    ),
  };
}

function reliabilityChart(report: BeliefReport, kind: "entities" | "relations"): Chart {
  const { system } = report, { before, after } = report[kind];
  const what = kind === "entities" ? "labels" : "relations";
  return {
    title: `Reliability of ${what}, ${system}`,
    note: `On the line probabilities are right. Expected calibration error ${
      (100 * before.error).toFixed(1)
    } % before and ${(100 * after.error).toFixed(1)} % after calibration`,
    kind: "line",
    ...{ x: "probability", y: "share", series: "when" },
    ...{ domain: [0, 100], range: [0, 100], hasDiagonal: true },
    columns: [
      { key: "when", title: "calibration" },
      { key: "count", title: "predictions" },
      { key: "probability", title: "mean probability, %", digits: 2 },
      { key: "share", title: "came true, %", digits: 2 },
    ],
    rows: Object.entries({ before, after }).flatMap(([when, { bins }]) =>
      bins.filter(({ count }) => count > 0).map(({ count, meanScore, shareRight }) => ({
        when: `${when} calibration`,
        count,
        probability: finite(100 * meanScore),
        share: finite(100 * shareRight),
      }))
    ),
  };
}

/** Words of a chart of confusions. */
interface ConfusionWords {
  /** What rows and columns are. */
  axes: string;
  /** What is counted. */
  counted: string;
  /** What is mistaken. */
  mistaken: string;
  /** A sentence that follows. */
  besides: string;
}

const LABELS: ConfusionWords = {
  axes: "Rows are annotated classes, columns predicted ones",
  counted: "entities",
  mistaken: "classes",
  besides: "",
};

const PREDICATES: ConfusionWords = {
  axes: "Rows are annotated predicates, columns the likeliest ones of the same pair",
  counted: "annotated relations",
  mistaken: "predicates",
  besides:
    ". A relation of a pair with several annotated predicates is right if any of them is the likeliest",
};

function confusionChart(
  confusions: readonly Confusion[],
  title: string,
  { axes, counted, mistaken, besides }: ConfusionWords,
): Chart[] {
  const mistakes = new Map<string, number>();
  for (const { truth, predicted, before, after } of confusions) {
    if (truth === predicted) continue;
    for (const name of [truth, predicted]) {
      mistakes.set(name, (mistakes.get(name) ?? 0) + before + after);
    }
  }
  const names = [...mistakes].sort(([, a], [, b]) => b - a)
    .slice(0, NUM_CLASSES).map(([name]) => name);
  if (names.length === 0) return [];
  const times = new Map(confusions.map((each) => [
    JSON.stringify([each.truth, each.predicted]),
    each,
  ]));
  return [{
    title,
    note:
      `${axes}, numbers ${counted}; of ${mistakes.size} ${mistaken} that are mistaken the ${names.length} most often mistaken${besides}`,
    kind: "heat",
    ...{ x: "predicted", y: "truth", value: "count", facet: "when" },
    columns: [
      { key: "when", title: "context" },
      { key: "truth", title: "annotated" },
      { key: "predicted", title: "predicted" },
      { key: "count", title: counted },
    ],
    rows: (["before", "after"] as const).flatMap((when) =>
      names.flatMap((truth) =>
        names.map((predicted) => ({
          when,
          truth,
          predicted,
          count: times.get(JSON.stringify([truth, predicted]))?.[when] ?? 0,
        }))
      )
    ),
  }];
}
