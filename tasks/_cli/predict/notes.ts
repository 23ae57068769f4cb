/**
 * What `predict` says on stderr beside its results.
 *
 * @module
 */

import { type MendedCounts, mendedText } from "../../../src/foreign/mended.ts";
import { matchText } from "../../../src/predict/classes/class_map.ts";
import type { DetectionReport } from "../../../src/predict/detected_graph.ts";
import type { BestThreshold, PredictedGraph } from "../../../src/predict/predictor.ts";
import { escapeControls } from "../../../src/show_value.ts";
import { type ProgressBar, progressBar } from "../progress.ts";

/** Milliseconds after which a progress bar is worth its lines. */
const PATIENCE = 2000;

/** A function that prints a note, unless it has printed the same one. */
export function noteOnce(): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    console.error(text);
  };
}

/**
 * What was mended in an input, for a warning.
 *
 * @param mended What was mended.
 * @param name The image, where there are several.
 */
export function mendedNote(mended: MendedCounts, name?: string): string {
  return whereText(name) + mendedText(mended);
}

/**
 * What looks wrong with an input, for a warning.
 *
 * @param doubt A sentence.
 * @param name The image, where there are several.
 */
export function doubtNote(doubt: string, name?: string): string {
  return `${whereText(name)}${doubt[0].toUpperCase()}${doubt.slice(1)}`;
}

/**
 * The detector's classes that the model calls otherwise.
 *
 * @param graph The graph.
 * @param name The image, where there are several.
 */
export function notesOf({ detections }: PredictedGraph, name?: string): string[] {
  // What a class is called is the same in all images, and told once.
  return (detections ? reportOf(detections) : [])
    .map((line) => line.startsWith("Class ") ? line : whereText(name) + line);
}

function whereText(name?: string): string {
  return name === undefined ? "" : `${escapeControls(name)}: `;
}

/**
 * Which predicates have no limit of their own, for `--threshold best-f1`.
 *
 * @param thresholds The limits.
 * @returns A line, or none if each has its own.
 */
export function commonThresholdNote(thresholds: readonly BestThreshold[]): string[] {
  const common = thresholds.filter(({ isOwn }) => !isOwn);
  if (common.length === 0) return [];
  const names = common.map(({ predicate }) => escapeControls(predicate)).join(", ");
  const least = common[0].threshold.toPrecision(2);
  return [
    `Limit ${least} of all predicates together, as validation had too few examples: ${names}`,
  ];
}

/** What became of detections. */
function reportOf({ mapped, counts }: DetectionReport): string[] {
  const { detections, entities, merged, leftOut } = counts;
  const changes = [
    ...merged > 0 ? [`${merged} merged with others`] : [],
    ...leftOut > 0 ? [`${leftOut} left out`] : [],
  ];
  const summary = changes.length > 0
    ? [`Detections: ${detections}, entities: ${entities} (${changes.join(", ")})`]
    : [];
  return [...summary, ...mapped.map((match) => `Class ${matchText(match)}`)];
}

/**
 * A progress bar over the images, if they take longer than two seconds. There is none where
 * results appear in the same terminal.
 *
 * @param isMany Whether there may be more than one image.
 * @param options The flags.
 */
export function sourcesBar(
  isMany: boolean,
  { out, quiet, json }: { out?: string; quiet: boolean; json: boolean },
): ProgressBar {
  const start = performance.now();
  const isInTheWay = out === undefined && Deno.stdout.isTerminal();
  const isOff = !isMany || isInTheWay || quiet || json;
  const bar = progressBar("predict", "images", { quiet: isOff });
  let isShown = false;
  return {
    update(done, total) {
      isShown ||= performance.now() - start > PATIENCE && done < total;
      if (isShown) bar.update(done, total);
    },
    done: () => isShown && bar.done(),
  };
}
