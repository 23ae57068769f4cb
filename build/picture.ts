/**
 * Draws the README's first picture: boxes and beliefs before and after context, and
 * relations, predicted from a file of `examples/`.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { SceneGraphPredictor } from "../src/predict/predictor.ts";
import { drawBeforeAfter } from "../src/render/before_after.ts";
import { readFile } from "../src/files.ts";
import { SourceReader } from "../tasks/_cli/predict/sources.ts";
import { runTask } from "../tasks/_cli/run.ts";

/** What is drawn, unless the command line says otherwise. */
export const PICTURE = {
  input: "examples/beach.json",
  checkpoint: "gpi_linguistic_vg_pretrained",
  out: "docs/predicted_graph.svg",
  k: 4,
} as const;

/** What is drawn. */
export interface PictureOptions {
  /** Path of the input of `predict`. */
  input: string;
  /** Name in `checkpoints/`, or path. */
  checkpoint: string;
  /** Greatest number of relations. */
  k: number;
  /** Relations with a lower score are not drawn; default: those that are too weak. */
  minScore?: number;
}

/** Predicts on the CPU, as everybody can, and draws. */
export async function drawPicture(
  { input, checkpoint, k, minScore }: PictureOptions,
): Promise<string> {
  await using reader = new SourceReader("centernet", { detector: {}, hints: {} });
  const { input: image } = await reader.readBytes(await readFile(input), input);
  const path = await findCheckpoint(checkpoint);
  using predictor = await SceneGraphPredictor.load(path, { backend: "wasm" });
  const graph = await predictor.predict(image, { k });
  const before = await predictor.predict(image, { k, context: false });
  return `${drawBeforeAfter(graph, { before, topK: k, minScore })}\n`;
}

if (import.meta.main) {
  await runTask({
    name: "build:picture",
    summary:
      "Draw boxes and beliefs before and after context, and relations: the README's picture.",
    flags: {
      input: { default: PICTURE.input, path: "path", help: "Input of predict" },
      checkpoint: {
        default: PICTURE.checkpoint,
        path: "path or name",
        help: "Name in checkpoints/, or path",
      },
      out: { default: PICTURE.out, path: "path", help: "File of the picture" },
      k: { default: PICTURE.k, help: "Greatest number of relations" },
      minScore: {
        type: "number",
        max: 1,
        unset: "0.05, or a fifth of the best",
        help: "Leave out relations with a lower score",
      },
    },
  }, async (options) => {
    await writeFileAtomically(options.out, await drawPicture(options));
    console.log(options.out);
  });
}
