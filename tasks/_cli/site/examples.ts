/**
 * The drawings that the page offers.
 *
 * @module
 */

import type { PredictInput } from "../../../src/predict/predictor.ts";
import { drawScene } from "../../../src/world/drawing/scene_svg.ts";
import { generateImage } from "../../../src/world/world.ts";

/**
 * Seed of the world and indices of its images in the split `site`: of different situations,
 * 8 to 12 things, and chosen since the network mends every label in them.
 */
const SEED = 1;
const INDICES = [164, 190, 76, 93, 183, 47];

/** An example with the names of its files. */
interface Example {
  title: string;
  picture: string;
  input: string;
}

/** Draws the examples. The same sources give the same bytes. */
export function siteExamples(): {
  examples: Example[];
  files: Record<string, Uint8Array>;
} {
  const files: Record<string, Uint8Array> = {};
  const examples = INDICES.map((index): Example => {
    const { scene, example } = generateImage(SEED, "site", index);
    const { width, height, boxes, entityLogits, relationLogits } = example;
    const input: PredictInput = {
      ...{ imageWidth: width, imageHeight: height, boxes: [...boxes] },
      ...{ entityLogits: [...entityLogits], relationLogits: [...relationLogits] },
    };
    const { situation, mood } = scene;
    const stem = situation.replaceAll(" ", "_");
    const picture = `${stem}.svg`, data = `${stem}.json`;
    files[picture] = new TextEncoder().encode(drawScene(scene));
    files[data] = new TextEncoder().encode(JSON.stringify(input));
    const title = `${situation[0].toUpperCase()}${situation.slice(1)}: ${mood}`;
    return { title, picture, input: data };
  });
  return { examples, files };
}
