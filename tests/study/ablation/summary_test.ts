/** Lines, tables and curves of results that are made by hand. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { RecallEvaluator } from "../../../src/eval/evaluator.ts";
import type { SystemEvaluation } from "../../../src/eval/evaluate.ts";
import { TrainingTriplets } from "../../../src/eval/zero_shot.ts";
import { ABLATION_DATA } from "../../../src/study/ablation/ablation_data.ts";
import type { Arm } from "../../../src/study/ablation/arms.ts";
import { stepsChart } from "../../../src/study/ablation/chart.ts";
import { ABLATION_METRICS } from "../../../src/study/ablation/scored_run.ts";
import type { AblationResult } from "../../../src/study/ablation/run_study.ts";
import { ablationLines, transferLines } from "../../../src/study/ablation/summary.ts";
import { ablationTable } from "../../../src/study/ablation/table.ts";
import { imageOf, twoPredicates } from "../../eval/_toy.ts";

/** One training image with the relation of all test images. */
const training = new TrainingTriplets();
training.add(imageOf([0, 1], [[0, 1, 1]]));

/** A run on images of one relation each; `hits` tells where its predicate comes first. */
function runOf(...hits: boolean[]): SystemEvaluation {
  const evaluator = new RecallEvaluator("motifs", {
    ...{ task: "predcls", ks: [1], metrics: ABLATION_METRICS, numPredicates: 2 },
    training,
  });
  for (const [i, isHit] of hits.entries()) {
    const image = imageOf([0, 1], [[0, 1, 1]], { id: String(i) });
    evaluator.add(image, twoPredicates([[0, 1]], [isHit ? [0.1, 0.9] : [0.9, 0.1]]));
  }
  return { system: "", task: "predcls", protocol: evaluator.protocol, evaluator };
}

const control: Arm = { variant: "gpi_no_context", steps: 1, features: "default" };
const model: Arm = { ...control, variant: "gpi_linguistic" };

/** Right answers on two images, in runs of two seeds. */
function resultOf(
  name: string,
  [ofControl, ofBest, ofLast]: readonly (readonly boolean[])[],
): AblationResult {
  const runs = (hits: readonly boolean[]) => hits.map((isHit) => runOf(isHit, isHit));
  return {
    data: { ...ABLATION_DATA[0], name, task: "predcls", k: 1 },
    seeds: [0, 1],
    arms: [
      { arm: "label_predictor", runs: [runOf(true, true)] },
      { arm: control, epoch: "best", runs: runs(ofControl) },
      { arm: control, epoch: "last", runs: runs(ofControl) },
      { arm: model, epoch: "best", runs: runs(ofBest) },
      { arm: model, epoch: "last", runs: runs(ofLast) },
    ],
  };
}

const [no, yes] = [false, true];
const RESULTS = [
  // Recall 1/2, 1 and 0: the last epoch is worse than the best one and the control.
  resultOf("a", [[yes, no], [yes, yes], [no, no]]),
  resultOf("b", [[no, no], [yes, no], [yes, no]]),
];

Deno.test("ablationLines() compares every network with its control, and last with best", () => {
  const lines = ablationLines(RESULTS, { resamples: 20 });
  const main = lines.filter((line) => line.dataset === "a" && line.isMain);
  const show = main.map((line) => [
    ...[line.network, line.epoch, line.against, line.seeds],
    ...[line.value, line.difference, line.low, line.high],
  ]);
  assertEquals(show, [
    ["label_predictor", null, null, 1, 1, null, 1, 1],
    ["gpi_no_context", "best", null, 2, 0.5, null, 0.5, 0.5],
    ["gpi_no_context", "last", "best epoch", 2, 0.5, 0, 0, 0],
    ["gpi_linguistic", "best", "control", 2, 1, 0.5, 0.5, 0.5],
    ["gpi_linguistic", "last", "control", 2, 0, -0.5, -0.5, -0.5],
    ["gpi_linguistic", "last", "best epoch", 2, 0, -1, -1, -1],
  ]);
  // Seeds 1 and 0 of the control: the deviation of 1 and 0 is the root of a half.
  assertEquals(main[1].deviation, Math.SQRT1_2);
  assertEquals([main[3].steps, main[3].features, main[0].steps], [1, "default", null]);
  const metricsOf = (epoch: string) =>
    new Set(lines.filter((line) => line.epoch === epoch).map(({ metric }) => metric));
  assertEquals(metricsOf("best").size, 13);
  assertEquals(metricsOf("last"), new Set(["R"]));
});

Deno.test("transferLines() correlates the rankings of networks on two datasets", () => {
  const lines = transferLines(ablationLines(RESULTS, { resamples: 10 }));
  // By best epoch the network is above its control on both; by the last one only on b.
  assertEquals(
    lines.map(({ datasets, epoch, networks, correlation }) => [
      ...[datasets.join(), epoch, networks, correlation],
    ]),
    [["a,b", "best", 2, 1], ["a,b", "last", 2, -1]],
  );
});

Deno.test("ablationTable() has a row for each network", () => {
  const lines = ablationLines(RESULTS, { resamples: 10 });
  const table = ablationTable(lines, transferLines(lines));
  assertStringIncludes(table, "built-in world: predcls, 2 images, 2 seeds, in percent");
  const rows = table.split("\n").filter((row) => row.startsWith("gpi_linguistic"))
    .map((row) => row.split(/\s{2,}/).slice(0, 5));
  assertEquals(rows, [
    ["gpi_linguistic", "1", "default", "100.00", "100.00"],
    ["gpi_linguistic", "1", "default", "100.00", "50.00"],
  ]);
  assertStringIncludes(table, "+50.00 [+50.00, +50.00]");
  assertStringIncludes(table, "-100.00 [-100.00, -100.00]");
  assertStringIncludes(table, "a, b      last          2        -1.00");
});

Deno.test("stepsChart() has the gain of each dataset by number of steps", () => {
  const { rows } = stepsChart(ablationLines(RESULTS, { resamples: 10 }));
  const found = rows.map(({ recall, steps, gain, low, high }) => [
    ...[recall, steps, gain, low, high],
  ]);
  assertEquals(found, [
    ...[["a, R@1", "1", 50, 50, 50], ["a, R@1", "2", null, null, null]],
    ...[["a, R@1", "3", null, null, null], ["b, R@1", "1", 50, 50, 50]],
    ...[["b, R@1", "2", null, null, null], ["b, R@1", "3", null, null, null]],
  ]);
});
