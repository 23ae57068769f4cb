/**
 * Evaluates a model against the label predictor alone and against the control.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { adjustmentChart } from "../src/report/adjustment_chart.ts";
import { openLineEvaluator } from "../src/pipeline/parts/evaluation_lines.ts";
import { evaluateModel } from "../src/pipeline/model_evaluation.ts";
import type { AdjustmentPoint } from "../src/pipeline/scoring/logit_adjustment.ts";
import { measureReliability } from "../src/pipeline/scoring/reliability.ts";
import { chartFile } from "../src/render/charts/file.ts";
import { reportName, writeReport } from "../src/report/report.ts";
import { LABEL_PREDICTOR } from "../src/pipeline/systems/systems.ts";
import {
  checkPhotographs,
  evaluationFlags,
  formatOf,
  metricsOf,
  MODEL_FLAGS,
  PHOTOGRAPHS_FLAG,
  SYSTEM_HELP,
} from "./_cli/flags/evaluation_flags.ts";
import { checkpointChoices, datasetChoices } from "./_cli/flags/choices.ts";
import { runFilter } from "./_cli/filter.ts";
import {
  LINES_FILE_FLAG,
  LINES_OUT_FLAG,
  refuseBeside,
} from "./_cli/flags/filter_flags.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import { commandOf, lineCommand } from "./_cli/flags/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import {
  printAdjustment,
  printNotes,
  printRows,
  printState,
} from "./_cli/print/evaluation.ts";
import { reliabilityText } from "./_cli/print/reliability.ts";
import { runTask } from "./_cli/run.ts";
import { shardOf, shardOfState, STATE_FLAGS } from "./_cli/flags/shard_flags.ts";

const EVAL = {
  name: "eval",
  summary:
    "Evaluate a model beside the label predictor alone, the control without context, and a table of\ntraining counts. Differences have 95 % intervals from a paired bootstrap over images. For several\nmodels it prints a table with a row each, as in papers; --json and --csv have the differences, too.",
  positionals: { system: { path: "path or name", many: true, help: SYSTEM_HELP } },
  flags: {
    from: {
      type: "string",
      path: "path",
      unset: "none",
      help:
        "Checkpoint of the published program (path or folder) to evaluate as <system>",
    },
    ...MODEL_FLAGS,
    countTable: {
      default: true,
      help: "Also compare with what a table of the training relations gets (frequency)",
    },
    keptLabels: {
      default: false,
      help:
        "Also compare with the same model where labels stay as they are given, as with predict --labels keep",
    },
    join: {
      type: "string",
      path: "path or name",
      unset: "none",
      help:
        "The same model trained for the other half of the test images: each scores its own half, and the table has the values of both together",
    },
    reliability: {
      default: false,
      help:
        "Also print how well the probabilities are calibrated, and the coverage of label sets",
    },
    report: {
      default: false,
      help:
        "Also write reports/<system>/index.html, as the task report does; adds mR to --metrics if no mean is there",
    },
    photographs: {
      ...PHOTOGRAPHS_FLAG,
      help: `${PHOTOGRAPHS_FLAG.help}; with --report`,
    },
    adjustmentCurve: {
      type: "string",
      path: "path",
      unset: "none",
      help:
        "SVG file to write: R, mR and F1 by strength, which --logit-adjustment auto has tried on the validation images",
    },
    lines: LINES_FILE_FLAG,
    out: LINES_OUT_FLAG,
    ...STATE_FLAGS,
    ...evaluationFlags(
      "R",
      "sgcls,predcls; predcls,preddet if the dataset has given labels; a file of predictions may name its own",
      "motifs,sgp; vrd for preddet",
    ),
  },
  choices: () =>
    Promise.all([
      checkpointChoices("eval"),
      datasetChoices((name) => `eval ${LABEL_PREDICTOR} --dataset ${name}`),
    ]),
  examples: [
    "eval gpi_linguistic_best",
    "eval gpi_mean_best gpi_linguistic_best --task sgcls --protocol motifs --latex",
    "eval gpi_linguistic_vrd_best --task preddet --metrics R,R/70,zR,zR/70 --k 50,100",
    "eval label_predictor --dataset vrd --json",
    "eval gpi_linguistic_vrd_rcnn_half0_best --join gpi_linguistic_vrd_rcnn_half1_best --task sgcls",
    "eval gpi_linguistic_best --lines - < examples.jsonl > found.jsonl",
    "eval gpi_linguistic_pretrained --from data/raw/sgp/data/data --protocol sgp",
  ],
} as const;

await runTask(EVAL, async (options) => {
  const command = commandOf(EVAL, options);
  const { lines } = options;
  if (lines !== undefined) {
    const others = ["state", "join", "report", "reliability", "adjustmentCurve"];
    refuseBeside(options, ...others, "perImage", "csv", "latex", "perPredicate");
    const settings = { ...options, metrics: metricsOf(options), shard: undefined };
    using evaluator = await openLineEvaluator(
      { ...settings, command, systems: options.system },
      listenerOf(options),
    );
    return await runFilter({
      ...{ task: "eval", command: lineCommand(EVAL, { ...options, lines: undefined }) },
      ...{ files: [lines], shard: shardOf(options) },
      ...{ out: options.out, quiet: options.quiet },
    }, async (line) => JSON.stringify(await evaluator.score(line)));
  }
  const shard = shardOfState(options);
  if (options.join !== undefined && options.state !== undefined) {
    throw new UsageError(
      `Cannot write --state ${options.state} as it must come without --join: evaluate each model by itself`,
    );
  }
  const curveFile = options.adjustmentCurve;
  if (curveFile !== undefined && options.logitAdjustment !== "auto") {
    throw new UsageError(
      `Cannot draw --adjustment-curve ${curveFile} as --logit-adjustment must be auto: found ${
        options.logitAdjustment ?? "none"
      }`,
    );
  }
  const curve: AdjustmentPoint[] = [];
  const { perPredicate, report, photographs } = options;
  if (photographs !== undefined && !report) {
    throw new UsageError(
      `Cannot show --photographs ${photographs} as --report must be given: found none`,
    );
  }
  await checkPhotographs(photographs);
  const metrics = metricsOf({ ...options, perPredicate: perPredicate || report });
  const settings = {
    ...options,
    ...{ metrics, command, shard },
    onAdjustment: (points: readonly AdjustmentPoint[]) => curve.push(...points),
  };
  const found = await evaluateModel(
    { ...settings, systems: options.system },
    listenerOf(options),
  );
  if (shard) return printState(found.dataset, { ...options, shard });
  printRows(found, options);
  printAdjustment(curve, options);
  if (curveFile !== undefined) {
    const [model] = found.models;
    const [run] = found.runs[model] ?? [model];
    await writeFileAtomically(curveFile, await chartFile(adjustmentChart(curve, run)));
    console.log(options.json ? JSON.stringify({ curve: curveFile }) : curveFile);
  }
  if (options.reliability) {
    for (const system of found.systems) {
      if (system.kind !== "checkpoint") continue;
      const measured = await measureReliability(
        system,
        found.dataset,
        options.split,
        options,
        listenerOf(options),
      );
      console.log(reliabilityText(measured, formatOf(options)));
    }
  }
  if (report) {
    const name = reportName(found.models);
    const path = await writeReport(
      { name, found, options: settings, photographs },
      listenerOf(options),
    );
    console.log(
      options.json
        ? JSON.stringify({ report: path })
        : `Report: ${path} (open it in a browser)`,
    );
  }
  if (formatOf(options) === "text") printNotes(found.evaluations, found.dataset, options);
});
