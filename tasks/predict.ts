/**
 * Predicts the scene graph of one image from boxes and what a detector says of them.
 *
 * @module
 */

import { isAddress } from "../src/address.ts";
import { readFile } from "../src/files.ts";
import { mendedText } from "../src/foreign/mended.ts";
import { SceneGraphPredictor } from "../src/predict/predictor.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { pictureHref } from "../src/render/picture.ts";
import { checkpointChoices, fileChoices } from "./_cli/choices.ts";
import { BACKEND_FLAG, PRECISION_FLAG } from "./_cli/compute_flags.ts";
import {
  DETECTION_FLAGS,
  detectionHints,
  ENTITY_FLAGS,
  reportOf,
} from "./_cli/detection_flags.ts";
import { FOREIGN_FLAGS } from "./_cli/foreign_flags.ts";
import { readPredictInput } from "./_cli/predict_input.ts";
import { openOutput, OUTPUT_FLAGS } from "./_cli/predict_output.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "predict",
  summary: `Predict the scene graph of an image from the boxes of a detector.

The input is JSON: imageWidth, imageHeight, boxes [[x1, y1, x2, y2], ...] in pixels, and
either entityLabels with entityScores or entityLogits [N, C]; relationLogits [N, N, P] if
there are any. Or it is what a detector writes (docs/detectors.md): COCO's results, or the
JSON of transformers.js, ultralytics or torchvision. Labels that context changed are
printed first, then relations, best first; --format has other forms. --json prints the
graph, and the detector's labels as "detected".`,
  positionals: {
    input: { path: "path", help: "JSON file, or - for stdin" },
  },
  flags: {
    checkpoint: {
      default: "gpi_linguistic_pretrained",
      path: "path or name",
      help: "Name in checkpoints/, path or URL",
    },
    context: {
      default: true,
      help:
        "--no-context leaves the network out: the graph of the detector and the label predictor alone",
    },
    ...DETECTION_FLAGS,
    ...ENTITY_FLAGS,
    ...FOREIGN_FLAGS,
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
      fileChoices("predict", "examples", /^boxes.*\.json$/),
      checkpointChoices("predict <input> --checkpoint"),
    ]),
  examples: [
    "predict examples/boxes.json",
    "predict examples/boxes.json --no-context",
    "predict examples/boxes.json --format sentences --min-score 0.2",
    "predict detections.json --image-size 640x480",
    "predict boxes.json --svg graph.svg --image photo.jpg --k 10",
    "predict examples/boxes.json --before-after reports/boxes.html",
    "predict - --checkpoint gpi_linguistic_best --json < boxes.json",
  ],
}, async (options) => {
  const { k = 20, minScore, context, backend, precision, json, quiet } = options;
  const { image, strict, cutBoxes } = options;
  const write = openOutput(options);
  const input = await readPredictInput(options.input, await detectionHints(options));
  const picture = image === undefined ? undefined : await readFile(image);
  if (picture) pictureHref(picture, image!);
  const checkpoint = isAddress(options.checkpoint)
    ? options.checkpoint
    : await findCheckpoint(options.checkpoint);
  using predictor = await SceneGraphPredictor.load(checkpoint, { backend, precision });
  if (!quiet && !json) console.error(`Backend: ${predictor.backend.description}`);
  const { maxEntities, minBelief } = options;
  const rules = { k, minScore, strict, cutBoxes, maxEntities, minBelief };
  const graph = await predictor.predict(input, { context, ...rules });
  const before = await predictor.predict(input, { context: false, ...rules });
  if (graph.mended && !quiet && !json) {
    console.error(`warning: ${mendedText(graph.mended)}`);
  }
  if (graph.detections && !quiet && !json) {
    for (const line of reportOf(graph.detections)) console.error(line);
  }
  for (const [i, { label, score }] of before.entities.entries()) {
    graph.entities[i].given ??= { label, score };
  }
  await write({ graph, before, name: options.input, picture });
});
