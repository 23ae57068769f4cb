/**
 * Computes what very many images cost, and which size of jobs to choose.
 *
 * @module
 */

import { alignColumns } from "../src/eval/comparison/table.ts";
import { readFile } from "../src/files.ts";
import {
  bestSize,
  compareJobSizes,
  type JobSize,
  USUAL_JOB,
  USUAL_PRICE,
  USUAL_TROUBLE,
} from "../src/scale/job_sizes.ts";
import { parseRates } from "../src/scale/parse_rates.ts";
import { type StageCost, stageCost } from "../src/scale/stage_costs.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import { runTask } from "./_cli/run.ts";

/** Measured rates that come with the project. */
const RATES = "docs/results/stages.jsonl";

await runTask({
  name: "scale",
  summary:
    `Compute what very many images cost: core-hours, bytes and money of each stage. Then simulate
jobs of several sizes on many cores, of which some are slow and some fail, and name the best size.

The rates are those that "bench:stages" has measured on one machine; measure yours with
"deno task bench:stages photos/ --json > rates.jsonl".`,
  flags: {
    images: {
      default: [1e5, 1e7, 1e9],
      min: 1,
      help: "Numbers of images to compute costs for",
    },
    price: { default: USUAL_PRICE, type: "number", help: "Price of an hour of a core" },
    imagesPerJob: { default: USUAL_JOB, min: 1, help: "Images of a job, for the costs" },
    rates: {
      type: "string",
      path: "path",
      unset: RATES,
      help: "Measured rates, of bench:stages --json",
    },
    stage: { default: "detect", help: "Stage whose jobs are simulated" },
    simulatedImages: {
      default: USUAL_TROUBLE.images,
      min: 1,
      help: "Images to simulate",
    },
    cores: { default: USUAL_TROUBLE.cores, min: 1, help: "Cores to simulate" },
    slowShare: {
      default: USUAL_TROUBLE.slowShare,
      type: "number",
      max: 1,
      help: "Share of jobs that are on a slow machine",
    },
    slowFactor: {
      default: USUAL_TROUBLE.slowFactor,
      type: "number",
      min: 1,
      help: "How many times slower it is",
    },
    failures: {
      default: USUAL_TROUBLE.failuresPerHour,
      type: "number",
      help: "Failures in an hour of a core",
    },
  },
  examples: ["scale", "scale --price 0.03 --cores 64 --failures 0"],
}, async ({ images, price, imagesPerJob, rates: path = RATES, stage, json, ...rest }) => {
  const rates = parseRates(new TextDecoder().decode(await readFile(path)), path);
  const simulated = rates.find((rate) => rate.stage === stage);
  if (!simulated) {
    const names = rates.map((rate) => rate.stage).join(", ");
    throw new UsageError(
      `Cannot use --stage "${stage}": it must be one of ${names} in "${path}"`,
    );
  }
  const costs = rates.flatMap((rate) =>
    images.map((images) => stageCost(rate, { images, imagesPerJob, price }))
  );
  const { simulatedImages, cores, slowShare, slowFactor, failures } = rest;
  const sizes = compareJobSizes(simulated, {
    ...{ images: simulatedImages, cores, slowShare, slowFactor },
    failuresPerHour: failures,
  });
  if (json) {
    for (
      const row of [...costs, ...sizes.map((size) => ({ simulated: stage, ...size }))]
    ) {
      console.log(JSON.stringify(row));
    }
    return;
  }
  console.log(costTable(costs).trimEnd());
  console.log(
    `\n${stage}: ${count(simulatedImages)} images on ${count(cores)} cores, simulated:`,
  );
  console.log(sizeTable(sizes).trimEnd());
  const best = bestSize(sizes);
  console.log(
    `\nThe last job ends first with ${count(best.images_per_job)} images a job.`,
  );
});

function count(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 0 });
}

function costTable(costs: readonly StageCost[]): string {
  return alignColumns([
    [
      "stage",
      "images",
      "core-hours",
      "GB read",
      "GB written",
      "money",
      "per million images",
    ],
    ...costs.map((cost) => [
      cost.stage,
      count(cost.images),
      cost.core_hours.toFixed(1),
      ...[cost.bytes_in, cost.bytes_out].map((bytes) => (bytes / 1e9).toFixed(2)),
      cost.money.toFixed(2),
      cost.money_per_million_images.toFixed(2),
    ]),
  ]);
}

function sizeTable(sizes: readonly JobSize[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return alignColumns([
    ["images a job", "jobs", "hours", "core-hours", "in starts", "lost", "efficiency"],
    ...sizes.map((size) => [
      count(size.images_per_job),
      count(size.jobs),
      size.hours.toFixed(2),
      count(size.core_hours),
      percent(size.starts),
      percent(size.lost),
      percent(size.efficiency),
    ]),
  ]);
}
