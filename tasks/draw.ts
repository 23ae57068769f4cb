/**
 * Draws a chosen image of a dataset: its annotation beside a prediction.
 *
 * @module
 */

import { SPLITS } from "../src/dataset/manifest.ts";
import { drawImage } from "../src/report/draw_image.ts";
import { LABEL_PREDICTOR } from "../src/pipeline/systems/systems.ts";
import { percent } from "../src/eval/comparison/table.ts";
import { keyOfRelation } from "../src/render/report_page.ts";
import { tripletOf } from "../src/scene_graph.ts";
import { checkpointChoices, datasetChoices } from "./_cli/flags/choices.ts";
import { BACKEND_FLAG } from "./_cli/flags/compute_flags.ts";
import { DATASET_HELP, PHOTOGRAPHS_FLAG } from "./_cli/flags/evaluation_flags.ts";
import { commandOf } from "./_cli/flags/help.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const DRAW = {
  name: "draw",
  summary:
    "Draw an image of a dataset: a page and two SVG files with the annotated and the predicted graph.\nPrints the predicted relations, best first; + marks those that are annotated.",
  positionals: {
    dataset: { path: "path or name", help: DATASET_HELP },
    image: { help: 'Id of the image; "deno task score --order <dataset>" lists them' },
  },
  flags: {
    checkpoint: {
      default: LABEL_PREDICTOR,
      path: "path or name",
      help: "Checkpoint (name or path) that predicts, or the logits in the dataset",
    },
    split: {
      type: "string",
      values: SPLITS,
      unset: "all",
      help: "Where to look for the image",
    },
    k: { default: 10, min: 1, help: "Number of predicted relations" },
    photographs: PHOTOGRAPHS_FLAG,
    backend: BACKEND_FLAG,
    out: { default: "reports/pictures", path: "path", help: "Folder of the files" },
  },
  choices: () =>
    Promise.all([
      datasetChoices((name) => `draw ${name} <image>`),
      checkpointChoices("draw <dataset> <image> --checkpoint"),
    ]),
  examples: [
    "draw synthetic test-000003 --checkpoint gpi_linguistic_pretrained",
    "draw vrd 3845770407_1a8cd41230_b.jpg",
  ],
} as const;

await runTask(DRAW, async (options) => {
  const command = commandOf(DRAW, options);
  const { json } = options;
  const drawn = await drawImage({ ...options, command }, listenerOf(options));
  const { id, split, predicted, annotated, files } = drawn;
  if (json) {
    console.log(JSON.stringify({ image: id, split, predicted, annotated, files }));
    return;
  }
  const known = new Set(
    annotated.relations.map((relation) => keyOfRelation(annotated, relation)),
  );
  console.log(`${id} (${split}): ${annotated.relations.length} annotated relations`);
  for (const relation of predicted.relations) {
    const { subject, predicate, object } = tripletOf(predicted, relation);
    const mark = known.has(keyOfRelation(predicted, relation)) ? "+" : " ";
    const score = percent(relation.score).padStart(6);
    console.log(`${mark} ${score} %  ${subject} ${predicate} ${object}`);
  }
  for (const path of Object.values(files)) console.log(path);
});
