/**
 * Draws a chosen image of a dataset: its annotation beside a prediction.
 *
 * @module
 */

import { lastName } from "../address.ts";
import type { SplitName } from "../dataset/manifest.ts";
import { writeFileAtomically } from "../files.ts";
import { type BackendName, useBackend } from "../kernels/backend.ts";
import { drawExample, type ReportExample, reportPage } from "../render/report_page.ts";
import { folderName, openDataset } from "../pipeline/datasets.ts";
import { findImages, graphsOf } from "./drawn_images.ts";
import { type Listener, SILENT } from "../pipeline/listener.ts";
import { photographsOf } from "./photographs.ts";
import {
  checkVocabulary,
  LABEL_PREDICTOR,
  openSystem,
} from "../pipeline/systems/systems.ts";

/** The image to draw. */
export interface DrawImageOptions {
  /** Name or path of the dataset. */
  dataset: string;
  /** Id of the image. */
  image: string;
  /** Where to look for it; default: everywhere. */
  split?: SplitName;
  /** Name or path of a checkpoint, or `label_predictor`. */
  checkpoint: string;
  /** Number of predicted relations. */
  k: number;
  /** Folder of photographs; default: `photographs` in the dataset's folder, if it is there. */
  photographs?: string;
  /** Folder of the files. */
  out: string;
  /** The backend; default: its own choice. */
  backend?: BackendName;
  /** The command line, which the page shows. */
  command: string;
}

/** What was drawn. */
export interface DrawnImage extends ReportExample {
  split: SplitName;
  /** Paths: a page, and a drawing of each graph over the image. */
  files: { page: string; annotated: string; predicted: string };
}

/**
 * Draws an image.
 *
 * @param options The image, and what predicts its graph.
 * @param listener Receives the progress of a dataset that has to be generated.
 * @returns The graphs and the files.
 * @throws {RangeError} If the dataset, the image or the checkpoint is not there, or they do
 * not fit together; or if the checkpoint is a file of predictions.
 */
export async function drawImage(
  options: DrawImageOptions,
  listener: Listener = SILENT,
): Promise<DrawnImage> {
  const { image, split, checkpoint: name, k, out } = options;
  const system = await openSystem(name);
  if (system.kind === "predictions" || system.kind === "frequency") {
    throw new RangeError(
      `Cannot draw with "${name}": it must be a checkpoint or "${LABEL_PREDICTOR}": found ${
        system.kind === "predictions" ? "a file of predictions" : "a table of counts"
      }`,
    );
  }
  const dataset = await openDataset(options.dataset, listener);
  checkVocabulary(system, dataset);
  const images = await findImages(dataset, [image], split && [split]);
  const checkpoint = system.kind === "checkpoint" ? system.checkpoint : undefined;
  if (checkpoint) await useBackend(options.backend);
  const [drawn] = await graphsOf(images, dataset, k, checkpoint);
  const { photographs } = options;
  const [photograph] = await photographsOf(images, { dataset, photographs }, listener);
  const example = { ...drawn, photograph }, { predicted, annotated } = example;
  // The id comes from the data, so it must not lead the path elsewhere.
  const stem = `${folderName(dataset)}-${lastName(image).replace(/[^\w.-]/g, "_")}`;
  const path = (ending: string) => `${out}/${stem}${ending}`;
  const files = {
    page: path(".html"),
    annotated: path("-annotated.svg"),
    predicted: path("-predicted.svg"),
  };
  await writeFileAtomically(files.annotated, drawExample(example, annotated, k));
  await writeFileAtomically(files.predicted, drawExample(example, predicted, k));
  const page = reportPage({
    title: `${image} of ${folderName(dataset)}`,
    headline: `Annotation beside the prediction of ${system.name}.`,
    ...{ tables: [], charts: [], examples: [example], topK: k },
    settings: {},
    command: options.command,
    isSimulated: dataset.manifest.labelPredictor.simulated,
  });
  await writeFileAtomically(files.page, page);
  return { ...example, split: images[0].split, files };
}
