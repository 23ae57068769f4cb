/**
 * Writes a page of charts and drawings of one or more training runs.
 *
 * @module
 */

import { evaluateModel } from "../src/pipeline/model_evaluation.ts";
import { reportName, writeReport } from "../src/report/report.ts";
import { LABEL_PREDICTOR } from "../src/pipeline/systems/systems.ts";
import { checkpointChoices } from "./_cli/flags/choices.ts";
import {
  checkPhotographs,
  evaluationFlags,
  formatOf,
  metricsOf,
  MODEL_FLAGS,
  PHOTOGRAPHS_FLAG,
  SYSTEM_HELP,
} from "./_cli/flags/evaluation_flags.ts";
import { commandOf } from "./_cli/flags/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printRows } from "./_cli/print/evaluation.ts";
import { runTask } from "./_cli/run.ts";

const REPORT = {
  name: "report",
  summary:
    `Write reports/<name>/index.html: one page of charts with their numbers, and of images with
their graphs. It has learning curves, metrics with 95 % intervals beside the ${LABEL_PREDICTOR}
and the control, recall of each predicate, calibration, labels and predicates before and after
context, and the images that context helped and hurt most. Of several runs it compares each with
the first.`,
  positionals: { run: { path: "path or name", many: true, help: SYSTEM_HELP } },
  flags: {
    name: {
      type: "string",
      unset: "the names of the runs, joined by _and_",
      help: "Name of the report's folder in reports/",
    },
    photographs: PHOTOGRAPHS_FLAG,
    ...MODEL_FLAGS,
    ...evaluationFlags(
      "R,mR,F1",
      "sgcls,predcls; predcls,preddet if the dataset has given labels",
      "motifs; vrd for preddet",
    ),
  },
  choices: () => Promise.all([checkpointChoices("report")]),
  examples: [
    "report gpi_linguistic_best",
    "report gpi_mean_best gpi_linguistic_best --task sgcls --name pooling",
    "report gpi_linguistic_vg5k_best --photographs images",
  ],
} as const;

await runTask(REPORT, async (options) => {
  const settings = {
    ...options,
    protocol: options.protocol ?? "motifs",
    metrics: metricsOf({ ...options, perPredicate: true }),
    command: commandOf(REPORT, options),
  };
  const listener = listenerOf(options);
  const { photographs } = options;
  await checkPhotographs(photographs);
  const found = await evaluateModel({ ...settings, systems: options.run }, listener);
  const name = options.name ?? reportName(found.models);
  const path = await writeReport(
    { name, found, options: settings, photographs },
    listener,
  );
  printRows(found, options);
  if (options.json) console.log(JSON.stringify({ report: path }));
  if (formatOf(options) === "text") console.log(`Report: ${path} (open it in a browser)`);
});
