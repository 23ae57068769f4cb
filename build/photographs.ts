/**
 * Scores labels on photographs, from pixels: the detector alone, the control and the model.
 *
 * @module
 */

import { decodeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { CenterNet } from "../src/detect/centernet.ts";
import { differenceOf, interval, resample } from "../src/eval/comparison/bootstrap.ts";
import { alignColumns, percent } from "../src/eval/comparison/table.ts";
import { readFile } from "../src/files.ts";
import { loadBackend, runOn } from "../src/kernels/backend.ts";
import { labelPredictorFrom } from "../src/label_predictor/load.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { networkOf } from "../src/pipeline/systems/systems.ts";
import type { ClassShares } from "../src/predict/classes/class_beliefs.ts";
import { classMap } from "../src/predict/classes/class_map.ts";
import { inputOf } from "../src/predict/detections.ts";
import type { DoubtSamples } from "../src/preprocess/sampled_doubt.ts";
import doubtSamples from "../src/preprocess/centernet_doubt.json" with { type: "json" };
import { softmaxRows } from "../src/softmax.ts";
import { builtInWords } from "../src/words/word_vectors.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { type SeenPhotograph, seenPhotographs } from "./coco_photographs.ts";

const POWERS = (doubtSamples as unknown as DoubtSamples).powers;

/** Labels of one photograph's matched entities: the truth, and what each system says. */
interface Labels {
  truth: number[];
  detector: number[];
  control: number[];
  model: number[];
}

await runTask({
  name: "build:photographs",
  summary: `Score labels on photographs with COCO's boxes, from pixels.

Entities are the detections that are of an annotated box (IoU of 0.5 or more). Each half of
the photographs is scored by checkpoints whose doubt was measured on the other half: give
two names, of half 0 and of half 1. A label is right if it may be COCO's class. Where the
network leaves the class as it was given, the label is the detector's own.`,
  positionals: {
    folder: { path: "path", help: "Folder of photographs with COCO's boxes" },
    model: {
      help: "Two checkpoints, with a comma: trained with half 0, and with half 1",
    },
    control: { help: "Two checkpoints of the control" },
  },
}, async ({ folder, model, control, json }) => {
  const photographs: SeenPhotograph[] = [];
  using detector = await CenterNet.load({ backend: "wasm" });
  for await (const seen of seenPhotographs(folder, detector)) photographs.push(seen);
  const models = model.split(","), controls = control.split(",");
  const labels: Labels[] = [];
  for (const half of [0, 1]) {
    const tested = photographs.filter(({ id }) => id % 2 !== half);
    const ofModel = await labelsBy(models[half], tested, POWERS[half]);
    const ofControl = await labelsBy(controls[half], tested, POWERS[half]);
    tested.forEach(({ truths, detections }, i) => {
      const matched = [...truths.keys()].filter((d) => truths[d] >= 0);
      const k = detections.classes.length;
      labels.push({
        truth: matched.map((d) => truths[d]),
        detector: matched.map((d) =>
          best(detections.beliefs.subarray(d * k, (d + 1) * k))
        ),
        model: matched.map((d) => ofModel[i][d]),
        control: matched.map((d) => ofControl[i][d]),
      });
    });
  }
  const results = compare(labels);
  if (json) return console.log(JSON.stringify(results));
  console.log(results.table);
  console.log(
    `${results.entities} entities in ${labels.length} photographs; of the detector's wrong labels the model mends ${results.mended}, of its right ones it spoils ${results.spoiled}`,
  );
});

/** Share of right labels of each system, and differences with intervals over photographs. */
function compare(labels: readonly Labels[]) {
  const right = (system: keyof Labels) =>
    labels.map((image) =>
      image[system].filter((label, i) => label === image.truth[i]).length
    );
  const total = labels.map(({ truth }) => truth.length);
  const shareOf = (system: keyof Labels) => {
    const rights = right(system);
    return (weights: ArrayLike<number>) => {
      let sum = 0, all = 0;
      for (let i = 0; i < weights.length; i++) {
        sum += weights[i] * rights[i];
        all += weights[i] * total[i];
      }
      return sum / all;
    };
  };
  const systems = ["detector", "control", "model"] as const;
  const [detector, control, model] = resample(systems.map(shareOf), labels.length);
  const changed = (wasRight: boolean) =>
    labels.reduce(
      (sum, image) =>
        sum + image.truth.filter((truth, i) =>
          (image.detector[i] === truth) === wasRight &&
          (image.model[i] === truth) !== wasRight
        ).length,
      0,
    );
  const rows = [
    ["system", "label accuracy", "95 % interval"],
    ...systems.map((name, s) => {
      const found = [detector, control, model][s];
      const { low, high } = interval(found.draws);
      return [name, percent(found.value), `[${percent(low)}, ${percent(high)}]`];
    }),
    ...([["model - detector", detector], ["model - control", control]] as const).map(
      ([name, baseline]) => {
        const { value, low, high } = differenceOf(model, baseline);
        return [
          name,
          percent(value, true),
          `[${percent(low, true)}, ${percent(high, true)}]`,
        ];
      },
    ),
  ];
  return {
    entities: total.reduce((sum, count) => sum + count, 0),
    accuracy: {
      detector: detector.value,
      control: control.value,
      model: model.value,
    },
    overDetector: differenceOf(model, detector),
    overControl: differenceOf(model, control),
    mended: changed(false),
    spoiled: changed(true),
    table: alignColumns(rows),
  };
}

/**
 * The class that a checkpoint gives each detection: the detector's own where the checkpoint
 * knows none, or where the network leaves the class as it was. What the network was given and
 * what it returns are read in the same way, as classes of the detector: a belief shared out
 * over several classes, or joined with that of a second box, may already name another class.
 */
async function labelsBy(
  name: string,
  photographs: readonly SeenPhotograph[],
  power: number,
): Promise<Int32Array[]> {
  const path = await findCheckpoint(name);
  const checkpoint = decodeCheckpoint(await readFile(path), path);
  const { vocabulary, labelPredictor } = checkpoint;
  const backend = await loadBackend("wasm");
  const network = runOn(backend, () => networkOf(checkpoint));
  const predictor = labelPredictorFrom(labelPredictor!.name, labelPredictor!.arrays);
  const { classes } = photographs[0].detections;
  const map = classMap(classes, vocabulary.entities, {
    weights: labelPredictor!.classCounts,
    words: await builtInWords(),
  });
  const c = vocabulary.numEntityClasses;
  const results: Int32Array[] = [];
  for (const { detections } of photographs) {
    const n = detections.boxes.length / 4, k = classes.length;
    const labels = Int32Array.from(
      { length: n },
      (_, d) => best(detections.beliefs.subarray(d * k, (d + 1) * k)),
    );
    results.push(labels);
    const read = inputOf(detections, vocabulary, {
      map,
      power,
      profiles: labelPredictor!.entityProfiles,
    });
    const { boxes, imageWidth: width, imageHeight: height, entityLogits } = read.input;
    if (boxes.length === 0) continue;
    const entityProbabilities = Float32Array.from(softmaxRows(entityLogits, c));
    const [output] = await runOn(backend, async () => {
      const image = { boxes, width, height, entityProbabilities };
      const relationLogits = await predictor.predictRelations(image);
      return await network.predict([
        { boxes, width, height, entityLogits, relationLogits },
      ]);
    });
    const revised = softmaxRows(output.entityLogits, c);
    for (const { known, members } of read.entities) {
      if (known < 0) continue;
      const [given, label] = [entityProbabilities, revised].map((p) =>
        best(classShares(p.subarray(known * c, (known + 1) * c), map.shares))
      );
      if (label !== given) { for (const d of members) labels[d] = label; }
    }
  }
  runOn(backend, () => network.dispose());
  return results;
}

/** The probability of each of the detector's classes: that of all classes that it may be. */
function classShares(p: ArrayLike<number>, shares: ClassShares): Float64Array {
  return Float64Array.from(
    shares,
    (share) => share.reduce((sum, { label }) => sum + p[label], 0),
  );
}

function best(values: ArrayLike<number>): number {
  let index = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[index]) index = i;
  return index;
}
