/**
 * Prepares a dataset: examples with the logits of a label predictor.
 *
 * @module
 */

import { type Dataset, PROCESSED } from "../src/dataset/dataset.ts";
import { isWebAddress, withoutSecrets } from "../src/address.ts";
import { localFile } from "../src/pipeline/remote_files.ts";
import { writeWorldDataset } from "../src/world/write_dataset.ts";
import type { LabelPredictorName } from "../src/label_predictor/label_predictor.ts";
import { preprocessFits, type PreprocessInput } from "../src/preprocess/preprocess.ts";
import { openLinePreprocessor } from "../src/preprocess/preprocess_lines.ts";
import { prepareJson, preprocessJson } from "../src/preprocess/preprocess_json.ts";
import { preprocessSgp } from "../src/preprocess/preprocess_sgp.ts";
import { prepareVg, preprocessVg } from "../src/preprocess/preprocess_vg.ts";
import {
  prepareVg5k,
  preprocessVg5k,
  type Vg5kDetections,
  vg5kName,
} from "../src/preprocess/preprocess_vg5k.ts";
import {
  prepareVrd,
  preprocessVrd,
  VRD_DETECTIONS,
  type VrdDetections,
  vrdRcnnName,
} from "../src/preprocess/preprocess_vrd.ts";
import type { Vg5kNodes } from "../src/preprocess/vg5k_detected.ts";
import { VRD_NODES, type VrdNodes } from "../src/preprocess/vrd_detected.ts";
import { runFilter } from "./_cli/filter.ts";
import { refuseBeside } from "./_cli/flags/filter_flags.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import { commandOf } from "./_cli/flags/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import { type Kind, PREPROCESS } from "./_cli/flags/preprocess_flags.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";
import { shardOf } from "./_cli/flags/shard_flags.ts";

await runTask(PREPROCESS, async (options) => {
  const { dataset: kind, seed, json, workers, validation, maxEntities } = options;
  const { detections, half, versions } = options, shard = shardOf(options);
  if (options.nodes !== undefined && detections !== "rcnn") {
    throw new UsageError(
      `Cannot use --nodes with --detections ${detections}: it must be rcnn, whose boxes are chosen`,
    );
  }
  const name = options.name ?? nameOf(options);
  const out = `${PROCESSED}/${name}`;
  const raw = options.raw ?? `data/raw/${kind}`;
  const bar = progressBar(`preprocess ${name}`, "images", options);
  let isMade = false;
  const common = {
    seed,
    shard,
    // How the work is divided decides nothing.
    command: commandOf(PREPROCESS, { ...options, shard: undefined }),
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
    ...{ out, workers },
    strict: options.strict,
    cutBoxes: options.cutBoxes,
    onWarning: listenerOf(options).warn,
    labelPredictor: options.labelPredictor as LabelPredictorName,
  };
  const vrd = () => {
    const choice = oneOf("detections", detections, VRD_DETECTIONS, kind) as VrdDetections;
    const nodes = vrdNodes(options.nodes);
    return { ...fitted, raw, name, detections: choice, half, versions, nodes };
  };
  const vg150 = () => ({
    ...{ ...fitted, raw, name, validation, maxEntities },
    ...{ overlapping: options.overlapping, boxForm: options.boxForm },
    swapSizes: options.swapSizes,
  });
  const vg5k = () => {
    const choice = detections as Vg5kDetections, nodes = options.nodes as Vg5kNodes;
    return { ...fitted, raw, name, detections: choice, half, versions, nodes };
  };
  const own = async () => ({
    ...{ ...fitted, file: await localFile(raw, listenerOf(options)), name: options.name },
    ...isWebAddress(raw) && { address: withoutSecrets(raw) },
  });
  const { lines } = options;
  if (lines !== undefined) {
    refuseBeside(options, "fitsOnly");
    if (kind !== "json") {
      throw new UsageError(
        `Cannot use --lines with "${kind}" as lines must be images in the form of docs/own_data.md: use json, or --shard`,
      );
    }
    const filter = { task: "preprocess", command: "", files: [lines], shard };
    const answer = await openLinePreprocessor({ ...await own(), shard: undefined });
    return await runFilter({ ...filter, quiet: options.quiet }, answer);
  }
  if (options.fitsOnly) {
    const PREPARERS: Partial<Record<Kind, () => Promise<PreprocessInput | undefined>>> = {
      vrd: () => prepareVrd(vrd()),
      vg150: () => prepareVg(vg150()),
      vg5k: () => prepareVg5k(vg5k()),
      json: async () => prepareJson(await own()),
    };
    const input = await PREPARERS[kind]?.();
    const made = input && await preprocessFits(...input);
    bar.done();
    return printFits(name, made, json);
  }
  const MAKERS: Record<Kind, () => Promise<Dataset>> = {
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
    vrd: () => preprocessVrd(vrd()),
    vg150: () => preprocessVg(vg150()),
    vg5k: () => preprocessVg5k(vg5k()),
    sgp() {
      if (!shard) return preprocessSgp({ ...fitted, raw, name });
      throw new UsageError(
        'Cannot preprocess --shard of "sgp" as its images have logits: each job would read all files and compute nothing; leave out --shard',
      );
    },
    json: async () => preprocessJson(await own()),
  };
  const dataset = await MAKERS[kind]();
  bar.done();
  const { manifest: { splits }, folder } = dataset;
  const images = Object.entries(splits).map(([split, info]) => [split, info.images]);
  if (json) {
    const counts = Object.fromEntries(images);
    const mended = dataset.manifest.details?.mended;
    console.log(
      JSON.stringify({ dataset: name, folder, made: isMade, ...counts, mended }),
    );
  } else {
    const counts = images.map(([split, count]) => `${count} ${split}`).join(", ");
    console.log(`${folder}: ${counts} images${isMade ? "" : ", made before"}`);
  }
});

/** Says which fits of the label predictor are there; not all datasets have some. */
function printFits(
  name: string,
  made: { folder: string; mine: number; all: number } | undefined,
  json: boolean,
): void {
  const { folder = null, mine = 0, all = 0 } = made ?? {};
  if (json) console.log(JSON.stringify({ dataset: name, folder, fits: mine, of: all }));
  else if (all === 0) {
    console.log(`${name}: no label predictor is fitted that takes time`);
  } else console.log(`${folder}: ${mine} of ${all} fits`);
}

/** The name of a dataset that --name does not name. */
function nameOf(
  { dataset, detections, half, nodes }: {
    dataset: string;
    detections: string;
    half?: number;
    nodes?: string;
  },
): string {
  if (dataset === "vrd" && detections !== "none") {
    return vrdRcnnName(half, vrdNodes(nodes));
  }
  if (dataset !== "vg5k") return dataset;
  return vg5kName(detections as Vg5kDetections, nodes as Vg5kNodes);
}

function vrdNodes(nodes: string = "annotated"): VrdNodes {
  return oneOf("nodes", nodes, VRD_NODES, "vrd") as VrdNodes;
}

/** Checks the value of a flag that only some datasets have. */
function oneOf(
  flag: string,
  value: string,
  known: readonly string[],
  dataset: string,
): string {
  if (known.includes(value)) return value;
  throw new UsageError(
    `Cannot use --${flag} ${value} with "${dataset}": it must be one of ${
      known.join(", ")
    }`,
  );
}
