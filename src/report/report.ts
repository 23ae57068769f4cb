/**
 * Writes the report of an evaluation: a page with results, charts and predicted graphs.
 *
 * @module
 */

import { loadPlotting } from "../deps/plot.ts";
import { type ReportLine, reportRows } from "../eval/comparison/comparison.ts";
import { percent } from "../eval/comparison/table.ts";
import { exists, readFile, writeFileAtomically } from "../files.ts";
import { sha256 } from "../checksum.ts";
import { replaceFolder } from "../replace_folder.ts";
import type { Chart } from "../render/charts/chart.ts";
import { drawChart } from "../render/charts/svg.ts";
import { drawExample, reportPage, type ResultsOf } from "../render/report_page.ts";
import { beliefCharts } from "./belief_charts.ts";
import { checkpointPath } from "../pipeline/checkpoints.ts";
import { folderName } from "../pipeline/datasets.ts";
import { type Listener, SILENT } from "../pipeline/listener.ts";
import type { ModelEvaluation } from "../pipeline/model_evaluation.ts";
import type { ModelEvaluationOptions } from "../pipeline/model_systems.ts";
import {
  type BeliefReport,
  measureReliability,
} from "../pipeline/scoring/reliability.ts";
import {
  metricCharts,
  predicateChart,
  sizeChart,
  trainingCharts,
  type TrainingLog,
  valuesOf,
} from "./charts.ts";
import { predictExamples, TOP_K } from "./images.ts";
import type { CheckpointSystem } from "../pipeline/systems/systems.ts";
import { trainingLogs } from "./training_logs.ts";

/** Folder of the reports. */
const REPORTS = "reports";

/** The contents of a report. */
export interface ReportInput {
  /** Name of its folder. */
  name: string;
  /** The results, whose models are described. */
  found: ModelEvaluation;
  /** How they were computed. */
  options: Omit<ModelEvaluationOptions, "systems" | "from">;
  /** Training runs; default: as the logs beside the checkpoints tell. */
  logs?: readonly TrainingLog[];
  /** Every setting by name; default: those that the checkpoints record. */
  settings?: Readonly<Record<string, unknown>>;
  /** Folder of photographs; default: `photographs` in the dataset's folder, if it is there. */
  photographs?: string;
}

/**
 * Writes `reports/<name>/index.html`, and beside it a drawing of the first image.
 *
 * @param input The results, and how they were computed.
 * @param listener Receives progress.
 * @returns Path of the page.
 */
export async function writeReport(
  { name, found, options, logs, settings, photographs }: ReportInput,
  listener: Listener = SILENT,
): Promise<string> {
  const { dataset, models, runs } = found, { split, limit } = options;
  const folder = `${REPORTS}/${name}`;
  const firstRuns = models.map((model) => runs[model][0]);
  const checkpoints = found.systems.filter((system) =>
    system.kind === "checkpoint" && firstRuns.includes(system.name)
  ) as CheckpointSystem[];
  const beliefs: BeliefReport[] = [];
  for (const system of checkpoints) {
    beliefs.push(await measureReliability(system, dataset, split, options, listener));
  }
  const numEntities = new Map<string, number>();
  for await (const { id, entityLabels } of dataset.examples(split, { limit })) {
    numEntities.set(id, entityLabels.length);
  }
  const values = valuesOf(found, options);
  const sections: [title: string, charts: Chart[]][] = [
    ["Training", trainingCharts(logs ?? await trainingLogs(checkpoints))],
    ["Metrics", metricCharts({ ...found, values })],
    ["Predicates and sizes", [
      ...predicateChart(found, await trainingFrequencies(found)),
      ...sizeChart(found, numEntities),
    ]],
    ["Labels and probabilities", beliefCharts(beliefs)],
  ];
  const plot = await loadPlotting();
  const examples = await predictExamples(
    found,
    split,
    checkpoints[0],
    { limit, photographs },
    listener,
  );
  const drawings = examples.slice(0, 1).map((example) =>
    ["graph.svg", drawExample(example, example.predicted, TOP_K)] as const
  );
  const page = reportPage({
    title: `${models.join(", ")} on ${folderName(dataset)}`,
    headline: headlineOf(found.rows.filter(({ model }) => model === models[0])),
    tables: tablesOf(found, options),
    charts: sections.map(([title, charts]) => ({
      title,
      charts: charts.map((chart) => drawChart(chart, plot)),
    })),
    examples,
    settings: {
      ...settings ?? settingsOf(found, checkpoints),
      ...await hashesOf(checkpoints),
    },
    command: options.command,
    isSimulated: dataset.manifest.labelPredictor.simulated,
    topK: TOP_K,
  });
  const files = [...drawings, ["index.html", page] as const];
  await replaceFolder(
    folder,
    {
      isPart: (file) => files.some(([name]) => name === file),
      last: "index.html",
      making: sha256(page),
    },
    () => Promise.resolve(undefined),
    async (aside) => {
      for (const [file, text] of files) {
        await writeFileAtomically(`${aside}/${file}`, text);
      }
    },
  );
  return `${folder}/index.html`;
}

/** Tells which models a report is of, as their files may be replaced later. */
async function hashesOf(systems: readonly CheckpointSystem[]) {
  const hashes: Record<string, string> = {};
  for (const { name, given } of systems) {
    // A checkpoint of the published program has no file here.
    const path = checkpointPath(given);
    if (await exists(path)) hashes[name] = `SHA-256 ${sha256(await readFile(path))}`;
  }
  return hashes;
}

/** The name of a report of these models. */
export function reportName(models: readonly string[]): string {
  // Names may be paths, which must not lead elsewhere.
  const names = models.map((name) => name.replace(/[^\w.-]/g, "_").replace(/^\.+/, ""));
  return names.join("_and_").slice(0, 100) || "report";
}

/** Number of annotated training relations of each predicate. */
async function trainingFrequencies({ dataset }: ModelEvaluation): Promise<number[]> {
  const counts = dataset.vocabulary.predicates.map(() => 0);
  for await (const { relations } of dataset.examples("train")) {
    for (let r = 2; r < relations.length; r += 3) counts[relations[r]]++;
  }
  return counts;
}

/** A table for each model beside the baselines, and for each but the first beside the first. */
function tablesOf(
  found: ModelEvaluation,
  { split, seed, resamples }: ReportInput["options"],
): ResultsOf[] {
  const { models, rows, evaluations, dataset, runs } = found;
  const [first, ...others] = models;
  const named = (title: string) => others.length > 0 ? { title } : {};
  return [
    ...models.map((model) => ({
      ...named(model),
      rows: rows.filter((row) => row.model === model),
    })),
    ...others.map((model) => ({
      title: `${model} beside ${first}`,
      rows: reportRows(evaluations, {
        ...{ dataset: folderName(dataset), split, model, baselines: [first] },
        ...{ runs, seed, resamples },
      }),
    })),
  ];
}

/** The settings that checkpoints record; where runs differ, one for each run. */
function settingsOf(
  { dataset }: ModelEvaluation,
  checkpoints: readonly CheckpointSystem[],
): Record<string, unknown> {
  const all = checkpoints.map(({ name, checkpoint: { config, training } }) => ({
    name,
    settings: {
      ...config,
      ...training.config,
      "training command": training.command,
      "best epoch": training.epoch,
      "training data, hash": training.dataset?.inputsHash,
    } as Record<string, unknown>,
  }));
  const merged: Record<string, unknown> = {
    dataset: folderName(dataset),
    "dataset, hash": dataset.manifest.inputsHash,
    "label predictor": dataset.manifest.labelPredictor.name,
  };
  for (const key of new Set(all.flatMap(({ settings }) => Object.keys(settings)))) {
    const texts = all.map(({ settings }) => JSON.stringify(settings[key]));
    if (texts.every((text) => text === texts[0])) merged[key] = all[0].settings[key];
    else for (const { name, settings } of all) merged[`${key}, ${name}`] = settings[key];
  }
  return merged;
}

function headlineOf(rows: readonly ReportLine[]): string {
  const most = Math.max(...rows.map(({ k }) => k ?? 0));
  const of = (name: string) =>
    rows.find(({ metric, k, baseline_name }) =>
      metric === "R" && k === most && baseline_name === name
    );
  const predictor = of("label_predictor"), control = of("gpi_no_context");
  if (!predictor) return "Values beside no baseline.";
  const { task, protocol, value, baseline } = predictor;
  const beside = control
    ? ` and ${percent(control.baseline!)} % of the same network without context`
    : "";
  return `${task.toUpperCase()} R@${most} (${protocol}): ${percent(value)} %, beside ${
    percent(baseline!)
  } % of the label predictor alone${beside}.`;
}
