/**
 * Predicts the scene graphs of photographs, or of what a detector has found in images.
 *
 * @module
 */

import { isAddress, withoutSecrets } from "../src/address.ts";
import { readFile } from "../src/files.ts";
import { type LabelMode, SceneGraphPredictor } from "../src/predict/predictor.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { pictureHref } from "../src/render/picture.ts";
import { escapeControls } from "../src/show_value.ts";
import { checkpointChoices, fileChoices } from "./_cli/flags/choices.ts";
import { BACKEND_FLAG, PRECISION_FLAG } from "./_cli/flags/compute_flags.ts";
import {
  classList,
  DETECTION_FLAGS,
  detectionHints,
  imageIds,
} from "./_cli/flags/detection_flags.ts";
import type { Choices } from "./_cli/flags/flags.ts";
import { FOREIGN_FLAGS } from "./_cli/flags/foreign_flags.ts";
import { lineCommand } from "./_cli/flags/help.ts";
import { runFilter } from "./_cli/filter.ts";
import { LINES_FLAG } from "./_cli/flags/filter_flags.ts";
import { graphJson } from "./_cli/predict/formats.ts";
import {
  checkLines,
  choiceOf,
  needsOf,
  openOutput,
  OUTPUT_FLAGS,
  parseThreshold,
  type Predicted,
} from "./_cli/predict/output.ts";
import { ImageQueue } from "./_cli/predict/images.ts";
import { listenerOf } from "./_cli/listener.ts";
import {
  commonThresholdNote,
  doubtNote,
  mendedNote,
  noteOnce,
  notesOf,
  sourcesBar,
} from "./_cli/predict/notes.ts";
import { listSources, SOURCE_FLAGS, SourceReader } from "./_cli/predict/sources.ts";
import { errorLine, runTask } from "./_cli/run.ts";
import { SHARD_FLAG, shardOf } from "./_cli/flags/shard_flags.ts";
import { causeOf } from "./_cli/transient.ts";

const PREDICT = {
  name: "predict",
  summary:
    `Predict the scene graphs of photographs, or of what a detector found in an image.

The input is one of these:
  photographs (JPEG, PNG, WebP): files, folders, patterns in quotes, addresses, or - for
    stdin
  files of detectors, services and programs for annotation, of one image or of many
    (detect, COCO's results, transformers, ultralytics, torchvision, Rekognition, Google
    Vision, Azure, Roboflow, LabelMe, VOC, YOLO's text, CSV and others:
    docs/detector_files.md)
  JSON with imageWidth, imageHeight, boxes [[x1, y1, x2, y2], ...] in pixels, and
    entityLabels with entityScores, or entityLogits [N, C]; relationLogits [N, N, P] if
    you have any

Prints labels that context changed, then relations, best first; --format has other forms.
--json prints the graph: each entity has its label after context as "label", the one
before context as "given", and the word of a detector as "detected".`,
  positionals: {
    input: {
      path: "path",
      many: true,
      help: "Photographs or JSON: files, folders, patterns, addresses, - for stdin",
    },
  },
  flags: {
    checkpoint: {
      default: "gpi_linguistic_vg_pretrained",
      path: "path or name",
      help: "Name in checkpoints/, path or URL",
    },
    context: {
      default: true,
      help:
        "--no-context leaves the network out: the graph of the detector and the label predictor alone",
    },
    labels: {
      default: "revise",
      values: ["revise", "keep"],
      help: "revise lets context change labels that are not certain; keep keeps them all",
    },
    coverage: {
      type: "number",
      max: 1,
      unset: "none",
      help:
        "Also give the labels that hold the true one with this probability, such as 0.9",
    },
    ...DETECTION_FLAGS,
    ...SOURCE_FLAGS,
    ...FOREIGN_FLAGS,
    lines: LINES_FLAG,
    shard: SHARD_FLAG,
    backend: BACKEND_FLAG,
    precision: PRECISION_FLAG,
    ...OUTPUT_FLAGS,
    image: {
      type: "string",
      path: "path",
      help: "For JSON: picture to draw under the graph of --svg",
    },
  },
  choices: () =>
    Promise.all([
      PHOTOGRAPH_CHOICE,
      fileChoices("predict", "examples", /^(beach|dog|horses|person)\.json$/),
      checkpointChoices("predict <input> --checkpoint"),
    ]),
  examples: [
    "predict photo.jpg",
    'predict holiday/ "more/*.png" https://example.org/photo.webp --out graphs',
    "predict photo.jpg --detector yolo.onnx --min-belief 0.4",
    "predict examples/beach.json",
    "predict examples/beach.json --no-context",
    "predict examples/person.json --format sentences --threshold 0.01",
    "predict detections.json --image-size 640x480",
    "predict boxes.json --svg graph.svg --image photo.jpg --k 10",
    "predict examples/dog.json --before-after reports/dog.html",
    "predict photo.jpg --attention-svg attention.svg --steps-svg steps.svg",
    "predict - --lines < detections.jsonl > graphs.jsonl",
    "predict - --checkpoint gpi_linguistic_pretrained --json < examples/boxes.json",
  ],
} as const;

/** The first suggestion to a user who names no input. */
const PHOTOGRAPH_CHOICE: Choices = {
  title: "A photograph of yours",
  commands: [["predict photo.jpg", "the first one fetches a detector, 68 MB"]],
};

await runTask(PREDICT, async (options) => {
  const { k = 20, context, backend, precision, json, quiet } = options;
  const { labels, coverage } = options, threshold = parseThreshold(options.threshold);
  const { image, minBelief, maxEntities, strict, cutBoxes } = options;
  const shard = shardOf(options), { lines } = options;
  if (lines) checkLines(options);
  const sources = lines ? [] : await listSources(options.input);
  const needs = needsOf(options), { attention, steps } = needs;
  const drawn = image === undefined ? undefined : await readFile(image);
  if (drawn) pictureHref(drawn, image!);
  const hints = await detectionHints(options);
  await using reader = new SourceReader(options.detector, {
    detector: { backend, minBelief, classes: classList(hints.classes) },
    hints,
  });
  const ids = imageIds(options);
  using queue = await ImageQueue.open(sources, reader, { ids, shard, quiet, json });
  const { isMany, before } = queue;
  if (queue.total === 0 && !lines) return;
  const write = openOutput(options, { isMany, before });
  const checkpoint = isAddress(options.checkpoint)
    ? options.checkpoint
    : await findCheckpoint(options.checkpoint);
  using predictor = await SceneGraphPredictor.load(checkpoint, { backend, precision });
  const listener = listenerOf(options);
  const note = quiet || json || lines ? () => {} : noteOnce();
  note(`Backend: ${predictor.backend.description}`);
  if (threshold === "best-f1") {
    for (const text of commonThresholdNote(predictor.bestThresholds ?? [])) note(text);
  }
  const rules = {
    ...{ k, threshold, minBelief, maxEntities, strict, cutBoxes },
    labels: labels as LabelMode,
  };
  if (lines) {
    const { input: files, out } = options, choice = choiceOf(options);
    const command = lineCommand(PREDICT, options);
    return await runFilter(
      { task: "predict", command, files, shard, out, quiet },
      async (line) => {
        const { input, name } = await reader.readLine(line);
        const graph = await predictor.predict(input, { context, coverage, ...rules });
        return JSON.stringify(graphJson({ graph, name }, choice));
      },
    );
  }
  const bar = sourcesBar(isMany, options);
  const failures: string[] = [], errors: unknown[] = [];
  let done = 0;
  for await (const { name, read } of queue) {
    bar.update(done++, queue.total);
    let predicted: Predicted;
    try {
      const { input, picture = drawn } = await read();
      const graph = await predictor.predict(input, {
        ...{ context, coverage, attention, steps },
        ...rules,
      });
      const before = needs.before
        ? await predictor.predict(input, { ...rules, context: false, threshold: 0 })
        : undefined;
      const shown = isMany ? withoutSecrets(name) : undefined;
      if (graph.mended) listener.warn(mendedNote(graph.mended, shown));
      for (const text of graph.warnings ?? []) listener.warn(doubtNote(text, shown));
      for (const text of notesOf(graph, shown)) note(text);
      predicted = { graph, before, name: withoutSecrets(name), picture };
    } catch (error) {
      if (!isMany) throw error;
      errors.push(error);
      failures.push(
        `${escapeControls(withoutSecrets(name))}: ${errorLine(error, "predict")}`,
      );
      continue;
    }
    await write(predicted);
  }
  bar.update(done, done);
  bar.done();
  if (failures.length === 0) return;
  for (const failure of failures) console.error(`error: ${failure}`);
  throw new Error(
    `Cannot predict ${failures.length} of ${done} images, as said above; the others are done`,
    { cause: causeOf(errors) },
  );
});
