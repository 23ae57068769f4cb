/**
 * What the rows say of ours beside its peers: ratios, which hold on other machines too.
 *
 * @module
 */

import type { Row } from "./row.ts";

/** One ratio. */
export interface Ratio {
  /** A row of ours. */
  ours: Row;
  /** With what it is compared. */
  against: string;
  /** Such as `4.03x` (as fast), `49 %` or `412 MB`; of medians. */
  value: string;
  /** The same of the fastest turn of each, where times are compared. */
  fastest?: string;
}

/**
 * Ours against every peer with as many threads, several workers against one, int8 against
 * float32; the share of the FMA limit on one worker; in training the memory of a worker.
 *
 * @param rows Of one part.
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
 * How much more memory the most work of each kind needs than the least.
 *
 * @param rows Of all parts.
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

/** Who a row is of, for people. */
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

/** Per image, where a run is of images; peers may take fewer. */
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
