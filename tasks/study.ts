/**
 * Runs a study: an experiment of many trainings.
 *
 * @module
 */

import { ABLATION_DATA } from "../src/study/ablation/ablation_data.ts";
import { USUAL_COMPARISONS } from "../src/study/ablation/arms.ts";
import { WORKERS_FLAG } from "./_cli/flags/compute_flags.ts";
import { runTask } from "./_cli/run.ts";
import { studyAblation } from "./_cli/study/ablation.ts";
import { studyGraphLabelling } from "./_cli/study/graph_labelling.ts";

/** Each study: a function in a file `_cli/study_<name>.ts`, which prints what it finds. */
const STUDIES = {
  ablation: studyAblation,
  "graph-labelling": studyGraphLabelling,
} as const;

await runTask({
  name: "study",
  summary: `Run a study, and print what it finds. Finished runs are kept, so that an
interrupted study goes on where it was.

  ablation            the paper's tables: what attention, words, steps and features are
                      worth beside the control (hours; docs/ablation.md)
  graph-labelling     the paper's synthetic experiment: networks learn to count the
                      neighbours in the same set (under an hour on two cores)`,
  positionals: {
    study: {
      values: Object.keys(STUDIES) as (keyof typeof STUDIES)[],
      help: "Which study",
    },
  },
  flags: {
    quick: { default: false, help: "Run a small part of it, in two minutes" },
    seeds: {
      type: "integer",
      min: 1,
      unset: "5, with --quick 2; of ablation 1",
      help: "Number of runs of each kind, with seeds from --seed on",
    },
    graphs: {
      type: "numbers",
      min: 2,
      unset: "16,64,256,1024,4096,16384,65536; with --quick 16,256,4096",
      help: "Numbers of training graphs, of graph-labelling",
    },
    datasets: {
      type: "string",
      unset: "those that are there",
      help: `Datasets of ablation, comma-separated: ${
        ABLATION_DATA.map(({ name }) => name).join(", ")
      }`,
    },
    compare: {
      default: USUAL_COMPARISONS,
      help:
        "What ablation compares, comma-separated: networks, steps, features; or grid, every combination: 30 runs a seed, not 11",
    },
    finished: {
      default: false,
      help:
        "In ablation, train nothing: show the networks that are trained with every seed",
    },
    workers: WORKERS_FLAG,
    out: {
      type: "string",
      path: "path",
      unset: "reports/<study>",
      help: "Folder of the finished runs, tables and charts",
    },
  },
  choices: () =>
    Promise.resolve([{
      title: "Studies",
      commands: [
        ["study ablation", "the paper's tables"],
        ["study graph-labelling", "the paper's synthetic experiment"],
      ],
    }]),
  examples: [
    "study ablation --quick",
    "study ablation --datasets synthetic,vrd_rcnn --seeds 3",
    "study graph-labelling --quick",
  ],
}, (options) => STUDIES[options.study](options));
