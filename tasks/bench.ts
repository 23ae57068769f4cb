/**
 * Times matrix products, prediction, a training step and Adam at the published size
 * (5.19 million parameters, two steps) against other packages on npm, and shows how the
 * cost grows with the work.
 *
 * All networks use the paper's features, so every system does the same work; outputs are
 * compared before anything is timed. Each part runs in its own process, and each row runs
 * once more to measure its memory.
 *
 * @module
 */

import { measurePart } from "../benches/measure_part.ts";
import { planParts } from "../benches/plan.ts";
import { memoryRatios, type Ratio, ratiosOf } from "../benches/ratios.ts";
import { BENCHES, type Row, type System, SYSTEMS } from "../benches/row.ts";
import { ratioHead, ratioLine, rowHead, rowLine } from "./_cli/print/bench_table.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "bench",
  summary:
    "Time matrix products, prediction, a training step and Adam against other packages on npm,\nand show how the cost grows with the work.",
  flags: {
    only: { default: "all", values: ["all", ...BENCHES], help: "Benchmark to run" },
    systems: { default: SYSTEMS.join(","), help: "Systems to time, comma-separated" },
    n: {
      default: [10, 20, 40],
      min: 1,
      help: "Entities per image, for predict and train",
    },
    batch: {
      type: "numbers",
      min: 1,
      unset: "predict 1; train 20, but at most 8000 pairs",
      help: "Images per batch of this library; other packages take one image",
    },
    hidden: {
      default: 500,
      min: 1,
      help: "Width of the network; the default is that of the paper",
    },
    seconds: {
      default: 4,
      type: "number",
      help: "Approximate seconds per part; slow systems run three times",
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
