/**
 * Times matrix products, prediction, a training step and Adam at the published size
 * (5.19 million parameters, two steps), beside what npm has to compare with, and how cost
 * grows with work.
 *
 * Everything has the paper's features, so that every system does the same work; outputs
 * are compared before anything is timed. Each part runs in a process of its own, and each
 * row once more for its memory.
 *
 * @module
 */

import { measurePart } from "../benches/measure_part.ts";
import { planParts } from "../benches/plan.ts";
import { memoryRatios, type Ratio, ratiosOf } from "../benches/ratios.ts";
import { BENCHES, type Row, type System, SYSTEMS } from "../benches/row.ts";
import { ratioHead, ratioLine, rowHead, rowLine } from "./_cli/bench_table.ts";
import { UsageError } from "./_cli/flags.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "bench",
  summary:
    "Time matrix products, prediction, a training step and Adam beside their peers,\nand how cost grows with work",
  flags: {
    only: { default: "all", values: ["all", ...BENCHES], help: "Which of them" },
    systems: { default: SYSTEMS.join(","), help: "Who takes part" },
    n: {
      default: [10, 20, 40],
      min: 1,
      help: "Entities of an image, for predict and train",
    },
    batch: {
      type: "numbers",
      min: 1,
      unset: "predict 1; train 20, but at most 8000 pairs",
      help: "Images at a time, for ours; peers take one",
    },
    hidden: {
      default: 500,
      min: 1,
      help: "Width of the network; the paper's is the default",
    },
    seconds: {
      default: 4,
      type: "number",
      help: "Time for each part, about; slow systems run three times",
    },
  },
  examples: ["bench --only predict --n 20", "bench --only train --n 20 --batch 4 --json"],
}, async ({ only, systems, n, batch, hidden, seconds, json, quiet }) => {
  const options = {
    sizes: n,
    batches: batch,
    ...{ hidden, seconds, systems: parseSystems(systems) },
  };
  const all: Row[] = [], ratios: Ratio[] = [];
  for (const bench of BENCHES.filter((name) => only === "all" || only === name)) {
    const parts = planParts(bench, options);
    const bar = progressBar(bench, "parts", { json, quiet });
    for (const [i, part] of parts.entries()) {
      bar.update(i, parts.length);
      const rows = await measurePart(part);
      all.push(...rows);
      ratios.push(...ratiosOf(rows));
      if (!json) continue;
      for (const row of rows) console.log(JSON.stringify(row));
    }
    bar.update(parts.length, parts.length);
    bar.done();
    if (json) continue;
    console.log(rowHead());
    for (const row of all.filter((row) => row.bench === bench)) console.log(rowLine(row));
    console.log();
  }
  if (json) return;
  console.log(
    `ours and tfjs on ${all[0]?.backend}; xN: N workers or threads, else one`,
  );
  console.log(ratioHead());
  for (const ratio of [...ratios, ...memoryRatios(all)]) console.log(ratioLine(ratio));
});

function parseSystems(text: string): System[] {
  return text.split(",").map((name) => {
    const system = SYSTEMS.find((system) => system === name);
    if (system !== undefined) return system;
    throw new UsageError(
      `Cannot use --systems: it must be a list of ${SYSTEMS.join(", ")}: found "${name}"`,
    );
  });
}
