/**
 * The tables that `deno task bench` prints for people.
 *
 * @module
 */

import { nameOf, type Ratio } from "../../../benches/ratios.ts";
import type { Row } from "../../../benches/row.ts";

/** Columns of numbers: title, width in characters, digits after the point. */
const COLUMNS = [
  ["n", 8, 0],
  ["batch", 6, 0],
  ["images", 7, 0],
  ["median_ms", 10, 2],
  ["spread_ms", 10, 2],
  ["fastest_ms", 11, 2],
  ["images_per_s", 13, 1],
  ["gflops", 7, 1],
  ["percent_of_limit", 17, 0],
  ["peak_mb", 8, 0],
] as const;

/** The header of the table of rows. */
export function rowHead(): string {
  return startOf("bench", "system and form") +
    COLUMNS.map(([name, width]) => name.padStart(width)).join("");
}

/** A row as a line of that table. */
export function rowLine(row: Row): string {
  const numbers = COLUMNS.map(([name, width, digits]) =>
    (row[name]?.toFixed(digits) ?? "").padStart(width)
  );
  return startOf(benchOf(row), nameOf(row)) + numbers.join("");
}

/** The header of the table of ratios. */
export function ratioHead(): string {
  return startOf("bench", "ours") + "       n  batch  against".padEnd(52) +
    "ratio  of fastest turns";
}

/** A ratio as a line of that table. */
export function ratioLine({ ours, against, value, fastest = "" }: Ratio): string {
  return startOf(benchOf(ours), nameOf(ours)) + `${ours.n}`.padStart(8) +
    `${ours.batch}`.padStart(7) + `  ${against}`.padEnd(32) + value.padStart(10) +
    fastest.padStart(18);
}

function startOf(bench: string, name: string): string {
  return bench.padEnd(17) + name.padEnd(30);
}

function benchOf({ bench, work }: Row): string {
  return work ? `${bench} ${work}` : bench;
}
