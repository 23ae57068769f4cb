/**
 * The study `ablation`.
 *
 * @module
 */

import type { VariantName } from "../../../src/config.ts";
import { writeFileAtomically } from "../../../src/files.ts";
import { chartFile } from "../../../src/render/charts/file.ts";
import {
  ABLATION_DATA,
  type AblationData,
  chooseAblationData,
} from "../../../src/study/ablation/ablation_data.ts";
import { armsOf, parseComparisons } from "../../../src/study/ablation/arms.ts";
import { stepsChart } from "../../../src/study/ablation/chart.ts";
import type { CommandOf } from "../../../src/study/ablation/plan.ts";
import { runAblation } from "../../../src/study/ablation/run_study.ts";
import { ablationLines, transferLines } from "../../../src/study/ablation/summary.ts";
import { ablationTable } from "../../../src/study/ablation/table.ts";
import { chooseWorkers } from "../../../src/train/worker_pool.ts";
import { writeWorldDataset } from "../../../src/world/write_dataset.ts";
import { UsageError } from "../flags/flags.ts";
import { listenerOf } from "../listener.ts";
import type { StudyFlags } from "./flags.ts";
import { trainCommand, type TrainTaskOptions } from "../flags/train_flags.ts";

/** Images and epochs with `--quick`. */
const QUICK = { sizes: { train: 300, validation: 50, test: 100 }, epochs: 3 };

/** Runs it; prints tables or JSON lines, and writes both. */
export async function studyAblation(options: StudyFlags): Promise<void> {
  const { quick, seed, json } = options;
  const folder = options.out ?? `reports/ablation${quick ? "_quick" : ""}`;
  const listener = listenerOf(options);
  if (quick && options.datasets !== undefined) {
    throw new UsageError(
      `Cannot use --datasets ${options.datasets} with --quick: it must come without, as the quick study has a small built-in world of its own`,
    );
  }
  const { chosen, leftOut } = quick
    ? { chosen: [await quickData(folder)], leftOut: [] }
    : await chooseAblationData(options.datasets);
  for (const { name, make } of leftOut) {
    listener.note(`Without ${name}, which is not there; to make it: ${make}`);
  }
  const results = await runAblation(
    {
      data: chosen,
      arms: armsOf(parseComparisons(options.compare)),
      ...{ seed, seeds: options.seeds ?? (quick ? 1 : 5) },
      ...quick && { settings: { epochs: QUICK.epochs } },
    },
    {
      ...{ folder, command, onlyFinished: options.finished },
      workers: chooseWorkers(options.workers, "wasm"),
    },
    listener,
  );
  const bar = listener.progress("bootstrap", "networks");
  const lines = ablationLines(results, {
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  const transfer = transferLines(lines);
  const text = [...lines, ...transfer].map((line) => JSON.stringify(line) + "\n").join(
    "",
  );
  const path = `${folder}/results.jsonl`, chart = `${folder}/steps.svg`;
  await writeFileAtomically(path, text);
  await writeFileAtomically(chart, await chartFile(stepsChart(lines)));
  if (json) console.log(text.trimEnd());
  else console.log(`${ablationTable(lines, transfer).trimEnd()}\n\n${chart}, ${path}`);
}

const command: CommandOf = ({ variant }, settings, seed) =>
  trainCommand({
    model: variant as VariantName,
    ...settings,
  } as Partial<TrainTaskOptions>, seed);

/** A small built-in world beside the runs. */
async function quickData(folder: string): Promise<AblationData> {
  const path = `${folder}/world`;
  await writeWorldDataset(path, {
    sizes: QUICK.sizes,
    command: "deno task study ablation --quick",
  });
  return { ...ABLATION_DATA[0], parts: [path], title: "small built-in world" };
}
