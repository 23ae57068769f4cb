/** Drawings as a browser renders them, beside pictures that were looked at and kept. */

import { assert } from "@std/assert";
import { decodePng } from "../../src/deps/images.ts";
import { browser } from "../_browser.ts";
import { testInFolder } from "../_in_folder.ts";
import { difference, drawings, KEPT, type Picture, render, rider } from "./_kept.ts";

/**
 * Greatest difference, of 255. Fonts differ between machines: the kept pictures have DejaVu
 * Sans; with Liberation Sans drawings differ by up to 1.29, charts by 0.29.
 */
const TOLERANCE = 1.4, CHART_TOLERANCE = 0.5;

testInFolder(
  "drawings look like the kept pictures, light and dark, and wrong ones do not",
  async (folder) => {
    const graph = rider();
    graph.entities[0].box = [170, 30, 250, 160]; // 20 pixels to the right
    const wrong = await drawings({ graph, recall: [30, 40, 44, 46, 47] });
    const affected = ["over_boxes", "before_after", "attention", "chart_lines"];
    const right = await drawings();
    const pictures = await render({
      ...right,
      ...Object.fromEntries(affected.map((name) => [`${name}_wrong`, wrong[name]])),
    }, folder);
    for (const scheme of ["light", "dark"]) {
      for (const name of Object.keys(right)) {
        const path = new URL(`${name}_${scheme}.png`, KEPT);
        const kept = await decodePng(await Deno.readFile(path)) as Picture;
        const most = name.startsWith("chart_") ? CHART_TOLERANCE : TOLERANCE;
        const found = difference(pictures[`${name}_${scheme}`], kept);
        assert(
          found <= most,
          `${name}, ${scheme}: differs by ${found}; if it is meant to, run deno task build:kept`,
        );
        if (!affected.includes(name)) continue;
        const ofWrong = difference(pictures[`${name}_wrong_${scheme}`], kept);
        assert(ofWrong > most, `${name}, ${scheme}: a wrong one differs by ${ofWrong}`);
      }
    }
  },
  { ignore: !browser },
);
