/**
 * Runs a study: an experiment of many trainings.
 *
 * @module
 */

import { WORKERS_FLAG } from "./_cli/compute_flags.ts";
import { runTask } from "./_cli/run.ts";
import { studyGraphLabelling } from "./_cli/study_graph_labelling.ts";

/** Each study: a function in a file `_cli/study_<name>.ts`, which prints what it finds. */
const STUDIES = {
  "graph-labelling": studyGraphLabelling,
} as const;

await runTask({
  name: "study",
  summary: `Run a study, and print what it finds. Finished runs are kept, so that an
interrupted study goes on where it was.

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
      unset: "5, with --quick 2",
      help: "Number of runs of each kind, with seeds from --seed on",
    },
    graphs: {
      type: "numbers",
      min: 2,
      unset: "16,64,256,1024,4096,16384,65536; with --quick 16,256,4096",
      help: "Numbers of training graphs, of graph-labelling",
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
      commands: [["study graph-labelling", "the paper's synthetic experiment"]],
    }]),
  examples: ["study graph-labelling --quick", "study graph-labelling --seeds 3"],
}, (options) => STUDIES[options.study](options));
