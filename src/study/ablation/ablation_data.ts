/**
 * The datasets of the study `ablation`, and the settings of training on each.
 *
 * @module
 */

import { MANIFEST_FILE } from "../../dataset/manifest.ts";
import { PROCESSED } from "../../dataset/dataset.ts";
import type { Task } from "../../eval/protocol.ts";
import { exists } from "../../files.ts";
import { nearestName } from "../../nearest.ts";
import { BUILT_IN } from "../../pipeline/datasets.ts";
import type { GivenSettings } from "../../settings.ts";

/** A dataset, or several whose test images are scored together. */
export interface AblationData {
  /** What commands and results call it. */
  name: string;
  /** What it is, for tables. */
  title: string;
  /**
   * Names or paths of processed datasets. A network is trained for each and scored on its
   * own test images, and the values are those of all images.
   */
  parts: readonly string[];
  /** What is asked of a network. */
  task: Task;
  /** K of the recall that tables show. */
  k: number;
  /** Settings of all networks, except those that the study changes. */
  settings: GivenSettings;
  /** What makes the parts, for an error message; missing if they are generated. */
  make?: string;
}

/** What the models of detected labels have in common. */
const DETECTED = {
  preset: "small",
  hidden: 128,
  layers: [128],
  entityWeight: 10,
  negativeRatio: 0,
  relations: "reread",
} as const;

/** Every dataset; the settings are those of `docs/results.md` for the same data. */
export const ABLATION_DATA: readonly AblationData[] = [
  {
    name: BUILT_IN,
    title: "built-in world",
    parts: [BUILT_IN],
    ...{ task: "sgcls", k: 100 },
    settings: { preset: "small" },
  },
  {
    name: "vrd_rcnn",
    title: "VRD, labels of its authors' R-CNN",
    parts: ["vrd_rcnn_half0", "vrd_rcnn_half1"],
    ...{ task: "sgcls", k: 50 },
    settings: { ...DETECTED, dropout: 0.1, epochs: 3 },
    make:
      '"deno task download vrd", "deno task download vrd_rcnn", and "deno task preprocess vrd --detections rcnn" with --half 0 and with --half 1',
  },
  {
    name: "vg5k_rcnn_all",
    title: "vg5k, all annotated boxes, labels of its Faster R-CNN",
    parts: ["vg5k_rcnn_all"],
    ...{ task: "sgcls", k: 50 },
    settings: { ...DETECTED, dropout: 0.1, epochs: 6, select: "loss" },
    make:
      '"deno task download vg5k" and "deno task preprocess vg5k --detections rcnn --nodes annotated"',
  },
  {
    name: "rs_mksgg",
    title: "RS-MKSGG, given labels",
    parts: ["rs_mksgg"],
    ...{ task: "predcls", k: 50 },
    settings: { preset: "small", epochs: 4 },
    make:
      'put VG-SGG.h5, VG-SGG-dicts.json and image_data.json of github.com/A11en4z/RS-MKSGG into data/raw/rs_mksgg, and run "deno task preprocess vg150 --raw data/raw/rs_mksgg --max-entities 16 --name rs_mksgg"',
  },
];

/**
 * Chooses datasets.
 *
 * @param names Names separated by commas; default: all that are there.
 * @returns The datasets, and those that are left out.
 * @throws {RangeError} If a name is unknown, or a named dataset is not there; the message
 * says what makes it.
 */
export async function chooseAblationData(
  names?: string,
): Promise<{ chosen: AblationData[]; leftOut: AblationData[] }> {
  if (names !== undefined) {
    const chosen = names.split(",").map(find);
    for (const data of chosen) await check(data);
    return { chosen, leftOut: [] };
  }
  const missing = await Promise.all(ABLATION_DATA.map(missingPart));
  return {
    chosen: ABLATION_DATA.filter((_, i) => missing[i] === undefined),
    leftOut: ABLATION_DATA.filter((_, i) => missing[i] !== undefined),
  };
}

function find(name: string): AblationData {
  const names = ABLATION_DATA.map(({ name }) => name);
  const found = ABLATION_DATA.find((data) => data.name === name);
  if (found) return found;
  throw new RangeError(
    `Cannot run the study on "${name}" as it must be one of ${
      names.join(", ")
    }: the nearest is "${nearestName(name, names)}"`,
  );
}

async function check(data: AblationData): Promise<void> {
  const part = await missingPart(data);
  if (part === undefined) return;
  throw new RangeError(
    `Cannot run the study on "${data.name}" as "${PROCESSED}/${part}" must be a dataset: found none; to make it: ${data.make}`,
  );
}

/** The first part that is not there and is not generated either. */
async function missingPart({ parts, make }: AblationData): Promise<string | undefined> {
  if (make === undefined) return undefined;
  for (const part of parts) {
    if (!await exists(`${PROCESSED}/${part}/${MANIFEST_FILE}`)) return part;
  }
  return undefined;
}
