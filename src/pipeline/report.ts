/**
 * Writes the report of a pipeline, a page with results, curves and predicted graphs.
 *
 * @module
 */

import { decodeGraph } from "../decode_graph.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Example } from "../example.ts";
import { drawScene } from "../world/drawing/scene_svg.ts";
import { generateScene } from "../world/world.ts";
import { isWorldDataset } from "../world/write_dataset.ts";
import type { ReportLine } from "../eval/comparison/comparison.ts";
import { percent } from "../eval/comparison/table.ts";
import { writeFileAtomically } from "../files.ts";
import { sha256 } from "../checksum.ts";
import { replaceFolder } from "../replace_folder.ts";
import type { Curve } from "../render/curve.ts";
import { type ReportExample, reportPage } from "../render/report_page.ts";
import { drawOverImage } from "../render/svg.ts";
import type { SceneGraph } from "../scene_graph.ts";
import type { EpochEvent } from "../train/trainer.ts";
import { openCheckpoint } from "./checkpoints.ts";
import { folderName } from "./datasets.ts";
import { networkOf } from "./systems.ts";

/** Folder of the reports. */
const REPORTS = "reports";

/** Number of drawn test images: always the first ones, so that none is picked by hand. */
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
  rows: readonly ReportLine[];
  /** Training runs of the model and its control. */
  runs: readonly { name: string; epochs: readonly EpochEvent[] }[];
  settings: Readonly<Record<string, unknown>>;
  command: string;
}

/**
 * Writes `reports/<name>/index.html`, and beside it a drawing of the first test image.
 *
 * @returns Path of the page.
 */
export async function writeReport(input: ReportInput): Promise<string> {
  const { name, dataset, rows, runs } = input;
  const folder = `${REPORTS}/${name}`;
  const examples = await predictExamples(input);
  const [{ predicted, background }] = examples;
  const drawing = drawOverImage(predicted, { topK: TOP_K, background });
  const page = reportPage({
    title: `${name} on ${folderName(dataset)}`,
    headline: headlineOf(rows),
    rows,
    curves: curvesOf(runs),
    examples,
    settings: input.settings,
    command: input.command,
    isSimulated: dataset.manifest.labelPredictor.simulated,
    topK: TOP_K,
  });
  const files = [["graph.svg", drawing], ["index.html", page]] as const;
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

async function predictExamples(
  { checkpoint, dataset }: ReportInput,
): Promise<ReportExample[]> {
  const images = await Array.fromAsync(dataset.examples("test", { limit: NUM_EXAMPLES }));
  const sgp = networkOf(await openCheckpoint(checkpoint));
  const predictions = await sgp.predict(images);
  sgp.dispose();
  return images.map((image, i) => ({
    id: image.id,
    predicted: decodeGraph(predictions[i], image, dataset.vocabulary, { k: TOP_K }),
    annotated: annotatedGraph(image, dataset),
    ...(isWorldDataset(dataset.manifest) && {
      background: drawScene(generateScene(dataset.manifest.seed ?? 0, "test", i)),
    }),
  }));
}

/** The annotated graph of an image, with scores of 1. */
function annotatedGraph(image: Example, { vocabulary }: Dataset): SceneGraph {
  const { boxes, entityLabels, relations, width, height } = image;
  const entities = Array.from(entityLabels, (labelIndex, i) => {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4);
    const box = [x1, y1, x2, y2] as const;
    return { label: vocabulary.entities[labelIndex], labelIndex, score: 1, box };
  });
  return {
    imageWidth: width,
    imageHeight: height,
    entities,
    relations: Array.from({ length: relations.length / 3 }, (_, r) => {
      const [subject, object, predicateIndex] = relations.subarray(3 * r, 3 * r + 3);
      const predicate = vocabulary.predicates[predicateIndex];
      return { subject, object, predicate, predicateIndex, score: 1 };
    }),
  };
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
