/**
 * Writes the report of a pipeline, a page with results, curves and predicted graphs.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import type { Example } from "../example.ts";
import type { SplitName } from "../dataset/manifest.ts";
import type { ReportLine } from "../eval/comparison/comparison.ts";
import { percent } from "../eval/comparison/table.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { type WorstImage, worstImages } from "../eval/worst_images.ts";
import { readFile, writeFileAtomically } from "../files.ts";
import { sha256 } from "../checksum.ts";
import { replaceFolder } from "../replace_folder.ts";
import type { Curve } from "../render/curve.ts";
import { type ReportExample, reportPage } from "../render/report_page.ts";
import { drawOverImage } from "../render/svg.ts";
import type { EpochEvent } from "../train/trainer.ts";
import { findCheckpoint, openCheckpoint } from "./checkpoints.ts";
import { folderName } from "./datasets.ts";
import { findImages, firstImages, graphsOf } from "./drawn_images.ts";

/** Folder of the reports. */
const REPORTS = "reports";

/** Number of images that are drawn because they are the first, and the worst. */
const NUM_EXAMPLES = 4;

/** Number of relations in a drawing. */
const TOP_K = 8;

/** The contents of a report. */
export interface ReportInput {
  /** Name of its folder. */
  name: string;
  /** The checkpoint whose graphs are drawn. */
  checkpoint: string;
  dataset: Dataset;
  /** The split that was scored. */
  split: SplitName;
  /** The scores of the checkpoint, which tell the worst images. */
  evaluation?: SystemEvaluation;
  rows: readonly ReportLine[];
  /** Training runs of the model and its control. */
  runs: readonly { name: string; epochs: readonly EpochEvent[] }[];
  settings: Readonly<Record<string, unknown>>;
  command: string;
}

/**
 * Writes `reports/<name>/index.html`, and beside it a drawing of the first image.
 *
 * @returns Path of the page.
 */
export async function writeReport(input: ReportInput): Promise<string> {
  const { name, dataset, rows, runs } = input;
  const folder = `${REPORTS}/${name}`;
  const examples = await predictExamples(input);
  const drawings = examples.slice(0, 1).map(({ predicted, background }) =>
    ["graph.svg", drawOverImage(predicted, { topK: TOP_K, background })] as const
  );
  const page = reportPage({
    title: `${name} on ${folderName(dataset)}`,
    headline: headlineOf(rows),
    rows,
    curves: curvesOf(runs),
    examples,
    settings: { ...input.settings, [input.checkpoint]: await hashOf(input.checkpoint) },
    command: input.command,
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

/** Tells which model a report is of, as its files may be replaced later. */
async function hashOf(checkpoint: string): Promise<string> {
  return `SHA-256 ${sha256(await readFile(await findCheckpoint(checkpoint)))}`;
}

/** The first images of the split, so that none is picked by hand, and the worst ones. */
async function predictExamples(input: ReportInput): Promise<ReportExample[]> {
  const { dataset, split, evaluation } = input;
  const first = await firstImages(dataset, split, NUM_EXAMPLES);
  const isFirst = new Set(first.map(({ example }) => example.id));
  // Some of the first ones may be among the worst.
  const worst = evaluation
    ? worstImages(evaluation.evaluator, NUM_EXAMPLES).filter(({ image }) =>
      !isFirst.has(image)
    )
    : [];
  const ids = worst.map(({ image }) => image);
  const images = [...first, ...await findImages(dataset, ids, [split])];
  const checkpoint = await openCheckpoint(input.checkpoint);
  const graphs = await graphsOf(images, dataset, TOP_K, checkpoint);
  return graphs.map((graph, i) => {
    if (i < first.length) return graph;
    const found = worst[i - first.length];
    return {
      ...graph,
      why: "among the worst",
      note: noteOf(found, evaluation!, images[i].example, dataset),
    };
  });
}

/** What was missed in an image. */
function noteOf(
  { metric, k, hits, rows, missed }: WorstImage,
  { task, protocol }: SystemEvaluation,
  { entityLabels }: Example,
  { vocabulary: { entities, predicates } }: Dataset,
): string {
  const names = missed.map(({ subject, object, predicate }) =>
    [
      entities[entityLabels[subject]],
      predicates[predicate],
      entities[entityLabels[object]],
    ].join(" ")
  );
  return `${task} ${metric}@${k}, ${protocol.name}: ${hits} of ${rows} found; missed: ${
    names.join(", ")
  }.`;
}

function headlineOf(rows: readonly ReportLine[]): string {
  const of = (name: string) =>
    rows.find(({ metric, k, baseline_name }) =>
      metric === "R" && k === 100 && baseline_name === name
    );
  const predictor = of("label_predictor"), control = of("gpi_no_context");
  if (!predictor) return "No rows of R@100.";
  const { task, protocol, value, baseline } = predictor;
  const beside = control
    ? ` and ${percent(control.baseline)} % of the same network without context`
    : "";
  return `${task.toUpperCase()} R@100 (${protocol}): ${percent(value)} %, beside ${
    percent(baseline)
  } % of the label predictor alone${beside}.`;
}

function curvesOf(runs: ReportInput["runs"]): Curve[] {
  const best = runs[0].epochs.findLast(({ isBest }) => isBest)?.epoch;
  const lines = (valueOf: (epoch: EpochEvent) => number) =>
    runs.map(({ name, epochs }) => ({ name, values: epochs.map(valueOf) }));
  return [
    {
      title: "validation recall, %",
      series: lines(({ validation }) => 100 * validation.recall),
      best,
    },
    { title: "training loss per image", series: lines(({ loss }) => loss), best },
  ];
}
