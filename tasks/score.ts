/**
 * Scores one system on a dataset.
 *
 * @module
 */

import { openDataset } from "../src/pipeline/datasets.ts";
import type { AdjustmentPoint } from "../src/pipeline/scoring/logit_adjustment.ts";
import { openLineScorer } from "../src/pipeline/parts/evaluation_lines.ts";
import { entityOrders } from "../src/pipeline/scoring/image_results.ts";
import { scoreSystem } from "../src/pipeline/system_evaluation.ts";
import {
  isCheckpointName,
  LABEL_PREDICTOR,
  shortName,
} from "../src/pipeline/systems/systems.ts";
import { checkpointChoices, datasetChoices } from "./_cli/flags/choices.ts";
import {
  DATASET_DEFAULT,
  DATASET_HELP,
  formatOf,
  metricsOf,
  SYSTEM_FLAGS,
  SYSTEM_HELP,
} from "./_cli/flags/evaluation_flags.ts";
import { runFilter } from "./_cli/filter.ts";
import { LINES_FLAG, LINES_OUT_FLAG, refuseBeside } from "./_cli/flags/filter_flags.ts";
import { lineCommand } from "./_cli/flags/help.ts";
import { MissingArgumentError } from "./_cli/flags/flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import {
  printAdjustment,
  printNotes,
  printRows,
  printState,
} from "./_cli/print/evaluation.ts";
import { runTask } from "./_cli/run.ts";
import { shardOf, shardOfState, STATE_FLAGS } from "./_cli/flags/shard_flags.ts";

const SCORE = {
  name: "score",
  summary:
    "Score a checkpoint or the predictions of any other system, with 95 % intervals from a bootstrap\nover images. Predictions are JSON or JSONL as in docs/predictions.md, .npz, KaihuaTang's\ncustom_prediction.json or .pkl, SGBench's JSON, neural-motifs' .pkl, or Lu et al.'s .mat.",
  positionals: {
    system: { path: "path or name", help: SYSTEM_HELP, unset: "none, with --order" },
    dataset: { path: "path or name", help: DATASET_HELP, unset: DATASET_DEFAULT },
  },
  flags: {
    order: {
      default: false,
      help:
        "Score nothing: print the entities of each image of a split, in the order in which predictions index them",
    },
    lines: LINES_FLAG,
    out: LINES_OUT_FLAG,
    ...STATE_FLAGS,
    ...SYSTEM_FLAGS,
  },
  choices: () =>
    Promise.all([
      checkpointChoices("score"),
      datasetChoices((name) => `score ${LABEL_PREDICTOR} ${name}`),
    ]),
  examples: [
    "score mine.jsonl vrd --task preddet --metrics R,R/70,zR --k 50,100",
    "score custom_prediction.json vg150 --protocol motifs,sgg-benchmark --test-size 800,1333",
    "score --order vrd --split test",
    "score - vrd --lines --task preddet < mine.jsonl > found.jsonl",
  ],
} as const;

await runTask(SCORE, async (options) => {
  // "score --order vrd" names no system.
  const [system, dataset] = options.order && options.dataset === undefined
    ? [undefined, options.system]
    : [options.system, options.dataset];
  const listener = listenerOf(options);
  if (options.order) {
    if (dataset === undefined) throw new MissingArgumentError("score", "dataset");
    const { split, limit } = options;
    for await (
      const image of entityOrders(await openDataset(dataset, listener), split, limit)
    ) console.log(JSON.stringify(image));
    return;
  }
  if (system === undefined) throw new MissingArgumentError("score", "system");
  if (dataset === undefined && !isCheckpointName(system)) {
    throw new MissingArgumentError("score", "dataset");
  }
  if (options.lines) {
    if (dataset === undefined) throw new MissingArgumentError("score", "dataset");
    refuseBeside(options, "state", "perImage", "csv", "latex", "perPredicate");
    if (options.missing !== "refuse") refuseBeside(options, "missing");
    const settings = { ...options, metrics: metricsOf(options), shard: undefined };
    const score = await openLineScorer(
      system === "-" ? "predictions" : shortName(system),
      await openDataset(dataset, listener),
      settings,
      listener,
    );
    return await runFilter({
      ...{ task: "score", command: lineCommand(SCORE, options) },
      ...{ files: [system], shard: shardOf(options) },
      ...{ out: options.out, quiet: options.quiet },
    }, async (line) => JSON.stringify(await score(line)));
  }
  const shard = shardOfState(options);
  const curve: AdjustmentPoint[] = [];
  const settings = {
    ...options,
    shard,
    metrics: metricsOf(options),
    onAdjustment: (points: readonly AdjustmentPoint[]) => curve.push(...points),
  };
  const found = await scoreSystem({ ...settings, system, dataset }, listener);
  if (shard) return printState(found.dataset, { ...options, shard });
  printRows(found, options);
  printAdjustment(curve, options);
  if (formatOf(options) !== "text") return;
  console.log();
  printNotes(found.evaluations, found.dataset, options);
});
