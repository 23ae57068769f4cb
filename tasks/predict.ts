/**
 * Predicts the scene graph of one image from boxes and what a detector says of them.
 *
 * @module
 */

import { isAddress } from "../src/address.ts";
import { readFile, writeFileAtomically } from "../src/files.ts";
import { mendedText } from "../src/foreign/mended.ts";
import { SceneGraphPredictor } from "../src/predict/predictor.ts";
import { toDot } from "../src/render/dot.ts";
import { drawGraph } from "../src/render/graph_svg.ts";
import { toJsonLd } from "../src/render/json_ld.ts";
import { drawOverImage } from "../src/render/svg.ts";
import { type Entity, tripletOf } from "../src/scene_graph.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { checkpointChoices, fileChoices } from "./_cli/choices.ts";
import { BACKEND_FLAG, PRECISION_FLAG } from "./_cli/compute_flags.ts";
import { FOREIGN_FLAGS } from "./_cli/foreign_flags.ts";
import { readPredictInput } from "./_cli/predict_input.ts";
import { runTask } from "./_cli/run.ts";

/** Kinds of image that browsers and drawing programs know, by the end of the name. */
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  svg: "image/svg+xml",
};

const file = { type: "string", path: "path" } as const;

await runTask({
  name: "predict",
  summary: `Predict the scene graph of an image from the boxes of a detector.

The input is JSON: imageWidth, imageHeight, boxes [[x1, y1, x2, y2], ...] in pixels, and
either entityLabels with entityScores or entityLogits [N, C]; relationLogits [N, N, P] if
there are any. Labels that context changed are printed first, then relations, best first;
with --json the graph, and the detector's labels as "detected".`,
  positionals: {
    input: { path: "path", help: "JSON file, or - for stdin" },
  },
  flags: {
    checkpoint: {
      default: "gpi_linguistic_pretrained",
      path: "path or name",
      help: "Name in checkpoints/, path or URL",
    },
    k: { default: 20, help: "Number of relations to print, best first" },
    context: {
      default: true,
      help:
        "--no-context leaves the network out: the graph of the detector and the label predictor alone",
    },
    ...FOREIGN_FLAGS,
    backend: BACKEND_FLAG,
    precision: PRECISION_FLAG,
    svg: {
      ...file,
      help: "Draw boxes and relations over the image into this file",
    },
    image: { ...file, help: "Image to draw under the graph of --svg" },
    graphSvg: { ...file, help: "Draw the graph alone into this file" },
    dot: { ...file, help: "Write the graph for Graphviz into this file" },
    jsonLd: { ...file, help: "Write the graph as JSON-LD into this file" },
  },
  choices: () =>
    Promise.all([
      fileChoices("predict", "examples", /^boxes.*\.json$/),
      checkpointChoices("predict <input> --checkpoint"),
    ]),
  examples: [
    "predict examples/boxes.json",
    "predict examples/boxes.json --no-context",
    "predict boxes.json --svg graph.svg --image photo.jpg --k 10",
    "predict - --checkpoint gpi_linguistic_best --json < boxes.json",
  ],
}, async (options) => {
  const { k, context, backend, precision, json, quiet } = options;
  const { svg, image, graphSvg, dot, jsonLd, strict, cutBoxes } = options;
  const input = await readPredictInput(options.input);
  const imageHref = image === undefined ? undefined : await dataUrl(image);
  const checkpoint = isAddress(options.checkpoint)
    ? options.checkpoint
    : await findCheckpoint(options.checkpoint);
  using predictor = await SceneGraphPredictor.load(checkpoint, { backend, precision });
  if (!quiet && !json) console.error(`Backend: ${predictor.backend.description}`);
  const rules = { strict, cutBoxes };
  const graph = await predictor.predict(input, { k, context, ...rules });
  const { entities: detected } = await predictor.predict(input, {
    k: 0,
    context: false,
    ...rules,
  });
  if (graph.mended && !quiet && !json) {
    console.error(`warning: ${mendedText(graph.mended)}`);
  }
  const topK = k;
  const outputs: [path: string | undefined, text: () => string][] = [
    [svg, () => drawOverImage(graph, { topK, imageHref })],
    [graphSvg, () => drawGraph(graph, { topK })],
    [dot, () => toDot(graph)],
    [jsonLd, () => toJsonLd(graph)],
  ];
  for (const [path, text] of outputs) {
    if (path !== undefined) await writeFileAtomically(path, text());
  }
  if (json) {
    const labels = detected.map(({ label, labelIndex, score }) => {
      return { label, labelIndex, score };
    });
    return console.log(JSON.stringify({ ...graph, detected: labels }));
  }
  for (const [i, entity] of graph.entities.entries()) {
    if (entity.labelIndex === detected[i].labelIndex) continue;
    console.log(`${i} ${labelled(entity)} (detector: ${labelled(detected[i])})`);
  }
  for (const relation of graph.relations) {
    const { subject, predicate, object } = tripletOf(graph, relation);
    const ends = `${relation.subject} -> ${relation.object}`;
    console.log(
      `${relation.score.toFixed(3)}  ${subject} ${predicate} ${object}  (${ends})`,
    );
  }
  if (graph.relations.length === 0) console.log("No relation");
});

function labelled({ label, score }: Entity): string {
  return `${label} ${score.toFixed(2)}`;
}

async function dataUrl(path: string): Promise<string> {
  const end = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const type = IMAGE_TYPES[end];
  if (type === undefined) {
    throw new RangeError(
      `Cannot draw over "${path}": its name must end with one of ${
        Object.keys(IMAGE_TYPES).join(", ")
      }`,
    );
  }
  return `data:${type};base64,${(await readFile(path)).toBase64()}`;
}
