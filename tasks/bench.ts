/**
 * Times matrix products, prediction, a training step and Adam at the published size
 * (5.19 million parameters, two steps), beside what npm has to compare with.
 *
 * Everything runs on one thread with the paper's features, so that every system does the
 * same work; outputs are compared before anything is timed.
 *
 * @module
 */

import { useBackend } from "../src/backend.ts";
import {
  benchAdam,
  benchMatmul,
  benchPredict,
  benchTrain,
  fmaLimit,
  type Row,
} from "../benches/benches.ts";
import { runTask } from "./_run.ts";

const BENCHES = {
  matmul: benchMatmul,
  predict: benchPredict,
  train: benchTrain,
  adam: benchAdam,
};

await runTask({
  name: "bench",
  summary:
    "Time matrix products, prediction, a training step and Adam beside their peers",
  flags: {
    only: {
      default: "all",
      values: ["all", ...Object.keys(BENCHES)],
      help: "Which of them",
    },
    n: { default: [10, 20, 40], help: "Entities of an image" },
    batch: { default: [1], help: "Images at a time, for ours; peers take one" },
    backend: { default: "wasm", values: ["wasm"], help: "What ours runs on" },
  },
  examples: ["bench --only predict --n 20", "bench --only train --n 20 --batch 4 --json"],
}, async ({ only, n, batch, json }) => {
  const { description } = await useBackend("wasm");
  const limit = fmaLimit();
  for (let i = 0; i < 20; i++) limit(); // until it is compiled
  if (!json) {
    console.log(`${description}, FMA limit ${limit().toFixed(1)} GFLOP/s, one thread`);
    console.log(
      "bench    system             form                 n  batch  median ms  spread  img/s  GFLOP/s  % of limit  RSS MB",
    );
  }
  const show = (rows: readonly Row[]) => {
    for (const row of rows) console.log(json ? JSON.stringify(row) : line(row));
  };
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (only === "all" || only === name) {
      await bench({ sizes: n, batches: batch, limit, show });
    }
  }
});

function line(row: Row): string {
  const number = (value: number | undefined, digits: number, width: number) =>
    (value?.toFixed(digits) ?? "").padStart(width);
  return row.bench.padEnd(9) + row.system.padEnd(19) + row.form.padEnd(14) +
    number(row.n, 0, 8) + number(row.batch, 0, 7) + number(row.median_ms, 2, 11) +
    number(row.spread_ms, 2, 8) + number(row.images_per_s, 1, 7) +
    number(row.gflops, 1, 9) + number(row.percent_of_limit, 0, 12) +
    number(row.peak_mb, 0, 8);
}
