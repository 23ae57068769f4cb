/**
 * What very many images cost, and how large jobs should be.
 *
 * @module
 */

import { chartFile } from "../src/render/charts/file.ts";
import {
  bestSize,
  compareJobSizes,
  type JobSize,
  USUAL_JOB,
  USUAL_PRICE,
  USUAL_TROUBLE,
} from "../src/scale/job_sizes.ts";
import { stageCost, type StageRate } from "../src/scale/stage_costs.ts";
import { markdownTable } from "./markdown_table.ts";

/** A line of `docs/results/stages.jsonl`. */
export type StageLine = StageRate & { processor: string };

type Lines = readonly StageLine[];

/** The stage whose jobs are simulated: the slowest one. */
const SIMULATED = "detect";

/** Numbers of images that costs are computed for, and how they are written. */
const NUMBERS = [[1e5, "10⁵"], [1e7, "10⁷"], [1e9, "10⁹"]] as const;

/** What each stage was measured to take. */
export function ratesTable(lines: Lines): string {
  return markdownTable([
    [
      "stage",
      "start, s",
      "an image, ms",
      "an hour of a core",
      "bytes read",
      "bytes written",
    ],
    ...lines.map((line) => [
      `\`${line.stage}\``,
      line.start_s.toFixed(1),
      digits(1000 * line.image_s),
      `${count(3600 / line.image_s)} images`,
      count(line.bytes_in),
      count(line.bytes_out),
    ]),
  ]);
}

/** Core-hours, bytes and money. */
export function costsTable(lines: Lines): string {
  return markdownTable([
    [
      "stage",
      ...["core-hours", "GB written", "money"].flatMap((what) =>
        NUMBERS.map(([, name], i) => i === 0 ? `${what}, ${name}` : name)
      ),
    ],
    ...lines.map((line) => {
      const costs = NUMBERS.map(([images]) =>
        stageCost(line, { images, imagesPerJob: USUAL_JOB, price: USUAL_PRICE })
      );
      return [
        `\`${line.stage}\``,
        ...costs.map((cost) => digits(cost.core_hours)),
        ...costs.map((cost) => digits(cost.bytes_out / 1e9)),
        ...costs.map((cost) => digits(cost.money_per_million_images)),
      ];
    }),
  ]);
}

/** Jobs of several sizes, simulated. */
export function jobsTable(lines: Lines): string {
  const sizes = sizesOf(lines), best = bestSize(sizes);
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const rows = sizes.map((size) => [
    count(size.images_per_job),
    count(size.jobs),
    size.hours.toPrecision(3),
    count(size.core_hours),
    percent(size.starts),
    percent(size.lost),
    percent(size.efficiency),
  ]);
  return markdownTable([
    ["images a job", "jobs", "hours", "core-hours", "in starts", "lost", "efficiency"],
    ...rows.map((row, i) => sizes[i] === best ? row.map((cell) => `**${cell}**`) : row),
  ]);
}

/** The efficiency of jobs by their size, as an SVG file. */
export function jobsPicture(lines: Lines): Promise<string> {
  const { images, cores } = USUAL_TROUBLE;
  const rowsOf = (trouble: string, sizes: readonly JobSize[]) =>
    sizes.map(({ images_per_job, efficiency }) => ({
      ...{ trouble, images_per_job, efficiency: 100 * efficiency },
    }));
  return chartFile({
    title: "Efficiency of jobs by their size",
    columns: [
      { key: "trouble", title: "what goes wrong" },
      { key: "images_per_job", title: "images a job" },
      { key: "efficiency", title: "efficiency, %", digits: 1 },
    ],
    rows: [
      ...rowsOf(
        "nothing goes wrong",
        compareJobSizes(detectOf(lines), { images, cores }),
      ),
      ...rowsOf("slow, failing machines", sizesOf(lines)),
    ],
    ...{ kind: "line", x: "images_per_job", y: "efficiency", series: "trouble" },
    ...{ isLogarithmic: true, range: [0, 100] },
  });
}

function sizesOf(lines: Lines): JobSize[] {
  return compareJobSizes(detectOf(lines), USUAL_TROUBLE);
}

function detectOf(lines: Lines): StageLine {
  return lines.find(({ stage }) => stage === SIMULATED)!;
}

const count = (value: number) =>
  value.toLocaleString("en", { maximumSignificantDigits: 3 });

/** Three digits that count. */
function digits(value: number): string {
  return value === 0 ? "0" : value >= 100 ? count(value) : value.toPrecision(2);
}
