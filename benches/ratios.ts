/**
 * Ratios of our system to its peers, which also hold on other machines.
 *
 * @module
 */

import type { Row } from "./row.ts";

/** One ratio. */
export interface Ratio {
  /** A row of our system. */
  ours: Row;
  /** Name of the other side of the comparison. */
  against: string;
  /** From medians, such as `4.03x` (as fast), `49 %` or `412 MB`. */
  value: string;
  /** The same from the fastest turns, where times are compared. */
  fastest?: string;
}

/**
 * Compares our system with every peer on as many threads, several workers with one, and int8
 * with float32; gives the share of the FMA limit on one worker, and in training the memory
 * of a worker.
 *
 * @param rows Rows of one part.
 * @returns The ratios.
 */
export function ratiosOf(rows: readonly Row[]): Ratio[] {
  return rows.filter(isOurs).flatMap((ours) => {
    const peers = rows.filter((row) => isPeer(ours, row)).map((row) => ({
      ours,
      against: nameOf(row),
      value: times(rate(ours) / rate(row)),
      fastest: times(rateOfFastest(ours) / rateOfFastest(row)),
    }));
    const share = ours.workers === 1 && ours.percent_of_limit !== undefined
      ? [{
        ...{ ours, against: "FMA limit", value: percent(ours.percent_of_limit) },
        fastest: percent(ours.fastest_percent!),
      }]
      : [];
    const megabytes = (ours.peak_mb - ours.idle_mb) / ours.workers;
    const memory = ours.bench === "train" && [
      { ours, against: "memory of a worker", value: `${megabytes.toFixed(0)} MB` },
    ];
    return [...peers, ...share, ...(memory || [])];
  });
}

/**
 * Compares the memory for the largest stream with that for the smallest.
 *
 * @param rows Rows of all parts.
 * @returns One ratio, or none if fewer than two streams were measured.
 */
export function memoryRatios(rows: readonly Row[]): Ratio[] {
  const streams = rows.filter(({ work }) => work === "stream");
  if (streams.length < 2) return [];
  const [least, most] = [streams[0], streams.at(-1)!];
  return [{
    ours: most,
    against: `memory of ${least.images} images, no garbage`,
    value: `${(most.peak_mb / least.peak_mb).toFixed(2)}x`,
  }];
}

/** Name of a row's system, for people. */
export function nameOf({ system, form, workers }: Row): string {
  return `${system} ${form}` + (workers > 1 ? ` x${workers}` : "");
}

function isOurs({ system }: Row): boolean {
  return system.startsWith("ours");
}

function isPeer(ours: Row, row: Row): boolean {
  if (row === ours || row.system === "limit") return false;
  if (!isOurs(row)) return row.workers === ours.workers;
  return row.system === ours.system
    ? row.workers === 1 && ours.workers > 1
    : row.system === "ours" && row.workers === ours.workers;
}

/** Images per second if the work is images, as peers may take fewer at a time; else runs. */
function rate(row: Row): number {
  return row.images_per_s ?? 1000 / row.median_ms;
}

function rateOfFastest(row: Row): number {
  return rate(row) * row.median_ms / row.fastest_ms;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}

function percent(share: number): string {
  return `${share.toFixed(0)} %`;
}
