/**
 * Arguments and flags of `preprocess`.
 *
 * @module
 */

import { PROCESSED } from "../../../src/dataset/dataset.ts";
import { LABEL_PREDICTORS } from "../../../src/label_predictor/label_predictor.ts";
import { DETECTED_VERSIONS } from "../../../src/preprocess/measured_detector.ts";
import { VG5K_DETECTIONS } from "../../../src/preprocess/preprocess_vg5k.ts";
import { VG5K_NODES } from "../../../src/preprocess/vg5k_detected.ts";
import { WORLD_SIZES } from "../../../src/world/write_dataset.ts";
import { FOREIGN_FLAGS } from "./foreign_flags.ts";
import { LINES_FILE_FLAG } from "./filter_flags.ts";
import { SHARD_FLAG } from "./shard_flags.ts";

/** What can be prepared. */
const DATASETS = ["synthetic", "vrd", "vg150", "vg5k", "sgp", "json"] as const;

/** What is prepared. */
export type Kind = typeof DATASETS[number];

/** The command. */
export const PREPROCESS = {
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
      help:
        "Folder of the downloaded files; for json, the file itself, also by its address",
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
      default: DETECTED_VERSIONS,
      min: 1,
      help:
        "With --detections rcnn: forms of each training image; all have simulated detections, but in vg5k the first has the real ones",
    },
    nodes: {
      values: VG5K_NODES,
      type: "string",
      unset: "annotated, in vg5k found",
      help:
        "With --detections rcnn: which boxes become entities: those annotated, those of them that the detector found (vg5k only), or in test images the detector's own, for SGDet",
    },
    detections: {
      default: "none",
      values: VG5K_DETECTIONS,
      help:
        "For vrd and vg5k: rcnn for labels of the publishers' detector, in the dataset vrd_rcnn_half<n> or vg5k_rcnn; none for given labels; stated (vg5k only) for simulated labels with scores; mixed (vg5k only) for all of these",
    },
    ...FOREIGN_FLAGS,
    lines: {
      ...LINES_FILE_FLAG,
      help:
        "For json, after --fits-only: file with an annotated image a line, or - for stdin; print its example, see docs/filters.md",
    },
    shard: SHARD_FLAG,
    fitsOnly: {
      default: false,
      help:
        "Only fit the label predictor; with --shard i/n this job's part of the fits. Parts of the images need all fits",
    },
  },
  examples: [
    "preprocess",
    "preprocess synthetic --train-images 20000",
    "preprocess vrd --label-predictor frequency --name vrd_frequency",
    "preprocess vrd --detections rcnn --half 0",
    "preprocess vrd --detections rcnn --half 0 --nodes detections",
    "preprocess vg5k --detections rcnn --nodes annotated",
    "preprocess json --raw mine.jsonl --name mine",
    "preprocess json --raw mine.jsonl --lines - < images.jsonl > examples.jsonl",
    "preprocess vg5k --fits-only",
    "preprocess vg5k --shard 2/8",
  ],
} as const;
