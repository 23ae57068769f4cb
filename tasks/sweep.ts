/**
 * Trains many settings of a model and ranks them by validation.
 *
 * @module
 */

import type { VariantName } from "../src/config.ts";
import { readFile } from "../src/files.ts";
import { partOfPlan, planSweep, runSweep, sweepFolder } from "../src/sweep/run_sweep.ts";
import { parseSweep } from "../src/sweep/sweep_file.ts";
import { jobsText } from "../src/sweep/jobs_text.ts";
import { sweepCsv, sweepJson, sweepText } from "../src/sweep/sweep_table.ts";
import { chooseWorkers } from "../src/train/worker_pool.ts";
import { fileChoices } from "./_cli/flags/choices.ts";
import { BACKEND_FLAG, WORKERS_FLAG } from "./_cli/flags/compute_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";
import { SHARD_FLAG, shardOf } from "./_cli/flags/shard_flags.ts";
import { trainCommand, type TrainTaskOptions } from "./_cli/flags/train_flags.ts";

await runTask({
  name: "sweep",
  summary:
    "Train a model with many settings, and rank them by validation. Each run is kept in\ncheckpoints/sweeps/<name>; one that is there is not trained again, and one that was\ninterrupted is continued. docs/training.md describes the file.",
  positionals: {
    file: { path: "path", help: "What to try, as JSON, such as examples/sweep.json" },
  },
  flags: {
    jobs: { ...WORKERS_FLAG, help: "Number of runs at once, each on one core" },
    shard: {
      ...SHARD_FLAG,
      unset: "all runs",
      help:
        "Train a part of the runs, such as 2/8 for the second of eight; without it, a later command prints the table",
    },
    dryRun: { default: false, help: "List the runs, and what is there of each" },
    csv: { default: false, help: "Print one line of CSV for each run" },
    backend: { ...BACKEND_FLAG, unset: "wasm" },
    deterministic: {
      default: false,
      help: "On wasm, use plain SIMD: the same bytes on every machine",
    },
  },
  choices: async () => [await fileChoices("sweep", "examples", /^sweep.*\.json$/)],
  examples: [
    "sweep examples/sweep.json --dry-run",
    "sweep mine.json --jobs 2 --csv",
    "sweep mine.json --jobs 1 --shard job",
  ],
}, async ({ file, jobs, dryRun, csv, ...options }) => {
  const sweep = parseSweep(await readFile(file), file);
  const shard = shardOf(options);
  const listener = listenerOf({ ...options, quiet: options.quiet || csv });
  const settings = {
    ...options,
    shard,
    command: ({ variant, ...given }: Record<string, unknown>, seed: number) => {
      const { dataset, preset } = sweep, { backend, deterministic } = options;
      const flags = { ...given, dataset, preset, backend, deterministic };
      const model = variant as VariantName;
      return trainCommand({ model, ...flags } as Partial<TrainTaskOptions>, seed);
    },
  };
  const list = async () => {
    const plan = partOfPlan(await planSweep(sweep, settings, listener), shard);
    console.log(await jobsText(plan, options.json));
  };
  if (dryRun) return await list();
  const result = await runSweep(sweep, {
    ...settings,
    atOnce: chooseWorkers(jobs, options.backend ?? "wasm"),
  }, listener);
  // A part of the runs has no table of its own.
  if (shard) return await list();
  listener.note(`Runs: ${sweepFolder(sweep)}`);
  const text = options.json ? sweepJson : csv ? sweepCsv : sweepText;
  console.log(text(result).trimEnd());
});
