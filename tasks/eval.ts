/**
 * Evaluates a model beside the label predictor alone and the control.
 *
 * @module
 */

import { CONTROL, evaluateModel } from "../src/pipeline/model_evaluation.ts";
import { evaluationFlags, formatOf, SYSTEM_HELP } from "./_cli/evaluation_flags.ts";
import { commandOf } from "./_cli/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { runTask } from "./_cli/run.ts";

const EVAL = {
  name: "eval",
  summary:
    "Evaluate a model beside the label predictor alone and the control.\n95 % intervals of differences: paired bootstrap over images.",
  positionals: { system: { path: "path or name", help: SYSTEM_HELP } },
  flags: {
    from: {
      type: "string",
      path: "path",
      unset: "a checkpoint of ours",
      help: "The published program's checkpoint, path or folder; gets the name",
    },
    dataset: {
      type: "string",
      path: "path or name",
      unset: "the one it was trained on",
      help: "Folder of data/processed, or its path",
    },
    control: {
      type: "string",
      path: "path or name",
      unset: `the ${CONTROL} of the same name, if it is there`,
      help: 'System to compare with; "none" for no control',
    },
    seeds: {
      default: 1,
      min: 1,
      help: "Number of runs, as of train --seeds: their mean",
    },
    ...evaluationFlags(
      "R",
      "sgcls,predcls; with given labels predcls,preddet; as a file of predictions says",
      "motifs,sgp; preddet: vrd",
    ),
  },
  examples: [
    "eval gpi_linguistic_best",
    "eval gpi_linguistic_vrd_best --task preddet --metrics R,R/70,zR,zR/70 --k 50,100",
    "eval label_predictor --dataset vrd --json",
    "eval gpi_linguistic_pretrained --from data/raw/sgp/data/data --protocol sgp",
  ],
} as const;

await runTask(EVAL, async (options) => {
  const command = commandOf(EVAL, options);
  const found = await evaluateModel({ ...options, command }, listenerOf(options));
  printRows(found, options);
  if (formatOf(options) === "text") printNotes(found.evaluations, found.dataset);
});
