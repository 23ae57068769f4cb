/**
 * Shows the images of a dataset, and what models made of them, in the browser.
 *
 * @module
 */

import { TASKS } from "../src/eval/protocol.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { viewApp } from "../src/view/app.ts";
import { DroppedFiles } from "../src/view/dropped.ts";
import { Photographs } from "../src/dataset/photographs.ts";
import { Runs } from "../src/view/runs.ts";
import { View } from "../src/view/view.ts";
import { checkpointChoices, datasetChoices } from "./_cli/flags/choices.ts";
import {
  DATASET_DEFAULT,
  DATASET_HELP,
  evaluationFlags,
  PHOTOGRAPHS_FLAG,
} from "./_cli/flags/evaluation_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { openInBrowser, serveLocally } from "./_cli/local_server.ts";
import { SOURCE_FLAGS, SourceReader } from "./_cli/predict/sources.ts";
import { runTask } from "./_cli/run.ts";

const { split, k, missing, limit, testSize, boxScale, backend } = evaluationFlags(
  "R",
  "",
  "",
);

const VIEW = {
  name: "view",
  summary:
    `Show a dataset in the browser: each image with its annotated graph, that of the label predictor
and those of models, side by side; images in the order of their recall, filtered, or found by
a pattern of relations; whom entities attend to; your own photographs; training as it runs.
The page is served to this machine alone. Ctrl-C ends it.`,
  positionals: {
    dataset: { path: "path or name", unset: DATASET_DEFAULT, help: DATASET_HELP },
    system: {
      path: "path or name",
      many: true,
      unset: "none",
      help: "Checkpoints (names or paths) and files of predictions",
    },
  },
  flags: {
    split,
    task: {
      type: "string",
      values: TASKS,
      unset: "sgcls; predcls if the dataset has given labels, sgdet if detected boxes",
      help: "What systems are given",
    },
    protocol: {
      type: "string",
      unset: "motifs; vrd on VRD",
      help:
        "Whose program counts: sgp, motifs, sgg-benchmark, vrd; options follow a +, see docs/evaluation.md",
    },
    ...{ k, missing, limit, testSize, boxScale, backend },
    photographs: PHOTOGRAPHS_FLAG,
    checkpoint: {
      default: "gpi_linguistic_vg_pretrained",
      path: "path or name",
      help: "Checkpoint for photographs and detections that are dropped on the page",
    },
    ...SOURCE_FLAGS,
    runs: {
      default: "checkpoints",
      path: "path",
      help: "Folder with the logs of training, whose curves are shown",
    },
    fresh: {
      default: false,
      help: "Evaluate again what earlier starts have kept in data/processed/.evaluations",
    },
    port: {
      type: "integer",
      min: 1,
      max: 65_535,
      unset: "8190 if it is free, else any",
      help: "Port of the page",
    },
    open: {
      default: false,
      help: "Open the page in the browser; Deno asks whether it may start it",
    },
  },
  choices: () =>
    Promise.all([
      datasetChoices((name) => `view ${name}`),
      checkpointChoices("view <dataset>"),
    ]),
  examples: [
    "view synthetic gpi_linguistic_pretrained --open",
    "view vg5k gpi_linguistic_vg_pretrained predictions.jsonl --photographs images",
  ],
} as const;

await runTask(VIEW, async (options) => {
  const listener = listenerOf(options), { system, detector, json, port } = options;
  const { backend, minBelief, maxEntities } = options;
  const checkpoint = await findCheckpoint(options.checkpoint);
  // A wrong folder, and a port that is in use, are told of before any work.
  if (options.photographs !== undefined) await Photographs.open(options.photographs);
  const ready = Promise.withResolvers<
    (request: Request) => Response | Promise<Response>
  >();
  const server = serveLocally(async (request) => (await ready.promise)(request), port);
  using view = await View.open({
    ...{ ...options, metrics: "R", systems: system, isFresh: options.fresh },
  }, listener);
  const photographs = await Photographs.ofDataset(view.dataset, options.photographs);
  await using reader = new SourceReader(detector, {
    detector: { backend, minBelief },
    hints: {},
  });
  using dropped = new DroppedFiles({
    ...{ checkpoint, backend, minBelief, maxEntities },
    read: (bytes, name) => reader.readBytes(bytes, name),
  });
  const runs = new Runs(options.runs);
  ready.resolve(viewApp({ view, photographs, dropped, runs }));
  if (json) console.log(JSON.stringify({ url: server.url }));
  else console.log(`${server.url} (Ctrl-C ends it)`);
  if (options.open) await openInBrowser(server.url);
  await server.finished;
});
