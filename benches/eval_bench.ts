/**
 * Scores as many generated images as Visual Genome's test set has with every metric, and some
 * of them again with the plain formulation of R and ngR: one object for each candidate, all
 * candidates sorted and matched one by one. Fails if the two disagree.
 *
 *     deno run benches/eval_bench.ts [--images 26446]
 *
 * Prints one JSON object: the time and the images per second of both on one core, and the
 * growth of the process while images were scored.
 *
 * @module
 */

import type { AnnotatedImage } from "../src/example.ts";
import type { DensePrediction } from "../src/eval/prediction.ts";
import { RecallEvaluator } from "../src/eval/evaluator.ts";
import { Random } from "../src/random.ts";

const NUM_ENTITIES = 12, NUM_CLASSES = 150, NUM_PREDICATES = 50, NUM_ROWS = 6;
const METRICS = "R,ngR,mR,ngmR,zR,ngzR,sR,A,F1,ngF1,pR,accuracy";
const KS = [20, 50, 100];

/** Makes an annotated image. */
function image(random: Random, i: number): AnnotatedImage {
  const boxes = new Float32Array(4 * NUM_ENTITIES);
  for (let e = 0; e < NUM_ENTITIES; e++) {
    const x = random.below(400), y = random.below(300);
    boxes.set([x, y, x + 20 + random.below(380), y + 20 + random.below(280)], 4 * e);
  }
  const relations = new Int32Array(3 * NUM_ROWS);
  for (let r = 0; r < relations.length; r += 3) {
    const subject = random.below(NUM_ENTITIES);
    const object = (subject + 1 + random.below(NUM_ENTITIES - 1)) % NUM_ENTITIES;
    relations.set([subject, object, random.below(NUM_PREDICATES)], r);
  }
  const entityLabels = Int32Array.from(boxes.subarray(0, NUM_ENTITIES), () => {
    return random.below(NUM_CLASSES);
  });
  return { id: `${i}`, width: 800, height: 600, boxes, entityLabels, relations };
}

function probabilities(random: Random, rows: number, width: number): Float64Array {
  const values = new Float64Array(rows * width);
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let i = start; i < start + width; i++) {
      sum += values[i] = Math.exp(2 * random.normal());
    }
    for (let i = start; i < start + width; i++) values[i] /= sum;
  }
  return values;
}

function prediction(random: Random): DensePrediction {
  return {
    entityProbabilities: probabilities(random, NUM_ENTITIES, NUM_CLASSES),
    relationProbabilities: probabilities(random, NUM_ENTITIES ** 2, NUM_PREDICATES + 1),
  };
}

/** R and ngR of one image, in the plain formulation of the original programs. */
function plain(truth: AnnotatedImage, { relationProbabilities: all }: DensePrediction) {
  const n = NUM_ENTITIES, P = NUM_PREDICATES + 1;
  const candidates = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      for (let p = 0; p < NUM_PREDICATES; p++) {
        candidates.push({ i, j, p, score: all[(i * n + j) * P + p] });
      }
    }
  }
  candidates.sort((a, b) => b.score - a.score);
  const seen = new Set<string>();
  const constrained = candidates.filter(({ i, j }) => {
    const isNew = !seen.has(`${i} ${j}`);
    seen.add(`${i} ${j}`);
    return isNew;
  });
  const box = (i: number) => truth.boxes.subarray(4 * i, 4 * i + 4);
  const rows = Array.from(
    { length: NUM_ROWS },
    (_, r) => truth.relations.slice(3 * r, 3 * r + 3),
  );
  return [constrained, candidates].map((list) =>
    KS.map((k) =>
      rows.filter(([s, o, p]) =>
        list.slice(0, k).some((c) =>
          c.p === p && truth.entityLabels[c.i] === truth.entityLabels[s] &&
          truth.entityLabels[c.j] === truth.entityLabels[o] &&
          overlap(box(c.i), box(s)) >= 0.5 && overlap(box(c.j), box(o)) >= 0.5
        )
      ).length / NUM_ROWS
    )
  );
}

function overlap(a: Float32Array, b: Float32Array): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
  const area = ([x1, y1, x2, y2]: Float32Array) => (x2 - x1 + 1) * (y2 - y1 + 1);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (area(a) + area(b) - both);
}

const flag = Deno.args.indexOf("--images");
const numImages = flag >= 0 ? Number(Deno.args[flag + 1]) : 26_446;
const random = new Random(1, "eval bench");
// Images share predictions of a small pool, as drawing them takes time.
const pool = Array.from({ length: 64 }, () => prediction(random));
const truths = Array.from({ length: 512 }, (_, i) => image(random, i));
const zeroShot = { isUnseen: (s: number, p: number, o: number) => (s + p + o) % 7 === 0 };

/** Scores the first images and returns the evaluator with the seconds that it took. */
function score(count: number, metrics: string): [RecallEvaluator, number] {
  const evaluator = new RecallEvaluator("sgg-benchmark", {
    task: "predcls",
    metrics,
    ks: KS,
    zeroShot,
  });
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    evaluator.add(truths[i % truths.length], pool[i % pool.length]);
  }
  evaluator.result();
  return [evaluator, (performance.now() - start) / 1000];
}

const memoryBefore = Deno.memoryUsage().rss;
const [evaluator, seconds] = score(numImages, METRICS);
const memoryAfter = Deno.memoryUsage().rss;

const numPlain = Math.min(numImages, 500);
const start = performance.now();
const recalls = Array.from(
  { length: numPlain },
  (_, i) => plain(truths[i % truths.length], pool[i % pool.length]).flat(),
);
const plainSeconds = (performance.now() - start) / 1000;
const ours = score(numPlain, "R,ngR")[0].result().values;
for (const [i, { metric, k, value }] of ours.entries()) {
  const theirs = recalls.reduce((sum, recall) => sum + recall[i], 0) / numPlain;
  if (Math.abs(value - theirs) > 1e-12) {
    throw new Error(
      `Cannot time the evaluator as ${metric}@${k} must be ${theirs}: found ${value}`,
    );
  }
}

console.log(JSON.stringify({
  images: numImages,
  metrics: METRICS,
  ks: KS,
  numbers: evaluator.result().values.length,
  seconds: Number(seconds.toFixed(2)),
  imagesPerSecond: Math.round(numImages / seconds),
  plainImagesPerSecond: Math.round(numPlain / plainSeconds),
  timesFaster: Number((numImages / seconds / (numPlain / plainSeconds)).toFixed(1)),
  memoryGrowthMiB: Number(((memoryAfter - memoryBefore) / 2 ** 20).toFixed(1)),
}));
