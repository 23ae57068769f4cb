/**
 * The study `graph-labelling`.
 *
 * @module
 */

import { writeFileAtomically } from "../../../src/files.ts";
import { chartFile } from "../../../src/render/charts/file.ts";
import { FULL, QUICK, runStudy } from "../../../src/study/graph_labelling/study.ts";
import {
  studyChart,
  studyLines,
  studyTable,
} from "../../../src/study/graph_labelling/summary.ts";
import { chooseWorkers } from "../../../src/train/worker_pool.ts";
import { progressBar } from "../progress.ts";
import type { StudyFlags } from "./flags.ts";

/** Runs it; prints a table or JSON lines, and writes both and the curves. */
export async function studyGraphLabelling(options: StudyFlags): Promise<void> {
  const whole = options.quick ? QUICK : FULL;
  const { seeds = whole.seeds, graphs = whole.graphs } = options;
  const folder = options.out ??
    `reports/graph_labelling${options.quick ? "_quick" : ""}`;
  const bar = progressBar("study", "runs", options);
  const runs = await runStudy({ ...whole, seeds, graphs }, {
    ...{ seed: options.seed, folder },
    workers: chooseWorkers(options.workers, "wasm"),
    onProgress: (done, total, note) => bar.update(done, total, note),
  });
  bar.done();
  const lines = studyLines(runs);
  const json = lines.map((line) => JSON.stringify(line) + "\n").join("");
  await writeFileAtomically(`${folder}/results.jsonl`, json);
  await writeFileAtomically(
    `${folder}/accuracy.svg`,
    await chartFile(studyChart(lines)),
  );
  if (options.json) console.log(json.trimEnd());
  else {
    console.log(studyTable(lines).trimEnd());
    console.log(`\n${folder}/accuracy.svg, ${folder}/results.jsonl`);
  }
}
