/**
 * Prints what a detector finds in photographs, as `predict` reads it.
 *
 * @module
 */

import { fileNameOf, isAddress, lastName, withoutSecrets } from "../src/address.ts";
import { toDetectionsJson } from "../src/foreign/detections/detections_json.ts";
import { rangeOf } from "../src/job_shard.ts";
import { writePart } from "../src/pipeline/parts/part_lines.ts";
import { escapeControls } from "../src/show_value.ts";
import { BACKEND_FLAG } from "./_cli/flags/compute_flags.ts";
import { CLASSES_FLAG, classList, readClasses } from "./_cli/flags/detection_flags.ts";
import { runFilter } from "./_cli/filter.ts";
import { LINES_FLAG } from "./_cli/flags/filter_flags.ts";
import { lineCommand } from "./_cli/flags/help.ts";
import { listSources, SOURCE_FLAGS, SourceReader } from "./_cli/predict/sources.ts";
import { errorLine, runTask } from "./_cli/run.ts";
import { SHARD_FLAG, shardOf } from "./_cli/flags/shard_flags.ts";
import { causeOf } from "./_cli/transient.ts";

const { detector, minBelief } = SOURCE_FLAGS;

/** The name in the output: that of the file, as folders differ from machine to machine. */
function nameOf(source: string): string | undefined {
  if (source === "-") return undefined;
  return isAddress(source) ? fileNameOf(source) : lastName(source);
}

const DETECT = {
  name: "detect",
  summary: `Print what a detector finds in photographs: one line of JSON each.

A line has the name of the photograph's file as image, imageWidth and imageHeight, classes,
boxes [[x1, y1, x2, y2], ...] in pixels, beliefs [N, K], a row for each box, and power, see
src/detections.ts. Classes with less than 0.001 in every box are left out. predict
reads such lines, which needs neither the photographs nor a network.`,
  positionals: {
    photographs: {
      path: "path",
      many: true,
      help: "Files, folders, patterns, addresses, - for stdin",
    },
  },
  flags: {
    detector,
    minBelief,
    classes: CLASSES_FLAG,
    backend: BACKEND_FLAG,
    lines: LINES_FLAG,
    shard: SHARD_FLAG,
    out: {
      type: "string",
      path: "path",
      unset: "print them",
      help:
        "File to write the lines to, whole or not at all; with --shard 2/8, graphs.jsonl is graphs.2-of-8.jsonl, for merge",
    },
  },
  examples: [
    "detect photo.jpg > photo.json",
    'detect holiday/ "more/*.png" https://example.org/photo.webp',
    "detect - --lines < paths.txt > found.jsonl",
    "detect photo.jpg --detector yolo.onnx --min-belief 0.4",
  ],
} as const;

await runTask(DETECT, async (options) => {
  const { photographs, detector, backend, minBelief, out } = options;
  const names = options.classes === undefined
    ? undefined
    : await readClasses(options.classes);
  const { lines: isFilter, quiet } = options, shard = shardOf(options);
  const command = lineCommand(DETECT, options);
  const all = isFilter ? [] : await listSources(photographs);
  const { first, end } = rangeOf(shard, all.length), sources = all.slice(first, end);
  await using reader = new SourceReader(detector, {
    detector: { backend, minBelief, classes: classList(names) },
    hints: {},
  });
  if (isFilter) {
    const filter = { task: "detect", command, files: photographs, shard, out, quiet };
    return await runFilter(filter, async (line) => {
      const { found, source } = await reader.detectLine(line);
      return JSON.stringify(toDetectionsJson(found, nameOf(source)));
    });
  }
  const failures: string[] = [], errors: unknown[] = [], lines: string[] = [];
  const put = out === undefined ? console.log : (line: string) => lines.push(line);
  for (const source of sources) {
    try {
      const detections = await reader.detect(source);
      put(JSON.stringify(toDetectionsJson(detections, nameOf(source))));
    } catch (error) {
      if (all.length === 1) throw error;
      errors.push(error);
      failures.push(
        `${escapeControls(withoutSecrets(source))}: ${errorLine(error, "detect")}`,
      );
    }
  }
  // A part that lacks images would pass for a whole one.
  if (out !== undefined && failures.length === 0) {
    const text = lines.map((line) => `${line}\n`).join("");
    const inputs = all.map((source) => nameOf(source) ?? source);
    await writePart(out, shard, text, { command, inputs });
  }
  if (failures.length === 0) return;
  for (const failure of failures) console.error(`error: ${failure}`);
  throw new Error(
    `Cannot read ${failures.length} of ${sources.length} images, as said above; ${
      out === undefined ? "the others are done" : `"${out}" is not written`
    }`,
    { cause: causeOf(errors) },
  );
});
