/**
 * Measures what CenterNet believes of photographs whose entities are known, and writes it
 * to `src/preprocess/centernet_doubt.json`, from which `preprocess vg5k --detections mixed`
 * draws the doubt of its training images.
 *
 * @module
 */

import { pathOf } from "../src/address.ts";
import { CenterNet } from "../src/detect/centernet.ts";
import { writeFileAtomically } from "../src/files.ts";
import { classBeliefs } from "../src/predict/classes/class_beliefs.ts";
import type { DoubtSample, DoubtSamples } from "../src/preprocess/sampled_doubt.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { seenPhotographs } from "./coco_photographs.ts";

/** Smaller beliefs are left out. */
const LEAST_BELIEF = 0.02;
/** Decimal places of a belief. */
const DIGITS = 4;
/** Powers of beliefs that are compared; 1 leaves them as they are. */
const POWERS = Array.from({ length: 71 }, (_, i) => 0.5 + i / 20);

await runTask({
  name: "build:doubt",
  summary:
    `Measure the beliefs of CenterNet and write src/preprocess/centernet_doubt.json.

The folder has photographs in photos/ and instances.json in COCO's form. Of each annotated
box that the detector finds, its class and the beliefs are kept; no photograph and no box.
Images with an even id are half 0, the others half 1.`,
  positionals: {
    folder: { path: "path", help: "Folder of photographs with COCO's boxes" },
  },
  flags: {
    source: {
      default: "120 photographs of COCO 2017 with its annotations (CC BY 4.0)",
      help: "Where the photographs come from",
    },
  },
}, async ({ folder, source }) => {
  using detector = await CenterNet.load({ backend: "wasm" });
  const samples: DoubtSample[] = [];
  let classes: readonly string[] = [], photographs = 0, annotated = 0;
  let detected = 0, right = 0;
  for await (const seen of seenPhotographs(folder, detector)) {
    const { beliefs } = seen.detections, k = seen.detections.classes.length;
    classes = seen.detections.classes;
    photographs++;
    annotated += seen.annotated;
    detected += seen.truths.length;
    seen.truths.forEach((truth, d) => {
      if (truth < 0) return;
      const row = Array.from(beliefs.subarray(d * k, (d + 1) * k));
      right += Number(row.indexOf(Math.max(...row)) === truth);
      samples.push({
        truth,
        half: seen.id % 2,
        beliefs: row.flatMap((belief, label) =>
          belief >= LEAST_BELIEF ? [[label, Number(belief.toFixed(DIGITS))] as const] : []
        ),
      });
    });
  }
  const ofHalf = (half: number) => samples.filter((sample) => sample.half === half);
  const doubt: DoubtSamples = {
    detector: detector.name,
    source,
    classes,
    power: bestPower(samples, classes.length),
    powers: [0, 1].map((half) => bestPower(ofHalf(half), classes.length)),
    samples,
  };
  const path = pathOf(new URL("../src/preprocess/centernet_doubt.json", import.meta.url));
  const lines = samples.map((sample) => `    ${JSON.stringify(sample)}`).join(",\n");
  const { samples: _, ...rest } = doubt;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  await writeFileAtomically(path, `${head},\n  "samples": [\n${lines}\n  ]\n}\n`);
  console.log(
    `${path}: ${samples.length} of ${annotated} boxes in ${photographs} photographs, ${right} with their class, among ${detected} boxes; power ${doubt.power}, of the halves ${
      doubt.powers.join(" and ")
    }`,
  );
});

/** The power with the greatest likelihood of the true classes. */
function bestPower(samples: readonly DoubtSample[], k: number): number {
  const shares = Array.from({ length: k }, (_, label) => [{ label, weight: 1 }]);
  const losses = POWERS.map((power) =>
    samples.reduce((sum, { truth, beliefs }) => {
      const row = new Float32Array(k);
      for (const [label, belief] of beliefs) row[label] = belief;
      return sum - Math.log(classBeliefs(row, shares, k, { power })[truth]);
    }, 0)
  );
  return POWERS[losses.indexOf(Math.min(...losses))];
}
