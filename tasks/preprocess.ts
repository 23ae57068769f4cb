/**
 * Prepares a dataset: examples with the logits of a label predictor.
 *
 * @module
 */

import type { Dataset } from "../src/dataset/dataset.ts";
import { WORLD_SIZES, writeWorldDataset } from "../src/world/write_dataset.ts";
import {
  LABEL_PREDICTORS,
  type LabelPredictorName,
} from "../src/label_predictor/label_predictor.ts";
import { preprocessJson } from "../src/preprocess/preprocess_json.ts";
import { preprocessSgp } from "../src/preprocess/preprocess_sgp.ts";
import { preprocessVg } from "../src/preprocess/preprocess_vg.ts";
import {
  preprocessVg5k,
  VG5K_DETECTIONS,
  type Vg5kDetections,
} from "../src/preprocess/preprocess_vg5k.ts";
import {
  preprocessVrd,
  VRD_DETECTIONS,
  VRD_VERSIONS,
  type VrdDetections,
  vrdRcnnName,
} from "../src/preprocess/preprocess_vrd.ts";
import { VRD_NODES, type VrdNodes } from "../src/preprocess/vrd_detected.ts";
import { PROCESSED } from "../src/dataset/dataset.ts";
import { UsageError } from "./_cli/flags.ts";
import { commandOf } from "./_cli/help.ts";
import { FOREIGN_FLAGS } from "./_cli/foreign_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

const DATASETS = ["synthetic", "vrd", "vg150", "vg5k", "sgp", "json"] as const;

const spec = {
  name: "preprocess",
  summary:
    "Prepare a dataset for training. A finished dataset that was made from the same inputs is kept.",
  positionals: {
    dataset: { default: "synthetic", values: DATASETS, help: "Dataset to prepare" },
  },
  flags: {
    name: {
      type: "string",
      unset: "<dataset>",
      help: `Name of its folder in ${PROCESSED}`,
    },
    raw: {
      type: "string",
      path: "path",
      unset: "data/raw/<dataset>",
      help: "Folder of the downloaded files; for json, the file itself",
    },
    labelPredictor: {
      default: "perceptron",
      values: LABEL_PREDICTORS,
      help:
        "For vrd, vg150, vg5k and json: label predictor that gives the relation logits",
    },
    workers: {
      type: "integer",
      min: 1,
      unset: "one per core",
      help: "Number of label predictor fits that run at the same time",
    },
    trainImages: {
      default: WORLD_SIZES.train,
      help: "For synthetic: number of training images",
    },
    validationImages: {
      default: WORLD_SIZES.validation,
      help: "For synthetic: number of validation images",
    },
    testImages: {
      default: WORLD_SIZES.test,
      help: "For synthetic: number of test images",
    },
    validation: {
      type: "integer",
      unset: "as the files say, else 5000 in VG150 itself, else a tenth",
      help: "For vg150: number of training images to use for validation",
    },
    maxEntities: {
      type: "integer",
      min: 1,
      unset: "no limit",
      help: "For vg150: leave out images with more than n boxes",
    },
    boxForm: {
      default: "centres",
      values: ["centres", "corners", "sizes"],
      help: "For vg150: form of the boxes in the HDF5 file",
    },
    swapSizes: {
      default: false,
      help: "For vg150: width and height stand for one another in image_data.json",
    },
    overlapping: {
      default: false,
      help: "For vg150: keep only training relations whose boxes overlap",
    },
    half: {
      type: "integer",
      min: 0,
      max: 1,
      unset: "both",
      help:
        "With vrd --detections rcnn: half of the test images that is scored, 0 or 1; with vg5k --detections mixed: sample beliefs of one half of the photographs",
    },
    versions: {
      default: VRD_VERSIONS,
      min: 1,
      help:
        "With vrd --detections rcnn: times that each training image is drawn with simulated detections",
    },
    nodes: {
      default: "annotated",
      values: VRD_NODES,
      help:
        "With vrd --detections rcnn: entities of the test images, the annotated boxes or, for SGDet, the detector's",
    },
    detections: {
      default: "none",
      values: VG5K_DETECTIONS,
      help:
        "For vrd and vg5k: rcnn for labels of the publishers' detector, in the dataset vrd_rcnn_half<n> or vg5k_rcnn; none for given labels; mixed (vg5k only) for both",
    },
    ...FOREIGN_FLAGS,
  },
  examples: [
    "preprocess",
    "preprocess synthetic --train-images 20000",
    "preprocess vrd --label-predictor frequency --name vrd_frequency",
    "preprocess vrd --detections rcnn --half 0",
    "preprocess vrd --detections rcnn --half 0 --nodes detections",
    "preprocess vg5k --detections rcnn",
    "preprocess json --raw mine.jsonl --name mine",
  ],
} as const;

await runTask(spec, async (options) => {
  const { dataset: kind, seed, json, workers, validation, maxEntities } = options;
  const { detections, half, versions } = options;
  const nodes = options.nodes as VrdNodes;
  const name = options.name ?? nameOf(options);
  const out = `${PROCESSED}/${name}`;
  const raw = options.raw ?? `data/raw/${kind}`;
  const bar = progressBar(`preprocess ${name}`, "images", options);
  let isMade = false;
  const common = {
    seed,
    command: commandOf(spec, options),
    onWait: (owner: string) => {
      const text = `Waiting for ${owner}, which makes the same dataset`;
      if (!json && !options.quiet) console.error(text);
    },
    onProgress: (done: number, total: number) => {
      isMade = true;
      bar.update(done, total);
    },
  };
  const fitted = {
    ...common,
    out,
    workers,
    strict: options.strict,
    cutBoxes: options.cutBoxes,
    onWarning: listenerOf(options).warn,
    labelPredictor: options.labelPredictor as LabelPredictorName,
  };
  const MAKERS: Record<typeof DATASETS[number], () => Promise<Dataset>> = {
    synthetic: () =>
      writeWorldDataset(out, {
        ...common,
        name,
        sizes: {
          train: options.trainImages,
          validation: options.validationImages,
          test: options.testImages,
        },
      }),
    vrd: () => {
      const choice = oneOf(detections, VRD_DETECTIONS, kind) as VrdDetections;
      return preprocessVrd({
        ...fitted,
        raw,
        name,
        detections: choice,
        half,
        versions,
        nodes,
      });
    },
    vg150: () =>
      preprocessVg({
        ...fitted,
        ...{ raw, name, validation, maxEntities, overlapping: options.overlapping },
        ...{ boxForm: options.boxForm, swapSizes: options.swapSizes },
      }),
    vg5k: () => {
      const choice = detections as Vg5kDetections;
      return preprocessVg5k({ ...fitted, raw, name, detections: choice, half });
    },
    sgp: () => preprocessSgp({ ...fitted, raw, name }),
    json: () => preprocessJson({ ...fitted, file: raw, name: options.name }),
  };
  const dataset = await MAKERS[kind]();
  bar.done();
  const { splits } = dataset.manifest;
  const images = Object.entries(splits).map(([split, info]) => [split, info.images]);
  if (json) {
    const counts = Object.fromEntries(images);
    const mended = dataset.manifest.details?.mended;
    console.log(
      JSON.stringify({ dataset: name, folder: out, made: isMade, ...counts, mended }),
    );
  } else {
    const counts = images.map(([split, count]) => `${count} ${split}`).join(", ");
    console.log(`${out}: ${counts} images${isMade ? "" : ", made before"}`);
  }
});

/** The name of a dataset that --name does not name. */
function nameOf(
  { dataset, detections, half, nodes }: {
    dataset: string;
    detections: string;
    half?: number;
    nodes: string;
  },
): string {
  if (detections === "none" || !["vrd", "vg5k"].includes(dataset)) return dataset;
  if (dataset === "vrd") return vrdRcnnName(half, nodes as VrdNodes);
  return `${dataset}_${detections}`;
}

/** Checks a value of --detections that only some datasets have. */
function oneOf(value: string, known: readonly string[], dataset: string): string {
  if (known.includes(value)) return value;
  throw new UsageError(
    `Cannot use --detections ${value} with "${dataset}": it must be one of ${
      known.join(", ")
    }`,
  );
}
