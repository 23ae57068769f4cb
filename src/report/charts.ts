/**
 * The charts of a report, from an evaluation and from training.
 *
 * @module
 */

import type { ReportLine } from "../eval/comparison/comparison.ts";
import { reportRows } from "../eval/comparison/comparison.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import type { Chart } from "../render/charts/chart.ts";
import type { EpochEvent } from "../train/trainer.ts";
import { folderName } from "../pipeline/datasets.ts";
import type { ModelEvaluation } from "../pipeline/model_evaluation.ts";

/** What the charts show of an epoch. */
export interface LoggedEpoch extends Pick<EpochEvent, "epoch" | "loss" | "isBest"> {
  validation: Pick<EpochEvent["validation"], "recall">;
}

/** A training run. */
export interface TrainingLog {
  name: string;
  epochs: readonly LoggedEpoch[];
}

/** Values of an evaluation's systems, each with its own interval. */
export interface SystemValues extends ModelEvaluation {
  /** One row for each system, task, protocol, metric and K. */
  values: ReportLine[];
}

/** Settings of the intervals. */
export interface IntervalOptions {
  split: string;
  seed: number;
  resamples: number;
}

/** Computes the intervals of the values themselves; rows have those of differences. */
export function valuesOf(
  found: ModelEvaluation,
  { split, seed, resamples }: IntervalOptions,
): ReportLine[] {
  const { evaluations, dataset, models, baselines, runs } = found;
  return [...models, ...baselines].flatMap((model) =>
    reportRows(evaluations, {
      ...{ dataset: folderName(dataset), split, model, runs, seed, resamples },
    })
  );
}

/** Charts of the training runs; none without runs. */
export function trainingCharts(logs: readonly TrainingLog[]): Chart[] {
  if (logs.length === 0) return [];
  const best = logs.map(({ name, epochs }) =>
    `${name} ${epochs.findLast(({ isBest }) => isBest)?.epoch ?? "–"}`
  );
  const chart = (
    title: string,
    column: string,
    digits: number,
    of: (epoch: LoggedEpoch) => number,
  ): Chart => ({
    title,
    note: `Best epoch: ${best.join(", ")}`,
    kind: "line",
    ...{ x: "epoch", y: "value", series: "run" },
    columns: [
      { key: "run", title: "run" },
      { key: "epoch", title: "epoch" },
      { key: "value", title: column, digits },
    ],
    rows: logs.flatMap(({ name, epochs }) =>
      epochs.map((event) => ({ run: name, epoch: event.epoch, value: finite(of(event)) }))
    ),
  });
  return [
    chart(
      "Validation recall",
      "validation recall, %",
      2,
      ({ validation }) => 100 * validation.recall,
    ),
    chart("Training loss", "training loss per image", 4, ({ loss }) => loss),
  ];
}

/** A chart of each task and metric: every system at every K with its interval. */
export function metricCharts({ values }: SystemValues): Chart[] {
  const keyOf = ({ task, protocol, metric }: ReportLine) =>
    `${task}, ${protocol}: ${metric}`;
  return [...Map.groupBy(values, keyOf)].map(([title, rows]): Chart => ({
    title,
    note: "Percent, with 95 % intervals over images",
    kind: "interval",
    ...{ x: "value", y: "system", low: "low", high: "high", facet: "figure" },
    series: "system",
    columns: [
      { key: "figure", title: "figure" },
      { key: "system", title: "system" },
      { key: "value", title: "percent", digits: 2 },
      { key: "low", title: "low", digits: 2 },
      { key: "high", title: "high", digits: 2 },
    ],
    // In the order of K, so that blocks have their systems together.
    rows: [...Map.groupBy(rows, ({ k }) => k).values()].flat().map((row) => ({
      figure: row.k === null ? row.metric : `${row.metric}@${row.k}`,
      system: row.model,
      value: finite(100 * row.value),
      low: finite(100 * row.low),
      high: finite(100 * row.high),
    })),
  }));
}

/** Evaluations of the named systems under the first task and protocol. */
export function firstTask(
  { evaluations, models, baselines, runs }: ModelEvaluation,
): { name: string; evaluation: SystemEvaluation }[] {
  const [{ task, protocol }] = evaluations;
  return [...models, ...baselines].map((name) => {
    const [member] = runs[name] ?? [name];
    const evaluation = evaluations.find((one) =>
      one.system === member && one.task === task && one.protocol.name === protocol.name
    )!;
    return { name, evaluation };
  });
}

/** Recall of each predicate against its number of training relations. */
export function predicateChart(
  found: ModelEvaluation,
  frequencies: readonly number[],
): Chart[] {
  const systems = firstTask(found);
  const { predicates } = found.dataset.vocabulary;
  const results = systems.map(({ name, evaluation }) => ({
    name,
    values: evaluation.evaluator.result().perPredicate,
  }));
  const [first] = results[0].values;
  if (!first) return [];
  const k = Math.max(...results[0].values.map(({ k }) => k));
  const rows = results.flatMap(({ name, values }) =>
    values.filter((each) => each.metric === first.metric && each.k === k && each.rows > 0)
      .map(({ predicate, rows, value }) => ({
        predicate: predicates[predicate],
        training: frequencies[predicate],
        rows,
        system: name,
        recall: finite(100 * value),
      }))
  );
  const { task, protocol } = systems[0].evaluation;
  return [{
    title: `Recall of each predicate, ${first.metric}@${k}`,
    note:
      `${task}, ${protocol.name}; against its number of training relations (logarithmic; none counts as one)`,
    kind: "scatter",
    ...{ x: "training", y: "recall", series: "system", name: "predicate" },
    isLogarithmic: true,
    least: 1,
    range: [0, 100],
    columns: [
      { key: "predicate", title: "predicate" },
      { key: "training", title: "training relations" },
      { key: "rows", title: "relations scored" },
      { key: "system", title: "system" },
      { key: "recall", title: "recall, %", digits: 2 },
    ],
    rows,
  }];
}

/** Upper limits of the numbers of entities that share a point. */
const SIZES = [2, 5, 10, 15, 20, 30, 40, Infinity];

/** Recall against the number of entities of an image. */
export function sizeChart(
  found: ModelEvaluation,
  numEntities: ReadonlyMap<string, number>,
): Chart[] {
  const systems = firstTask(found), { evaluator, task, protocol } = systems[0].evaluation;
  const k = Math.max(...evaluator.ks);
  const rows = systems.flatMap(({ name, evaluation }) => {
    const bins = SIZES.map(() => ({ hits: 0, rows: 0, images: 0, entities: 0 }));
    for (const { image, isScored, hits } of evaluation.evaluator.imageResults()) {
      const of = hits.find((each) => each.k === k && each.metric === "R");
      const n = numEntities.get(image);
      if (!isScored || !of || n === undefined) continue;
      const bin = bins[SIZES.findIndex((most) => n <= most)];
      bin.hits += of.hits;
      bin.rows += of.rows;
      bin.entities += n;
      bin.images++;
    }
    return bins.flatMap(({ hits, rows, images, entities }, i) =>
      rows === 0 ? [] : [{
        ...{ system: name, images, rows, hits },
        entities: `${(SIZES[i - 1] ?? 0) + 1} to ${
          SIZES[i] === Infinity ? "more" : SIZES[i]
        }`,
        mean: entities / images,
        recall: 100 * hits / rows,
      }]
    );
  });
  if (rows.length === 0) return [];
  return [{
    title: `R@${k} against the number of entities`,
    note:
      `${task}, ${protocol.name}; share of all annotated relations of images of about that size`,
    kind: "line",
    ...{ x: "mean", y: "recall", series: "system", range: [0, 100] },
    columns: [
      { key: "entities", title: "entities" },
      { key: "mean", title: "mean number of entities", digits: 1 },
      { key: "system", title: "system" },
      { key: "images", title: "images" },
      { key: "rows", title: "relations" },
      { key: "hits", title: "found" },
      { key: "recall", title: "recall, %", digits: 2 },
    ],
    rows,
  }];
}

/** A number, or null if it is missing. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
