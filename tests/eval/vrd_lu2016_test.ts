/**
 * Predicate detection on VRD with the confidences of Lu et al. (ECCV 2016), recomputed
 * from their released weights: the numbers that their own MATLAB evaluation prints.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import type { PairPrediction } from "../../src/eval/prediction.ts";
import { parseProtocol } from "../../src/eval/protocol.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { TrainingTriplets } from "../../src/eval/zero_shot.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { type MatArray, readMat5, rowOf as row } from "../../src/io/mat5.ts";

const folder = `${DATA}/vrd`;
const ignore = isMissing(`${folder}/lu2016/Wb.mat`);

/** The 100 x 300 word vectors: the last 240,000 bytes before `tb.` of the pickle. */
function wordVectors(): Float64Array {
  const bytes = Deno.readFileSync(`${folder}/dsr/params_emb.pkl`);
  assertEquals(bytes[127], "T".charCodeAt(0)); // BINSTRING, its length, its bytes
  return new Float64Array(bytes.slice(132, 132 + 100 * 300 * 8).buffer);
}

interface Scored {
  truth: AnnotatedImage;
  prediction: PairPrediction;
  /** For each row 1 if it is zero-shot by Lu et al.'s list. */
  unseen: number[];
}

/** The variables of a file by name. */
async function variables(path: string): Promise<Record<string, MatArray>> {
  return Object.fromEntries(await readMat5(await Deno.readFile(path), path));
}

/** The test images with the score of every predicate for every annotated row. */
async function scoredImages(): Promise<Scored[]> {
  const { gt_tuple_label, gt_sub_bboxes, gt_obj_bboxes } = await variables(
    `${folder}/lu2016/gt.mat`,
  );
  const { zeroShot } = await variables(`${folder}/lu2016/zeroShot.mat`);
  const { UnionCNNfeaPredicate } = await variables(
    `${folder}/lu2016/UnionCNNfeaPredicate.mat`,
  );
  const { W, B } = await variables(`${folder}/lu2016/Wb.mat`);
  const vectors = wordVectors();
  const weights = Array.from({ length: 70 }, (_, p) => row(W, p));
  return gt_tuple_label.cells.map((labels, image) => {
    const entities = new Map<string, number>();
    const indexOf = (label: number, box: number[], copy?: string) => {
      const key = [label, ...box, ...copy ? [copy] : []].join();
      if (!entities.has(key)) entities.set(key, entities.size);
      return entities.get(key)!;
    };
    const relations: number[] = [], pairs: number[] = [], scores: number[] = [];
    for (let r = 0; r < labels.shape[0]; r++) {
      const [s, p, o] = row(labels, r).map((label) => label - 1);
      const subject = indexOf(s, row(gt_sub_bboxes.cells[image], r));
      const box = row(gt_obj_bboxes.cells[image], r);
      // In 26 rows that join an entity with itself, the second mention is another entity.
      const object = indexOf(o, box) === subject
        ? indexOf(o, box, "again")
        : indexOf(o, box);
      relations.push(subject, object, p);
      pairs.push(subject, object);
      const vision = row(UnionCNNfeaPredicate.cells[image], r);
      for (let q = 0; q < 70; q++) {
        let language = B.values[q];
        for (let d = 0; d < 300; d++) {
          language += weights[q][d] * vectors[300 * s + d] +
            weights[q][300 + d] * vectors[300 * o + d];
        }
        scores.push(language * Math.max(vision[q], 1));
      }
    }
    const all = [...entities.keys()].map((key) => key.split(",").map(Number));
    return {
      truth: {
        id: `${image}`,
        width: 1e4,
        height: 1e4,
        boxes: Float32Array.from(all.flatMap(([, ...box]) => box.slice(0, 4))),
        entityLabels: Int32Array.from(all, ([label]) => label),
        relations: Int32Array.from(relations),
      },
      prediction: { pairs, predicateScores: scores },
      unseen: [...zeroShot.cells[image].values],
    };
  });
}

interface Mention {
  category: number;
}

/** The triplets of the 4,000 training images. */
function trainingTriplets(): TrainingTriplets {
  const triplets = new TrainingTriplets();
  const text = Deno.readTextFileSync(`${folder}/annotations_train.json`);
  const images: Record<
    string,
    { subject: Mention; predicate: number; object: Mention }[]
  > = JSON.parse(text);
  for (const { subject, predicate, object } of Object.values(images).flat()) {
    triplets.add({
      entityLabels: Int32Array.of(subject.category, object.category),
      relations: Int32Array.of(0, 1, predicate),
    });
  }
  return triplets;
}

const scored = ignore ? [] : await scoredImages();
const zeroShot = ignore ? undefined : trainingTriplets();

function percents(protocol: string, metrics: string): Record<string, number> {
  const evaluator = new RecallEvaluator(parseProtocol(protocol), {
    task: "preddet",
    metrics,
    ks: [50, 100],
    zeroShot,
  });
  for (const { truth, prediction } of scored) evaluator.add(truth, prediction);
  return Object.fromEntries(
    evaluator.result().values.map((
      { metric, k, value },
    ) => [`${metric}@${k}`, 100 * value]),
  );
}

Deno.test({ name: "Lu et al.: the confidences equal the published ones", ignore }, () => {
  const { truth, prediction } = scored[0];
  const best = Array.from({ length: truth.relations.length / 3 }, (_, r) => {
    return Math.max(...Array.from(prediction.predicateScores).slice(70 * r, 70 * r + 70));
  }).sort((a, b) => b - a);
  for (const [i, value] of [17.5363636, 17.2342242, 15.7864799].entries()) {
    assertAlmostEquals(best[i], value, 2e-6);
  }
});

Deno.test(
  { name: "Lu et al.: zero-shot rows follow from the training images", ignore },
  () => {
    let count = 0;
    for (const { truth, unseen } of scored) {
      for (const [r, flag] of unseen.entries()) {
        const [subject, object, predicate] = truth.relations.subarray(3 * r, 3 * r + 3);
        const { entityLabels } = truth;
        const isUnseen = zeroShot!
          .isUnseen(entityLabels[subject], predicate, entityLabels[object]);
        assertEquals(isUnseen, flag === 1);
        count += flag;
      }
    }
    assertEquals(count, 1169);
  },
);

Deno.test({ name: "Lu et al.: 48.73 and 12.92 at k = 1 by rows", ignore }, () => {
  const values = percents("vrd", "R,zR");
  assertEquals(values["R@50"].toFixed(2), "48.73");
  assertEquals(values["R@100"].toFixed(2), "48.73");
  assertEquals(values["zR@100"].toFixed(2), "12.92");
});

Deno.test({ name: "Lu et al.: 47.25 at k = 1 by pairs", ignore }, () => {
  assertAlmostEquals(percents("vrd+annotatedPairs=pairs", "R")["R@100"], 47.25, 0.005);
});

Deno.test({ name: "Lu et al.: 72.5, 85.0 and 54.8 at k = 70 by pairs", ignore }, () => {
  const values = percents("vrd+annotatedPairs=pairs", "R/70,zR/70,ngR");
  assertAlmostEquals(values["R/70@50"], 72.48, 0.2);
  assertAlmostEquals(values["R/70@100"], 85.04, 0.2);
  assertAlmostEquals(values["zR/70@100"], 54.83, 0.2);
  // Allowing all 70 predicates per pair equals no graph constraint.
  assertEquals(values["ngR@50"], values["R/70@50"]);
});

Deno.test({ name: "Lu et al.: 71.0, 84.4 and 50.0 at k = 70 by rows", ignore }, () => {
  const values = percents("vrd", "R/70,zR/70");
  assertAlmostEquals(values["R/70@50"], 71.0, 0.2);
  assertAlmostEquals(values["R/70@100"], 84.4, 0.2);
  assertAlmostEquals(values["zR/70@100"], 50.0, 0.2);
});

Deno.test(
  { name: "Lu et al.: phrase detection is 48.769 for the same list", ignore },
  () => {
    const evaluator = new RecallEvaluator("vrd", { task: "phrdet", ks: [50, 100] });
    for (const { truth, prediction } of scored) {
      const boxes: number[] = [], entityLabels: number[] = [];
      const triplets: number[] = [], scores: number[] = [];
      for (let r = 0; r < prediction.pairs.length / 2; r++) {
        const all = Array.from(prediction.predicateScores).slice(70 * r, 70 * r + 70);
        const best = Math.max(...all);
        // As in their file, each row has its own two boxes.
        for (const entity of [prediction.pairs[2 * r], prediction.pairs[2 * r + 1]]) {
          boxes.push(...truth.boxes.slice(4 * entity, 4 * entity + 4));
          entityLabels.push(truth.entityLabels[entity]);
        }
        triplets.push(2 * r, 2 * r + 1, all.indexOf(best));
        scores.push(best);
      }
      evaluator.add(truth, { boxes, entityLabels, triplets, scores });
    }
    const found = evaluator.result().values.map(({ value }) => (100 * value).toFixed(3));
    assertEquals(found, ["48.769", "48.769"]);
  },
);
